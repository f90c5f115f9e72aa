// One chart: Debian's dygraphs with our rows, colours and ways to zoom. Made by charts.js, which
// keeps all of them on the same moment.

import { quantity } from './format.js';
import { placeOf } from './history.js';
import { drawBand, drawMarks, drawOutages, property } from './underlay.js';
import { setHidden } from './values.js';

/** By the start of a column's name: custom property of the colour, and the pattern of the line. */
const looks = {
  input: ['--chart-input'], output: ['--chart-output', [7, 3]], battery: ['--chart-stack', [2, 2]],
  soc: ['--chart-stack'],
};
const lookOf = (column) => looks[column.match(/^[a-z]+/)[0]];
/** As dygraphs leaves it above the highest value. */
const headroom = 1.1;
/** What is that near to the pointer can be meant, in px. */
const reach = 3;
/** Ms. */
const [tenMinutes, day] = [600_000, 86_400_000];

export class Chart {
  #graph;
  #Dygraph;
  #spec;
  #host;
  #listener;
  #cursor = document.createElement('span');
  #names = document.createElement('div');
  #rows = [];
  #step = 0;
  /** Whole: what stands at the edge between two pixels is not cleared away. */
  #fontSize = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8);

  /** `spec` is an entry of charts.js; `listener` has point(time, from, to), leave(),
      zoom(window), reset() and shown(), which returns { outages, events }. */
  constructor(Dygraph, host, spec, listener) {
    this.#Dygraph = Dygraph;
    this.#spec = spec;
    this.#host = host;
    this.#listener = listener;
    this.#cursor.className = 'cursor';
    this.#names.className = 'names';
    // The library's own search for what is near passes over rows without values.
    host.onmousemove = (event) => this.#point(event);
    host.onmouseleave = listener.leave;
  }

