// The list of the last events, read from api/events. Called by app.js at load and when something
// has changed; never more than one request at a time.

import { moment, text } from './format.js';
import { setText } from './view.js';

const list = document.getElementById('events');
const note = document.getElementById('events-note');
let isReading = false;
let isWanted = false;

export async function readEvents() {
  isWanted = true;
  if (isReading) return;
  isReading = true;
  while (isWanted) {
    isWanted = false;
    await read();
  }
  isReading = false;
}

async function read() {
  try {
    const response = await fetch('api/events?limit=10', {
      cache: 'no-store', signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { events } = await response.json();
    list.replaceChildren(...events.map(item));
    setText(note, events.length === 0 ? 'No events yet.' : '');
  } catch {
    setText(note, 'The events could not be read; what stands here may be old.');
  }
}

function item({ time, event, text: sentence }) {
  const line = document.createElement('li');
  const clock = document.createElement('time');
  clock.dateTime = text(time);
  clock.textContent = moment(time);
  const words = document.createElement('span');
  words.textContent = sentence || event;
  line.append(clock, words);
  return line;
}
