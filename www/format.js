// Numbers, spans of time and moments as text, in the browser's locale. Pure; used by every module
// that shows something. What is not known is a dash, never 0.

export const unknown = '–';

const numberFormats = new Map();

function numberFormat(digits) {
  if (!numberFormats.has(digits)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    numberFormats.set(digits, new Intl.NumberFormat(undefined, options));
  }
  return numberFormats.get(digits);
}

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** `12.40 V`; the unit keeps to its number by a no-break space. */
export function quantity(value, unit = '', digits = 0) {
  if (!Number.isFinite(value)) return unknown;
  const text = numberFormat(digits).format(value);
  return unit ? `${text}\u00a0${unit}` : text;
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

/** A Date, or a time as RFC 3339, on the local clock; with its date unless that is today. */
export function moment(time) {
  const date = typeof time === 'string' ? new Date(time) : time;
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) return unknown;
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? timeFormat : dateFormat).format(date);
}

export function text(value) {
  return value === null || value === undefined || value === '' ? unknown : String(value);
}
