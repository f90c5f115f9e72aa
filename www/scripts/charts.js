// The charts: which there are, what range they show, and the moment that all of them point at. The
// library is loaded after the page is there. Called by app.js.

import { Chart } from './chart.js';
import { newPanel, showLegend } from './chart-panel.js';
import { eventsBetween, nameOfEvent } from './events.js';
import { moment } from './format.js';
import { append, coarse, fill, fine, followOutage, outages } from './history.js';
import { words } from './language.js';
import { setHidden, setText } from './values.js';

const { charts: texts } = words;
const specs = [
  { name: 'voltages', unit: 'V', range: [0, null],
    columns: ['inputVoltage', 'outputVoltage', 'batteryVoltage'] },
  { name: 'powers', unit: 'W', range: [0, null], columns: ['inputPower', 'outputPower'] },
  { name: 'currents', unit: 'A', range: null,
    columns: ['inputCurrent', 'outputCurrent', 'batteryCurrent'] },
  { name: 'charge', unit: '%', range: [0, 105], columns: ['soc'] },
];
const element = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll('#ranges [data-seconds]')];
const actions = { move, magnify, reset, leave: () => hover(null) };
const panels = specs.map((spec) => newPanel(spec, actions));
const listener = { hover, zoom, reset, shown };

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

const lane = () => (range > 300 ? coarse : fine);

/** After each (re)connection. */
export async function catchUp() {
  coarse.isFilled = false;
  fine.isFilled = false;
  await refill();
  Dygraph ??= await load();
  draw();
}

/** The day is some 800 kB: read only when somebody wants to see it. */
async function refill() {
  const wanted = lane() === fine ? [fine] : [fine, coarse];
  for (const lane of wanted.filter(({ isFilled }) => !isFilled)) {
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
  const isFine = append(status, fine);
  const isCoarse = append(status, coarse);
  if (lane() === fine ? isFine : isCoarse) draw();
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
  const end = lane().rows.at(-1)?.[0] ?? 0;
  return zoomed ?? [end - range * 1000, end];
}

/** Before the next picture of the screen, however often it is asked for until then. */
export function draw() {
  isDue ||= Boolean(requestAnimationFrame(drawNow));
}

function drawNow() {
  isDue = false;
  const { rows } = lane();
  if (!Dygraph || rows.length === 0 || !isVisible) return;
  for (const panel of panels) {
    panel.chart ??= new Chart(Dygraph, panel.host, panel.spec, rows, listener);
    panel.chart.draw(rows, extent());
  }
  setHidden(element('zoom-out'), zoomed === null);
  point();
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
  for (const { chart } of panels) chart?.reset();
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
  point();
}

/** By so many rows, from the keyboard. */
function move(steps) {
  const { rows } = lane();
  const row = Math.min(Math.max((rowAt(pointed) ?? rows.length) + steps, 0), rows.length - 1);
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

function point() {
  const { rows } = lane();
  const row = rowAt(pointed);
  const values = rows[row ?? rows.length - 1];
  for (const { chart, spec, legend } of panels) {
    chart?.select(row);
    showLegend(legend, spec, values);
  }
  const time = values?.[0];
  setText(element('chart-moment'), row === null ? '' : `${moment(time)}${eventsAt(time)}`);
}

function eventsAt(time) {
  const [from, to] = extent();
  const near = (to - from) / 100;
  const names = eventsBetween(time - near, time + near).map(({ name }) => nameOfEvent(name));
  return names.length === 0 ? '' : ` · ${[...new Set(names)].slice(0, 3).join(', ')}`;
}
