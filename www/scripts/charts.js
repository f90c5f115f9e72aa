// The charts: which there are, what range they show, and the moment that all of them point at. The
// library is loaded after the page is there. Called by app.js.

import { Chart } from './chart.js';
import { newPanel, showLegend } from './chart-panel.js';
import { eventsBetween, nameOfEvent } from './events.js';
import { moment } from './format.js';
import {
  append, coarse, coarsest, fill, fine, followOutage, outages, placeOf,
} from './history.js';
import { words } from './language.js';
import { setHidden, setText } from './values.js';

const { charts: texts } = words;
const specs = [
  { name: 'voltages', unit: 'V', range: [0, null],
    columns: ['inputVoltage', 'outputVoltage', 'batteryVoltage'],
    bands: [['inputVoltageMin', 'inputVoltageMax'], ['outputVoltageMin', 'outputVoltageMax']] },
  { name: 'powers', unit: 'W', range: [0, null], columns: ['inputPower', 'outputPower'] },
  { name: 'currents', unit: 'A', range: null,
    columns: ['inputCurrent', 'outputCurrent', 'batteryCurrent'] },
  { name: 'charge', unit: '%', range: [0, 105], columns: ['soc'], bands: [['socMin', 'socMax']] },
];
const lanes = [fine, coarse, coarsest];
const day = 86400;
const lowestInput = placeOf('inputVoltageMin');
const element = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll('#ranges [data-seconds]')];
const leave = () => hover(null);
const actions = { move, magnify, reset, leave };
const panels = specs.map((spec) => newPanel(spec, actions));
const listener = { point, leave, zoom, reset, shown };

let Dygraph = null;
/** Seconds. */
let range = 300;
/** [from, to] in ms; null: the newest. */
let zoomed = null;
/** Ms; null: nowhere. */
let pointed = null;
let isVisible = false;
let isDue = false;

element('chart-grid').append(...panels.map(({ figure }) => figure));
for (const button of buttons) button.onclick = () => choose(Number(button.dataset.seconds));
element('zoom-out').onclick = reset;
new IntersectionObserver(([{ isIntersecting }]) => {
  isVisible = isIntersecting;
  draw();
}).observe(element('chart-grid'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const { chart } of panels) chart?.recolor();
});

// MARK: What is shown

const lane = () => lanes.find(({ step, capacity }) => range * 1000 <= step * capacity);

/** After each (re)connection. */
export async function catchUp() {
  for (const lane of lanes) lane.isFilled = false;
  await refill();
  Dygraph ??= await load();
  draw();
}

/** A day or a month is some 800 kB: read only when they are to be seen. */
async function refill() {
  const wanted = new Set([fine, lane()]);
  for (const lane of [...wanted].filter(({ isFilled }) => !isFilled)) {
    setText(element('charts-note'), await fill(lane) ? '' : texts.unread);
  }
}

async function load() {
  try {
    await import('../lib/dygraph.js');
    // Not its legend, which sets style attributes: the Content-Security-Policy forbids them.
    const { Axes, Grid } = window.Dygraph.Plugins;
    window.Dygraph.PLUGINS = [Axes, Grid];
    return window.Dygraph;
  } catch {
    setText(element('charts-note'), texts.missing);
    return null;
  }
}

export function addToCharts(status) {
  followOutage(status);
  const [isFine, isCoarse] = lanes.map((lane) => append(status, lane));
  if (lane() === fine ? isFine : isCoarse) draw();
  else tell();
}

async function choose(seconds) {
  [range, zoomed, pointed] = [seconds, null, null];
  for (const button of buttons) {
    button.setAttribute('aria-pressed', Number(button.dataset.seconds) === seconds);
  }
  await refill();
  reset();
}

function extent() {
  const { rows, step } = lane();
  // The last step goes on; by the second that would only be a margin.
  const end = (rows.at(-1)?.[0] ?? 0) + (lane() === fine ? 0 : step);
  return zoomed ?? [end - range * 1000, end];
}

/** Before the next picture of the screen, however often it is asked for until then. */
export function draw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(drawNow);
}

function drawNow() {
  isDue = false;
  const { rows } = lane();
  if (!Dygraph || rows.length === 0 || !isVisible) return;
  for (const panel of panels) {
    panel.chart ??= new Chart(Dygraph, panel.host, panel.spec, listener);
    panel.chart.draw(lane(), extent());
  }
  setHidden(element('zoom-out'), zoomed === null);
  tell();
}

function shown() {
  const [from, to] = extent();
  return { outages, events: eventsBetween(from, to) };
}

// MARK: Zoom

function zoom(window) {
  zoomed = window;
  draw();
}

function reset() {
  zoomed = null;
  draw();
}

/** Around the moment that is pointed at, else around the middle. */
function magnify(factor) {
  const [from, to] = extent();
  const center = pointed ?? (from + to) / 2;
  zoom([center - (center - from) * factor, center + (to - center) * factor]);
}

// MARK: Values

function hover(time) {
  pointed = time;
  tell();
}

/** From the pointer, which also means what is near and stands out: in 30 days a sag is thinner than
    a pixel. */
function point(time, from, to) {
  const { rows } = lane();
  let meant = rows[rowAt(time)];
  for (const row of rows.slice(rowAt(from), rowAt(to) + 1)) {
    const low = row[lowestInput];
    if (low !== null && low < meant[lowestInput] * 0.95) meant = row;
  }
  hover(meant?.[0] ?? null);
}

/** By so many rows, from the keyboard. */
function move(steps) {
  const { rows } = lane();
  const [first, last] = extent().map(rowAt);
  const row = Math.min(Math.max((rowAt(pointed) ?? last + 1) + steps, first), last);
  hover(rows[row]?.[0] ?? null);
}

/** The index of the row nearest to a time; null: none. */
function rowAt(time) {
  const { rows } = lane();
  if (time === null || rows.length === 0) return null;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][0] < time) low = middle + 1;
    else high = middle;
  }
  const before = rows[Math.max(0, low - 1)][0];
  return time - before < rows[low][0] - time ? low - 1 : low;
}

function tell() {
  const { rows } = lane();
  const row = rowAt(pointed);
  const values = row === null ? fine.rows.at(-1) : rows[row];
  const isMean = row !== null && lane() !== fine;
  const time = values?.[0];
  for (const { chart, spec, legend } of panels) {
    chart?.select(row, time);
    showLegend(legend, spec, values, isMean);
  }
  setText(element('chart-moment'), row === null ? '' : `${momentAt(time)}${eventsAt(time)}`);
}

/** With its date, also today, when other days are to be seen. */
const momentAt = (time) => (range > day ? moment(time, 0) : moment(time));

function eventsAt(time) {
  const [from, to] = extent();
  const near = (to - from) / 100;
  const names = eventsBetween(time - near, time + near).map(({ name }) => nameOfEvent(name));
  return names.length === 0 ? '' : ` · ${[...new Set(names)].slice(0, 3).join(', ')}`;
}
