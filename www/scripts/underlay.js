// What a chart has besides its lines: behind them outages as areas, the range of values within each
// step as bands, and marks of events; above them the names of these events. Used by chart.js.

import { nameOfEvent } from './events.js';
import { placeOf } from './history.js';

/** The events that are marked, and their colours. Where not all names fit, the first go first. */
const marks = {
  shutdown_committed: '--bad', power_fail: '--warn', link_lost: '--quiet',
  shutdown_cancelled: '--ok',
};
/** Between two names, and between a mark and its name. In px. */
const [gap, indent] = [10, 4];

export const property = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** `chart` has area, x(time), y(value) and isSeen({ from, to }). */
export function drawOutages(canvas, { area, x, isSeen }, outages) {
  canvas.fillStyle = property('--chart-outage');
  for (const { from, to } of outages.filter(isSeen)) {
    const [left, right] = [x(from), x(to ?? Infinity)];
    canvas.fillRect(left, area.y, Math.max(2, right - left), area.h);
  }
}

/** `band` is the names of two columns. One path: what overlaps does not get darker. */
export function drawBand(canvas, { x, y }, rows, step, band, color) {
  canvas.beginPath();
  for (const { left, right, low, high } of rectangles(rows, step, band.map(placeOf), x)) {
    canvas.rect(left, y(high), Math.max(2, right - left), Math.max(1, y(low) - y(high)));
  }
  canvas.fillStyle = color;
  canvas.globalAlpha = 0.5;
  canvas.fill();
  canvas.globalAlpha = 1;
}

/** At most one in each column of pixels: what rows share one have their common range. */
function rectangles(rows, step, [lowest, highest], x) {
  const found = [];
  for (const row of rows) {
    const [low, high] = [row[lowest], row[highest]];
    if (low === null || high === null) continue;
    const left = Math.floor(x(row[0]));
    const last = found.at(-1);
    if (last?.left === left) {
      [last.low, last.high] = [Math.min(last.low, low), Math.max(last.high, high)];
    } else {
      found.push({ left, right: Math.max(left + 1, Math.floor(x(row[0] + step))), low, high });
    }
  }
  return found;
}

/** `list` takes the names. */
export function drawMarks(canvas, { area, x }, events, list) {
  const marked = events.filter(({ name }) => name in marks);
  for (const { time, name } of marked) {
    canvas.fillStyle = property(marks[name]);
    canvas.fillRect(x(time), area.y, 1, area.h);
    canvas.fillRect(x(time) - 3, area.y, 7, 4);
  }
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(list);
  canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  const end = area.x + area.w;
  const shown = fitting(marked, x, end, (text) => canvas.measureText(text).width);
  list.replaceChildren(...shown.map(({ name, text, left }) => {
    const item = document.createElement('span');
    item.dataset.event = name;
    item.textContent = text;
    item.style.transform = `translateX(${left}px)`;
    return item;
  }));
}

/** The names that do not overlap; one that would end beyond the chart stands before its mark. */
function fitting(marked, x, end, measure) {
  const found = [];
  const rank = ({ name }) => Object.keys(marks).indexOf(name);
  for (const { name, time } of [...marked].sort((one, other) => rank(one) - rank(other))) {
    const text = nameOfEvent(name);
    const width = measure(text);
    const left = x(time) + indent + width <= end ? x(time) + indent : x(time) - indent - width;
    const isFree = found.every((other) =>
      left + width + gap <= other.left || other.left + other.width + gap <= left);
    if (left >= 0 && isFree) found.push({ name, text, left, width });
  }
  return found;
}
