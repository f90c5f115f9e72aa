// One chart: Debian's dygraphs with our rows, colours and ways to zoom. Made by charts.js, which
// keeps all of them on the same moment.

import { quantity } from './format.js';
import { columns } from './history.js';

/** By the start of a column's name: custom property of the colour, and the pattern of the line. */
const looks = {
  input: ['--chart-input'], output: ['--chart-output', [7, 3]], battery: ['--chart-stack', [2, 2]],
  soc: ['--chart-stack'],
};
const marks = {
  power_fail: '--warn', shutdown_committed: '--bad', shutdown_cancelled: '--ok',
  link_lost: '--quiet',
};

const property = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

export class Chart {
  #graph;
  #Dygraph;
  #spec;
  #host;
  #listener;

  /** `spec` is an entry of charts.js; `listener` has hover(time), zoom(window), reset() and
      shown(), which returns { outages, events }. */
  constructor(Dygraph, host, spec, rows, listener) {
    this.#Dygraph = Dygraph;
    this.#spec = spec;
    this.#host = host;
    this.#listener = listener;
    this.#graph = new Dygraph(host, rows, { ...this.#options(), ...this.#colors() });
  }

  draw(rows, dateWindow) {
    this.#graph.updateOptions({ file: rows, dateWindow });
  }

  /** After a zoom: the axis of the values as it was at first. */
  reset() {
    this.#graph.updateOptions({ valueRange: this.#spec.range });
  }

  /** The row under the pointer; null: none. */
  select(row) {
    if (row === null) this.#graph.clearSelection();
    else this.#graph.setSelection(row);
  }

  recolor() {
    this.#graph.updateOptions(this.#colors());
  }

  #options() {
    const fontSize = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8;
    const { unit } = this.#spec;
    return {
      labels: ['time', ...columns],
      visibility: columns.map((name) => this.#spec.columns.includes(name)),
      valueRange: this.#spec.range, includeZero: true,
      axes: {
        x: {
          ticker: this.#Dygraph.dateTicker, axisLabelFormatter: timeLabel,
          axisLabelWidth: fontSize * 5, pixelsPerLabel: fontSize * 7,
        },
        y: {
          axisLabelFormatter: (value) => quantity(value, unit, value % 1 ? 1 : 0),
          axisLabelWidth: fontSize * 4, pixelsPerLabel: fontSize * 3,
        },
      },
      axisLabelFontSize: fontSize, rightGap: 0, legend: 'never', resizable: 'passive',
      strokeWidth: 1.75, highlightCircleSize: 4, drawGapEdgePoints: true,
      highlightCallback: (event, time) => this.#listener.hover(time),
      unhighlightCallback: () => this.#listener.hover(null),
      zoomCallback: (from, to) => this.#listener.zoom([from, to]),
      underlayCallback: (canvas, area) => this.#underlay(canvas, area),
      interactionModel: this.#interaction(),
    };
  }

  #colors() {
    const series = columns.map((name) => {
      const [color, strokePattern = null] = looks[name.match(/^[a-z]+/)[0]];
      return [name, { color: property(color), strokePattern }];
    });
    return {
      series: Object.fromEntries(series),
      gridLineColor: property('--line'), axisLineColor: property('--line'),
    };
  }

  /** Behind the lines: outages as areas, some events as lines. */
  #underlay(canvas, area) {
    const { outages, events } = this.#listener.shown();
    const place = (time) => this.#graphPlace(time, area);
    canvas.fillStyle = property('--chart-outage');
    for (const { from, to } of outages) {
      const [left, right] = [place(from), place(to ?? Infinity)];
      canvas.fillRect(left, area.y, Math.max(2, right - left), area.h);
    }
    for (const { time, name } of events.filter(({ name }) => name in marks)) {
      canvas.fillStyle = property(marks[name]);
      canvas.fillRect(place(time), area.y, 1, area.h);
      canvas.fillRect(place(time) - 3, area.y, 7, 4);
    }
  }

  /** Before the first drawing is done the graph itself cannot be asked. */
  #graphPlace(time, area) {
    const [from, to] = this.#graph?.xAxisRange() ?? [0, 1];
    return area.x + area.w * Math.min(1, Math.max(0, (time - from) / (to - from)));
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
    };
  }

  #point({ clientX }) {
    const { left } = this.#host.getBoundingClientRect();
    this.#listener.hover(this.#graph.toDataXCoord(clientX - left));
  }
}

const clocks = [{ timeStyle: 'short' }, { timeStyle: 'medium' }]
  .map((options) => new Intl.DateTimeFormat(navigator.language, options));

function timeLabel(time) {
  return clocks[time % 60_000 === 0 ? 0 : 1].format(time);
}