  draw({ rows, step }, [from, to]) {
    const places = this.#spec.columns.map(placeOf);
    const file = rows.map((row) => [row[0], ...places.map((place) => row[place])]);
    this.#rows = rows.filter(([time]) => time > from - step && time <= to);
    this.#step = step;
    const options = { dateWindow: [from, to], valueRange: this.#valueRange() };
    if (this.#graph) {
      this.#graph.updateOptions({ file, ...options });
    } else {
      const all = { ...this.#options(), ...this.#colors(), ...options };
      this.#graph = new this.#Dygraph(this.#host, file, all);
      this.#host.append(this.#cursor, this.#names);
    }
  }

  /** A moment and its row, the same in all charts; row is null: none. */
  select(row, time) {
    if (!this.#graph) return;
    const [from, to] = this.#graph.xAxisRange();
    const isSeen = row !== null && time >= from && time <= to;
    if (isSeen) this.#graph.setSelection(row);
    else this.#graph.clearSelection();
    setHidden(this.#cursor, !isSeen);
    if (!isSeen) return;
    const { y, h } = this.#graph.getArea();
    const { style } = this.#cursor;
    style.transform = `translate(${Math.round(this.#graph.toDomXCoord(time))}px, ${y}px)`;
    style.height = `${h}px`;
  }

  recolor() {
    this.#graph?.updateOptions(this.#colors());
  }

  #options() {
    const { unit, columns } = this.#spec;
    const fontSize = this.#fontSize;
    return {
      labels: ['time', ...columns], includeZero: true,
      axes: {
        x: {
          ticker: (...view) => this.#ticks(...view), axisLabelFormatter: timeLabel,
          axisLabelWidth: fontSize * 6,
        },
        y: {
          axisLabelFormatter: (value) => quantity(value, unit, value % 1 ? 1 : 0),
          axisLabelWidth: fontSize * 4, pixelsPerLabel: fontSize * 2.75,
        },
      },
      axisLabelFontSize: fontSize, rightGap: 0, legend: 'never', resizable: 'passive',
      strokeWidth: 1.75, highlightCircleSize: 4, drawGapEdgePoints: true,
      plugins: [{ activate: () => ({ layout: (event) => this.#makeRoom(event) }) }],
      zoomCallback: (from, to) => this.#listener.zoom([from, to]),
      underlayCallback: (canvas, area, graph) => this.#underlay(canvas, area, graph),
      interactionModel: this.#interaction(),
    };
  }

  /** Dates are shorter than times, and times shorter without seconds. */
  #ticks(from, to, pixels, option, graph) {
    const width = to - from > day ? 4 : to - from > tenMinutes ? 5.25 : 7;
    const own = { pixelsPerLabel: this.#fontSize * width };
    return this.#Dygraph.dateTicker(from, to, pixels, (name) => own[name] ?? option(name), graph);
  }

  #colors() {
    const series = this.#spec.columns.map((column) => {
      const [color, strokePattern = null] = lookOf(column);
      return [column, { color: property(color), strokePattern }];
    });
    return {
      series: Object.fromEntries(series),
      gridLineColor: property('--line'), axisLineColor: property('--line'),
    };
  }

  /** The library knows the lines only; what is highest may be in a band. */
  #valueRange() {
    const { range, bands = [], columns } = this.#spec;
    if (range?.[1] !== null || bands.length === 0) return range;
    const places = [...columns, ...bands.flat()].map(placeOf);
    let highest = 0;
    for (const row of this.#rows) {
      for (const place of places) highest = Math.max(highest, row[place]);
    }
    return [range[0], highest * headroom || null];
  }

  /** Above the lines, for the names of events. */
  #makeRoom(event) {
    event.reserveSpaceTop(Math.round(this.#fontSize * 1.4));
  }

  #underlay(canvas, area, graph) {
    const { outages, events } = this.#listener.shown();
    const [from, to] = graph.xAxisRange();
    const chart = {
      area,
      x: (time) => graph.toDomXCoord(Math.min(to, Math.max(from, time))),
      y: (value) => graph.toDomYCoord(value),
      isSeen: (outage) => outage.from <= to && (outage.to ?? Infinity) >= from,
    };
    // Else noise within a pixel is drawn as spikes, many times its height.
    canvas.lineJoin = 'bevel';
    drawOutages(canvas, chart, outages);
    for (const band of this.#spec.bands ?? []) {
      drawBand(canvas, chart, this.#rows, this.#step, band, property(lookOf(band[0])[0]));
    }
    drawMarks(canvas, chart, events, this.#names);
  }

  /** One finger shows values and leaves scrolling to the browser, two zoom. */
  #interaction() {
    const usual = this.#Dygraph.defaultInteractionModel;
    const isPinch = ({ touches }) => touches.length > 1;
    return {
      willDestroyContextMyself: true,
      mousedown: usual.mousedown,
      dblclick: () => this.#listener.reset(),
      touchstart: (event, graph, context) => {
        if (isPinch(event)) usual.touchstart(event, graph, context);
        else this.#point(event.touches[0]);
      },
      touchmove: (event, graph, context) => {
        if (isPinch(event) && context.initialTouches) usual.touchmove(event, graph, context);
        else this.#point(event.touches[0]);
      },
      touchend: (event, graph, context) => { context.initialTouches = null; },
      touchcancel: this.#listener.leave,
    };
  }

  #point({ clientX }) {
    const place = clientX - this.#host.getBoundingClientRect().left;
    const [from, time, to] = [-reach, 0, reach].map((x) => this.#graph.toDataXCoord(place + x));
    this.#listener.point(time, from, to);
  }
}

const [short, exact, date] = [
  { timeStyle: 'short' }, { timeStyle: 'medium' }, { day: 'numeric', month: 'numeric' },
].map((options) => new Intl.DateTimeFormat(navigator.language, options));

/** Where a day begins stands its date. */
function timeLabel(tick) {
  const time = Number(tick);
  if (time === new Date(time).setHours(0, 0, 0, 0)) return date.format(time);
  return (time % 60_000 === 0 ? short : exact).format(time);
}
