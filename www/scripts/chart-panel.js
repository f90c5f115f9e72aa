// What is around a chart: its title, the legend with the values, and the keys that it takes. Used
// by charts.js.

import { quantity } from './format.js';
import { columns } from './history.js';
import { words } from './language.js';
import { setText } from './values.js';

const { charts: texts } = words;
const told = document.getElementById('chart-told');
const digits = { V: 2, W: 1, A: 3, '%': 0 };
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
  const legend = spec.columns.map((column) => newEntry(list, seriesOf(column)));
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

function newEntry(list, name) {
  const [item, value] = ['li', 'strong'].map((tag) => document.createElement(tag));
  item.className = name;
  item.append(texts[name], ' ', value);
  list.append(item);
  return { name, value };
}

/** `row` as in history.js; nothing: no values. */
export function showLegend(legend, spec, row) {
  legend.forEach(({ value }, index) => {
    const place = columns.indexOf(spec.columns[index]) + 1;
    setText(value, quantity(row?.[place], spec.unit, digits[spec.unit]));
  });
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
  const values = legend.map(({ name, value }) => `${texts[name]} ${value.textContent}`);
  const when = document.getElementById('chart-moment').textContent;
  setText(told, `${when} ${values.join(', ')}`);
}
