// The measurements of the last quarter of an hour by the second and of the last day in steps of
// 10 s, in rows as the charts take them. Filled from api/history, then from each status object.

/** A row is the time in ms on the clock of the host, and these in V, A, W and %. */
export const columns = [
  'inputVoltage', 'outputVoltage', 'batteryVoltage', 'inputCurrent', 'outputCurrent',
  'batteryCurrent', 'inputPower', 'outputPower', 'soc',
];
const factors = { inputCurrent: 0.001, outputCurrent: 0.001, batteryCurrent: 0.001 };
/** A longer pause than so many steps is drawn as one. */
const longestPause = 2.5;
const inputPresent = 4;

export const fine = newLane(1, 900);
export const coarse = newLane(10, 8640);
/** [{ from, to }] in ms, oldest first; to is null while it goes on. */
export let outages = [];

function newLane(step, capacity) {
  return { step: step * 1000, capacity, rows: [], isFilled: false };
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
  lane.rows = [...read, ...lane.rows.filter(([time]) => time > last)];
  lane.isFilled = true;
  // The answer knows all outages that were not over before it begins.
  const earlier = outages.filter(({ to }) => to !== null && to <= last - seconds * 1000);
  outages = [...earlier, ...history.outages.map(
    ({ from, to }) => ({ from: Date.parse(from), to: to && Date.parse(to) }))];
}

const scaled = (name, value) => (value ?? null) === null ? null : value * (factors[name] ?? 1);

/** True when a row was added to the lane. */
export function append(status, lane) {
  const now = Date.parse(status.time);
  const time = now - now % lane.step;
  const last = lane.rows.at(-1)?.[0] ?? -Infinity;
  if (time <= last) return false;
  if (time - last > longestPause * lane.step && last > 0) {
    lane.rows.push([last + lane.step, ...columns.map(() => null)]);
  }
  lane.rows.push([time, ...columns.map((name) => scaled(name, status[name]))]);
  if (lane.rows.length > lane.capacity) lane.rows.splice(0, lane.rows.length - lane.capacity);
  return true;
}

export function followOutage({ time, deviceStatus }) {
  if (deviceStatus === null) return;
  const open = outages.at(-1)?.to === null ? outages.at(-1) : null;
  const isPresent = Boolean(deviceStatus & inputPresent);
  if (!isPresent && !open) outages.push({ from: Date.parse(time), to: null });
  if (isPresent && open) open.to = Date.parse(time);
}
