// The last hundred events, read from api/events when something has changed; never more than one
// request at a time. Called by app.js; outage.js and the charts ask for their times.

import { ago, moment } from './format.js';
import { words } from './language.js';
import { said } from './sentences.js';
import { setText } from './values.js';

const { eventNames, eventTexts: texts, groups } = words;
const members = {
  power: ['power_fail', 'power_good', 'low_charge', 'overcurrent_on', 'overcurrent_off'],
  shutdown: [
    'shutdown_pending', 'shutdown_cancelled', 'shutdown_delayed', 'shutdown_committed',
    'shutdown_failed', 'command_refused',
  ],
  link: ['link_lost', 'link_restored', 'broker_lost', 'broker_restored'],
  care: ['measurement_started', 'measurement_done', 'warning', 'contradiction'],
  service: ['service_start', 'service_stop'],
};

const list = document.getElementById('events');
const note = document.getElementById('events-note');
const filter = document.getElementById('event-filter');
/** Newest first. */
let events = [];
let isReading = false;
let isWanted = false;
let hasFailed = false;
let lastShown = '';

filter.append(...Object.entries(groups).map(([name, text]) => new Option(text, name)));
filter.onchange = () => showEvents();

/** `read()` is called with each new list. */
export async function readEvents(read) {
  isWanted = true;
  if (isReading) return;
  isReading = true;
  while (isWanted) {
    isWanted = false;
    await fetchEvents();
  }
  isReading = false;
  showEvents();
  read();
}

async function fetchEvents() {
  try {
    const response = await fetch('api/events?limit=100', {
      cache: 'no-store', signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    events = (await response.json()).events;
    hasFailed = false;
  } catch {
    hasFailed = true;
  }
}

/** Of the first event of that name in an incident, in ms since 1970; null: it is not known. */
export function eventTime(name, incident) {
  const event = events.findLast((event) => event.event === name && event.incident === incident);
  return event ? Date.parse(event.time) : null;
}

/** { time (ms), sentence } of the last event of that name in an incident; null: there is none. */
export function lastEvent(name, incident) {
  const event = events.find((event) => event.event === name && event.incident === incident);
  return event ? { time: Date.parse(event.time), sentence: event.sentence } : null;
}

/** [{ time (ms), name, text, sentence }], newest first. */
export function eventsBetween(from, to) {
  return events.map((event) => ({ ...event, time: Date.parse(event.time), name: event.event }))
    .filter(({ time }) => time >= from && time <= to);
}

export const nameOfEvent = (name) => eventNames[name] ?? name;

function showEvents() {
  const shownNow = JSON.stringify([filter.value, events]);
  if (shownNow !== lastShown) fillList();
  lastShown = shownNow;
  const empty = events.length === 0 ? texts.none : texts.noneOfThese;
  setText(note, hasFailed ? texts.unread : list.children.length === 0 ? empty : '');
}

function fillList() {
  const wanted = members[filter.value];
  const shown = events.filter(({ event }) => !wanted || wanted.includes(event));
  list.replaceChildren(...shown.map(item));
}

/** The relative times, on the clock of the host. */
export function tellAges({ now }) {
  for (const { dataset, lastChild } of list.children) {
    setText(lastChild, ago((now - Number(dataset.time)) / 1000));
  }
}

function item({ time, event, text, sentence }) {
  const entry = document.createElement('li');
  entry.dataset.time = Date.parse(time);
  entry.dataset.event = event;
  const [clock, name, age] = ['time', 'strong', 'small'].map((tag) => document.createElement(tag));
  clock.dateTime = time;
  clock.textContent = moment(time);
  name.textContent = nameOfEvent(event);
  const message = said({ text, sentence });
  // The name often says it all.
  if (message.textContent === name.textContent) message.textContent = '';
  entry.append(clock, name, message, age);
  return entry;
}
