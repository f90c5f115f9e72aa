// What is around a chart: its title, the legend with the values, and the keys that it takes. Used
// by charts.js.

import { quantity } from './format.js';
import { placeOf } from './history.js';
import { words } from './language.js';
import { setText } from './values.js';

const { charts: texts } = words;
const told = document.getElementById('chart-told');
const digits = { V: 2, W: 1, A: 3, '%': 0 };
/** Within one step: less is noise. */
const notable = { V: 0.5, '%': 1 };
/** By the start of a column's name. */
const series = { input: 'input', output: 'output', battery: 'stack', soc: 'stack' };
const seriesOf = (column) => series[column.match(/^[a-z]+/)[0]];

/** `actions` has move(rows), magnify(factor), reset() and leave(). */
export function newPanel(spec, actions) {
  const [figure, caption, list, host] = ['figure', 'figcaption', 'ul', 'div']
    .map((tag) => document.createElement(tag));
  const title = document.createElement('h3');
  title.textContent = texts[spec.name];
  list.className = 'legend';
  list.dataset.unit = spec.unit;
  const legend = spec.columns.map((column) => newEntry(list, column, spec.bands));
  caption.append(title, list);
  host.className = 'chart';
  host.tabIndex = 0;
  host.role = 'application';
  host.ariaLabel = `${texts[spec.name]}. ${texts.help}`;
  host.onkeydown = (event) => press(event, spec, legend, actions);
  host.onblur = actions.leave;
  figure.append(caption, host);
  return { spec, figure, host, legend, chart: null };
}

function newEntry(list, column, bands = []) {
  const [item, place, value] = ['li', 'span', 'strong'].map((tag) => document.createElement(tag));
  const band = bands.find(([lowest]) => lowest.startsWith(column));
  item.className = seriesOf(column);
  place.className = band ? 'wide' : '';
  place.append(value);
  item.append(texts[item.className], ' ', place);
  list.append(item);
  return { item, value, column: placeOf(column), band: band?.map(placeOf) };
}

/** `row` as in history.js; nothing: no values. `isMean`: where values differ much within the step
    of the row, their range tells more than their mean. */
export function showLegend(legend, { unit }, row, isMean) {
  for (const { value, column, band } of legend) {
    const [low, high] = (isMean && band?.map((end) => row[end])) || [];
    const isWide = Number.isFinite(low) && high - low >= notable[unit];
    const rest = quantity(isWide ? high : row?.[column], unit, digits[unit]);
    setText(value, isWide ? `${quantity(low, '', digits[unit])}–${rest}` : rest);
  }
}

function press(event, spec, legend, { move, magnify, reset }) {
  const keys = {
    ArrowLeft: () => move(event.shiftKey ? -10 : -1),
    ArrowRight: () => move(event.shiftKey ? 10 : 1),
    '+': () => magnify(0.5), '-': () => magnify(2), Escape: reset,
  };
  const action = keys[event.key];
  if (!action || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  action();
  const values = legend.map(({ item }) => item.textContent);
  const when = document.getElementById('chart-moment').textContent;
  setText(told, `${when} ${values.join(', ')}`);
}
