// What the page says about the UPS, as words. Pure: from what was received to text, for
// view.js.
//
// A page is { status, receivedAt (ms of performance.now), isConnected, since (Date: connection or
// link lost) }; status is the last status object, null before the first.

import { moment, quantity, span } from './format.js';

const words = {
  online: { word: 'Online', tone: 'ok', mark: '✓', sentence: 'Input power is present.' },
  on_battery: {
    word: 'On battery', tone: 'warn', mark: '!',
    sentence: 'Input power is absent; the capacitors feed the output.',
  },
  low_battery: {
    word: 'Low battery', tone: 'bad', mark: '!',
    sentence: 'Input power is absent, and the charge or the runtime is low.',
  },
  shutting_down: { word: 'Shutting down', tone: 'bad', mark: '↓', sentence: '' },
  comm_lost: { word: 'Link to the UPS lost', tone: 'off', mark: '?', sentence: '' },
};

const reasons = {
  time: 'end of the delay',
  low_charge: 'low charge',
  low_runtime: 'low remaining runtime',
  ups_timer: 'the UPS is about to cut its output',
  link_lost: 'no contact with the UPS on battery',
  ups_request: 'the UPS asked for it',
};

export const reason = (name) => reasons[name] ?? name;

/** Seconds since the last message. */
const elapsed = (page) => (performance.now() - page.receivedAt) / 1000;

/** { word, sentence, tone, mark } */
export function describe(page) {
  const { status } = page;
  if (!page.isConnected) return disconnected(page);
  const known = words[status.status]
    ?? { word: status.status, tone: 'off', mark: '?', sentence: '' };
  if (status.link === 'lost' && status.status !== 'shutting_down') {
    const since = page.since ? moment(page.since) : 'the start of ups-server';
    return { ...words.comm_lost, sentence: `No valid reading since ${since}.` };
  }
  if (status.status === 'shutting_down' && status.dryRun) {
    return { ...known, sentence: 'Dry run: the host stays on.' };
  }
  if (status.status !== 'online') return known;
  if (status.link === 'stale') {
    const sentence = 'The UPS does not answer at the moment.';
    return { ...known, tone: 'warn', mark: '?', sentence };
  }
  if (status.drill || status.shutdown.phase === 'idle') return known;
  const sentence = status.shutdown.phase === 'confirming'
    ? 'Input power seems to be failing.' : known.sentence;
  return { ...known, tone: 'warn', mark: '!', sentence };
}

function disconnected({ status, since }) {
  if (since === null) {
    return { word: 'Connecting to ups-server', tone: 'off', mark: '…', sentence: '' };
  }
  const last = status ? ` Last known: ${words[status.status]?.word ?? status.status}.` : '';
  return {
    word: 'No connection to ups-server', tone: 'off', mark: '×',
    sentence: `Since ${moment(since)}.${last} Trying again.`,
  };
}

/** Seconds to the deadline, counted on between messages; null: none, or not known any more. */
export function remaining(page) {
  const seconds = page.status?.shutdown.remaining ?? null;
  if (seconds === null || !page.isConnected) return null;
  if (page.status.shutdown.phase === 'committed') return null;
  return Math.max(0, Math.ceil(seconds - elapsed(page)));
}

/** What will happen to the host, in a sentence that a countdown may follow. */
export function plan(page) {
  const { status } = page;
  if (status === null) return '';
  const { phase, deadline } = status.shutdown;
  if (!page.isConnected) return lastPlan(phase, deadline);
  const isPlayed = status.drill || status.dryRun;
  const verb = isPlayed ? 'would power off' : 'powers off';
  const within = deadline ? `The host ${verb} in` : '';
  const plans = {
    idle: `No shutdown is pending. Delay in an outage: ${span(status.shutdown.delay)}.`,
    confirming: within || 'Whether input power is absent is being confirmed.',
    on_battery: within || 'An outage. No moment for a shutdown is set.',
    pending: within,
    cancelled: within
      ? `The timer was cancelled. At the latest, the host ${verb} in`
      : `The timer was cancelled. At low charge or runtime the host still ${verb}.`,
    committed: isPlayed ? 'The host would power off now.' : 'The host is powering off now.',
  };
  return plans[phase] ?? phase;
}

function lastPlan(phase, deadline) {
  const known = 'When the connection was lost,';
  if (phase === 'idle') return `${known} no shutdown was pending.`;
  if (phase === 'committed') return `${known} the shutdown had begun.`;
  return deadline
    ? `${known} the shutdown was due at ${moment(deadline)}.`
    : `${known} there was an outage.`;
}

export function age(page) {
  if (!page.isConnected) return '';
  const { status } = page;
  if (!Number.isFinite(status.age)) return 'No reading yet';
  const seconds = status.age + elapsed(page);
  return seconds < 2 ? `Live: data under ${quantity(2, 's')} old` : `Data ${span(seconds)} old`;
}

/** The document's title: state and countdown first, since a tab shows little of it. */
export function title(page) {
  const { word } = describe(page);
  const seconds = remaining(page);
  const name = page.status?.host ?? 'ups-server';
  const drill = page.isConnected && page.status.drill ? 'Drill: ' : '';
  return `${seconds === null ? '' : `${drill}${span(seconds)} · `}${word} – ${name}`;
}
