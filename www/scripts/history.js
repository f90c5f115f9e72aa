// The measurements of the last quarter of an hour by the second, of the last day in steps of 10 s
// and of the last 30 days in steps of 5 min, in rows as the charts take them. Filled from
// api/history, then from each status object.

/** A row is the time in ms on the clock of the host, and these in V, A, W and %: means of the
    row's step, and by Min and Max the range within it. */
export const columns = [
  'inputVoltage', 'outputVoltage', 'batteryVoltage', 'inputCurrent', 'outputCurrent',
  'batteryCurrent', 'inputPower', 'outputPower', 'soc', 'inputVoltageMin', 'inputVoltageMax',
  'outputVoltageMin', 'outputVoltageMax', 'socMin', 'socMax',
];
/** Where a column stands in a row. */
export const placeOf = (column) => columns.indexOf(column) + 1;
const factors = { inputCurrent: 0.001, outputCurrent: 0.001, batteryCurrent: 0.001 };
/** A longer pause than so many steps is drawn as one. */
const longestPause = 2.5;

export const fine = newLane(1, 900);
export const coarse = newLane(10, 8640);
export const coarsest = newLane(300, 8640);
/** [{ from, to }] in ms, oldest first; to is null while it goes on. */
export let outages = [];

/** `samples` is how many are in the last row. */
function newLane(step, capacity) {
  return { step: step * 1000, capacity, rows: [], samples: 0, isFilled: false };
}

/** Replaces what a lane holds by what the server knows; false: that could not be read. */
export async function fill(lane) {
  try {
    const seconds = lane.step / 1000 * lane.capacity;
    const response = await fetch(`api/history?seconds=${seconds}`, {
      cache: 'no-store', signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    take(await response.json(), lane, seconds);
    return true;
  } catch {
    return false;
  }
}

function take(history, lane, seconds) {
  const places = columns.map((name) => history.columns.indexOf(name));
  const read = history.rows.map((row) => [
    Date.parse(row[0]), ...columns.map((name, index) => scaled(name, row[places[index]])),
  ]);
  const last = read.at(-1)?.[0] ?? 0;
  const newer = lane.rows.filter(([time]) => time >= last + lane.step);
  lane.rows = [...read, ...newer];
  lane.isFilled = true;
  // Nobody tells how many the server has in its last row: one a second.
  if (newer.length === 0) {
    lane.samples = Math.max(1, ((fine.rows.at(-1)?.[0] ?? last) - last) / 1000);
  }
  // The answer knows all outages that were not over before it begins.
  const earlier = outages.filter(({ to }) => to !== null && to <= last - seconds * 1000);
  outages = [...earlier, ...history.outages.map(
    ({ from, to }) => ({ from: Date.parse(from), to: to && Date.parse(to) }))];
}

const scaled = (name, value) => (value ?? null) === null ? null : value * (factors[name] ?? 1);

/** True when a row was added to the lane. */
export function append(status, lane) {
  const now = Date.parse(status.time);
  const last = lane.rows.at(-1)?.[0] ?? -Infinity;
  // The server's steps need not begin where those of the clock do.
  const time = now - (now - Math.max(last, 0)) % lane.step;
  // The clock was set back: what is ahead of it would hold everything up.
  if (last - now > longestPause * lane.step) lane.rows.length = 0;
  const values = columns.map((name) => scaled(name, status[name.replace(/M(in|ax)$/, '')]));
  if (time === last && lane !== fine) merge(lane, values);
  if (time <= last) return false;
  if (time - last > longestPause * lane.step && last > 0) {
    lane.rows.push([last + lane.step, ...columns.map(() => null)]);
  }
  lane.rows.push([time, ...values]);
  lane.samples = 1;
  if (lane.rows.length > lane.capacity) lane.rows.splice(0, lane.rows.length - lane.capacity);
  return true;
}

/** Into the last row, whose step is not over. */
function merge(lane, values) {
  if (values.every((value) => value === null)) return;
  const row = lane.rows.at(-1);
  lane.samples += 1;
  row.forEach((before, place) => {
    const value = values[place - 1];
    if (place === 0 || value === null) return;
    row[place] = before === null ? value : merged(columns[place - 1], before, value, lane.samples);
  });
}

function merged(name, before, value, count) {
  if (name.endsWith('Min')) return Math.min(before, value);
  return name.endsWith('Max') ? Math.max(before, value) : before + (value - before) / count;
}

export function followOutage({ time, power }) {
  if (power === null) return;
  const open = outages.at(-1)?.to === null ? outages.at(-1) : null;
  if (!power && !open) outages.push({ from: Date.parse(time), to: null });
  if (power && open) open.to = Date.parse(time);
}
