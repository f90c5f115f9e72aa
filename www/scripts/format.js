// Numbers, spans of time and moments as text, in the way of the reader's country. Pure; used by
// every module that shows something. What is not known is a dash, never 0.

import { language } from './language.js';

export const unknown = '–';

/** Of the keys of the status object: the unit shown, its decimals, and the factor into it. */
const quantities = {
  inputVoltage: ['V', 2], outputVoltage: ['V', 2], batteryVoltage: ['V', 2],
  vcap1Voltage: ['V', 3], vcap2Voltage: ['V', 3], vcap3Voltage: ['V', 3], vcap4Voltage: ['V', 3],
  inputCurrent: ['A', 3, 0.001], outputCurrent: ['A', 3, 0.001], batteryCurrent: ['A', 3, 0.001],
  inputPower: ['W', 1], outputPower: ['W', 1], energyIn: ['Wh', 1], energyOut: ['Wh', 1],
  soc: ['%', 0], outputLoad: ['%', 0], ucTemperature: ['°C', 0],
  capacity: ['F', 2, 0.001], esr: ['mΩ', 0], powerFailCount: ['', 0],
};
const spans = ['remainTime', 'uptime'];

const numberFormats = new Map();

function numberFormat(digits) {
  if (!numberFormats.has(digits)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    numberFormats.set(digits, new Intl.NumberFormat(navigator.language, options));
  }
  return numberFormats.get(digits);
}

const clock = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(
  navigator.language, { day: 'numeric', month: 'numeric', year: 'numeric' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' });

const plain = new Intl.NumberFormat(navigator.language, { maximumFractionDigits: 3 });

/** In as many digits as it has; a text as it is. */
export const number = (value) => (typeof value === 'number' ? plain.format(value) : value);

/** `12.40 V`; the unit keeps to its number by a no-break space. */
export function quantity(value, unit = '', digits = 0) {
  if (!Number.isFinite(value)) return unknown;
  const text = numberFormat(digits).format(value).replace('-', '−');
  return unit ? `${text}\u00a0${unit}` : text;
}

/** The value of a key of the status object, with its unit. */
export function valueOf(key, value) {
  if (value === null || value === undefined || value === '') return unknown;
  if (spans.includes(key)) return span(value);
  const [unit, digits, factor = 1] = quantities[key] ?? [];
  return unit === undefined ? String(value) : quantity(value * factor, unit, digits);
}

/** Whole seconds as `12 s`, `4 min 5 s`, `2 h 3 min` or `5 d 2 h`. */
export function span(seconds) {
  if (!Number.isFinite(seconds)) return unknown;
  const whole = Math.max(0, Math.floor(seconds));
  const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const first = units.findIndex(([, length]) => whole >= length);
  if (first < 0 || first === 3) return quantity(whole, 's');
  const [large, small] = [units[first], units[first + 1]];
  const rest = Math.floor((whole % large[1]) / small[1]);
  return `${quantity(Math.floor(whole / large[1]), large[0])} ${quantity(rest, small[0])}`;
}

/** `0:07`, `12:30` or `1:02:03`, for a countdown. */
export function countdown(seconds) {
  const pad = (number) => String(number).padStart(2, '0');
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const [minutes, left] = [Math.floor(rest / 60), pad(rest % 60)];
  return hours > 0 ? `${hours}:${pad(minutes)}:${left}` : `${minutes}:${left}`;
}

/** Milliseconds since 1970, a Date or RFC 3339, on the local clock; with its date unless that is
    the day of `now`. */
export function moment(time, now = Date.now()) {
  const date = new Date(time ?? NaN);
  if (Number.isNaN(date.getTime())) return unknown;
  const text = clock.format(date);
  return day.format(date) === day.format(new Date(now)) ? text : `${day.format(date)}, ${text}`;
}

/** `3 minutes ago`. */
export function ago(seconds) {
  const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ['second', 1];
  return relative.format(-Math.max(0, Math.floor(seconds / length)), unit);
}
