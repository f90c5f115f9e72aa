// Puts what state.js says, and the values, onto the page. Called by app.js on every message and
// several times a second; writes text only, and only what changed.

import { moment, quantity, span, text, unknown } from './format.js';
import { register } from './registers.js';
import { age, describe, plan, reason, remaining, title } from './state.js';

const element = (id) => document.getElementById(id);
const values = [...document.querySelectorAll('[data-key]')];
let announced = '';

export function setText(node, string) {
  if (node.textContent !== string) node.textContent = string;
}

export function show(page) {
  showState(page);
  showNotices(page);
  showShutdown(page);
  for (const node of values) showValue(node, page);
  announce(page);
}

function showState(page) {
  const { word, sentence, tone, mark } = describe(page);
  element('state').dataset.tone = tone;
  setText(element('mark'), mark);
  setText(element('word'), word);
  setText(element('sentence'), sentence);
  setText(element('age'), age(page));
  setText(element('heading'), page.status ? `UPS of ${text(page.status.host)}` : 'UPS');
  const newTitle = title(page);
  if (document.title !== newTitle) document.title = newTitle;
}

function showNotices({ status }) {
  const problem = status?.problem ?? null;
  setText(element('problem'), problem === null ? '' : `Problem: ${problem}`);
  element('problem').hidden = problem === null;
  element('drill').hidden = !status?.drill;
  element('dry-run').hidden = !status?.dryRun;
  element('notices').hidden = problem === null && !status?.drill && !status?.dryRun;
}

function showShutdown(page) {
  const shutdown = page.status?.shutdown;
  const seconds = remaining(page);
  element('shutdown').classList.toggle('stale', !page.isConnected);
  setText(element('plan'), plan(page));
  element('outage').hidden = !shutdown || shutdown.phase === 'idle';
  element('countdown').hidden = seconds === null;
  setText(element('countdown'), seconds === null ? '' : span(seconds));
  setText(element('reason'), shutdown?.reason ? reason(shutdown.reason) : unknown);
  setText(element('deadline'), moment(shutdown?.deadline));
  setText(element('latest'), moment(shutdown?.latest));
  setText(element('delay'), span(shutdown?.delay));
}

function showValue(node, { status, isConnected }) {
  const string = format(node.dataset, status);
  setText(node, string);
  node.classList.toggle('stale', !isConnected || string === unknown);
}

function format({ key, as, unit, digits, scale }, status) {
  const value = status?.[key] ?? null;
  if (value === null) return unknown;
  switch (as) {
    case 'text': return text(value);
    case 'span': return span(value);
    case 'register': return register(key, value);
    default: return quantity(value * Number(scale ?? 1), unit, Number(digits ?? 0));
  }
}

/** For screen readers: once for every change of state, not for every second of a countdown. */
function announce(page) {
  const { word, sentence } = describe(page);
  const state = `${word} ${page.status?.shutdown.phase} ${page.status?.drill}`;
  if (state === announced) return;
  announced = state;
  const seconds = remaining(page);
  const shutdown = seconds === null ? plan(page) : `${plan(page)} ${span(seconds)}.`;
  setText(element('announcement'), `${word}. ${sentence} ${shutdown}`);
}
