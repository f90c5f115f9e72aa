// What a tab in the background tells: the title and the icon. Called by app.js.

import { countdown } from './format.js';
import { words } from './language.js';
import { describe } from './state.js';

const icons = {
  ok: 'ok', problem: 'problem', warn: 'on-battery', bad: 'shutdown', off: 'unknown',
};

// Asked for while the server is there: when it is gone, the icon has to say so.
for (const name of Object.values(icons)) new Image().src = addressOf(name);

function addressOf(name) {
  return `icons/${name}.svg`;
}

export function showTab(page) {
  const { word, tone } = describe(page);
  const name = page.status ? words.texts.title(page.status.host) : 'ups-server';
  const left = page.isFresh ? page.remaining : null;
  const drill = page.isFresh && page.status.drill ? `${words.labels.drill} · ` : '';
  const title = `${left === null ? '' : `${countdown(left)} · `}${drill}${word} – ${name}`;
  if (document.title !== title) document.title = title;
  const icon = document.getElementById('icon');
  const address = addressOf(icons[tone]);
  if (icon.getAttribute('href') !== address) icon.setAttribute('href', address);
}
