// The four capacitors with their balance. Called by app.js.

import { quantity, unknown, valueOf } from './format.js';
import { words } from './language.js';
import { setText } from './values.js';

const { capacitors: texts } = words;
const keys = ['vcap1Voltage', 'vcap2Voltage', 'vcap3Voltage', 'vcap4Voltage'];
const list = document.getElementById('cells');
const cells = keys.map((_, index) => newCell(index + 1));

export function showCapacitors({ values }) {
  const volts = keys.map((key) => values?.[key] ?? null);
  const known = volts.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  // The UPS tells its charge, but not at which voltages that is 0 and 100 %. So the charge is where
  // the mean of the cells stands, and each differs from it as its voltage does from theirs.
  const chargePerVolt = (values?.soc ?? 0) / 100 / mean;
  cells.forEach((cell, index) => showCell(cell, keys[index], volts[index], mean, chargePerVolt));
  const spread = Math.max(...known) - Math.min(...known);
  const text = known.length < 2 ? '' : texts.balance(quantity(spread * 1000, 'mV'));
  setText(document.getElementById('balance'), text);
  showAge('capacity', values?.capacity, values?.capacityWhenNew);
  showAge('esr', values?.esr, values?.esrWhenNew);
}

/** Against the value when new, which is kept by the server. */
function showAge(key, value, whenNew) {
  const node = document.getElementById(`${key}-of-new`);
  const isKnown = Number.isFinite(value) && whenNew > 0;
  const text = isKnown ? texts.ofNew(quantity(100 * value / whenNew, '%')) : texts.newNotKnown;
  setText(node, `(${text})`);
}

function showCell({ bar, value, difference }, key, volts, mean, chargePerVolt) {
  bar.style.setProperty('--charge', Math.min(1, volts * chargePerVolt || 0));
  setText(value, valueOf(key, volts));
  setText(difference, volts === null ? unknown : signed((volts - mean) * 1000));
}

function signed(millivolts) {
  const rounded = Math.round(millivolts);
  return `${rounded > 0 ? '+' : ''}${quantity(rounded, 'mV')}`;
}

function newCell(number) {
  const item = document.createElement('li');
  const [name, bar, value, difference] = ['span', 'span', 'strong', 'small']
    .map((tag) => document.createElement(tag));
  bar.className = 'cell';
  bar.append(document.createElement('span'));
  name.textContent = texts.cell(number);
  item.append(name, bar, value, difference);
  list.append(item);
  return { bar, value, difference };
}
