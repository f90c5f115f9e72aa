// The past outages, read from api/outages when something has changed. Called by app.js.

import { moment, span, valueOf } from './format.js';
import { words } from './language.js';
import { reason } from './state.js';
import { setText } from './values.js';

const { outageTexts: texts, labels } = words;
const list = document.getElementById('outages');
const note = document.getElementById('outages-note');
let isReading = false;
let isWanted = false;
let lastShown = '';

export async function readOutages() {
  isWanted = true;
  if (isReading) return;
  isReading = true;
  while (isWanted) {
    isWanted = false;
    await fetchOutages();
  }
  isReading = false;
}

async function fetchOutages() {
  try {
    const response = await fetch('api/outages?limit=20', {
      cache: 'no-store', signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    show((await response.json()).outages);
  } catch {
    setText(note, texts.unread);
  }
}

function show(outages) {
  setText(note, outages.length === 0 ? texts.none : '');
  const shownNow = JSON.stringify(outages);
  if (shownNow === lastShown) return;
  lastShown = shownNow;
  list.replaceChildren(...outages.map(item));
}

function item({ from, to, lowestCharge, reason: why, end, drill, dryRun }) {
  const entry = document.createElement('li');
  entry.dataset.end = end ?? '';
  const [clock, length, what, charge] = ['time', 'strong', 'span', 'small']
    .map((tag) => document.createElement(tag));
  clock.dateTime = from;
  clock.textContent = moment(from);
  length.textContent = to === null ? '' : span((Date.parse(to) - Date.parse(from)) / 1000);
  const marks = [drill && labels.drill, dryRun && labels.dryRun].filter(Boolean);
  what.textContent = [followed(end, why, to), ...marks].filter(Boolean).join(' · ');
  charge.textContent = lowestCharge === null ? '' : texts.downTo(valueOf('soc', lowestCharge));
  entry.append(clock, length, charge, what);
  return entry;
}

function followed(end, why, to) {
  if (end === null) return to === null ? texts.goesOn : '';
  return end === 'returned' ? texts.returned : texts[end](reason(why));
}
