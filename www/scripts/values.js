// Puts the state and the values onto the page. Called by app.js on every message and several
// times a second; writes only what changed.

import { span, valueOf } from './format.js';
import { words } from './language.js';
import { said } from './sentences.js';
import { age, describe, plan, store } from './state.js';

const element = (id) => document.getElementById(id);
const values = [...document.querySelectorAll('[data-key]')];
/** Seconds left at which a screen reader is told. */
const milestones = [300, 60, 30, 10];
let announced = '';
let lastLeft = null;

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setHidden(node, isHidden) {
  if (node.hidden !== isHidden) node.hidden = isHidden;
}

export function showValues(page) {
  const { word, sentence, tone } = describe(page);
  document.body.dataset.tone = tone;
  document.body.classList.toggle('old', !page.isLive);
  document.body.classList.toggle('waiting', page.isAwaited);
  document.body.classList.toggle('played', Boolean(page.status?.drill || page.status?.dryRun));
  element('mark').setAttribute('href', `#mark-${tone}`);
  setText(element('word'), word);
  setText(element('sentence'), sentence);
  setText(element('age'), age(page));
  setText(element('heading'), page.status ? words.texts.title(page.status.host) : 'UPS');
  for (const node of values) {
    const { key } = node.dataset;
    show(node, valueOf(key, page.status?.[key] ?? page.values?.[key]));
  }
  showFlow(page);
  showNotices(page.status);
  announce(page, word, sentence);
}

/** Which way energy flows; when that is not known, no way is marked. */
function showFlow({ isLive, values }) {
  setText(element('store-state'), store(values));
  element('gauge').style.setProperty('--charge', (values?.soc ?? 0) / 100);
  const flow = element('flow').dataset;
  const { power, charging, discharging } = isLive ? values : {};
  flow.input = power ? 'on' : 'off';
  flow.store = discharging ? 'feeding' : charging ? 'charging' : 'idle';
  flow.output = isLive && values.outputVoltage > 1 ? 'on' : 'off';
}

/** The unit stands smaller than its number. */
function show(node, text) {
  if (node.textContent === text) return;
  const cut = text.lastIndexOf('\u00a0');
  const isSimple = cut > 0 && text.indexOf('\u00a0') === cut;
  if (!isSimple) return setText(node, text);
  const unit = document.createElement('small');
  unit.textContent = text.slice(cut);
  node.replaceChildren(text.slice(0, cut), unit);
}

function showNotices(status) {
  setHidden(element('is-demo'), !status?.demo);
  setHidden(element('is-dry'), !status?.dryRun);
  setHidden(element('is-drill'), !status?.drill);
  const { problem, dryRunNote, drillNote } = words.texts;
  const notices = [
    status?.drill && [drillNote], status?.dryRun && !status.demo && [dryRunNote],
    status?.problem && [`${problem}: `, ...(status.problems ?? [{ text: status.problem }])],
  ].filter(Boolean);
  const list = element('notices');
  setHidden(list, notices.length === 0);
  const text = JSON.stringify(notices);
  if (list.dataset.shown === text) return;
  list.dataset.shown = text;
  list.replaceChildren(...notices.map(notice));
}

function notice([text, ...problems]) {
  const item = document.createElement('li');
  item.append(text, ...problems.flatMap((problem) => ['; ', said(problem)]).slice(1));
  return item;
}

/** For screen readers: every change of state, and some marks of a countdown, not every second. */
function announce(page, word, sentence) {
  const left = page.isFresh ? page.remaining : null;
  const state = [word, page.status?.shutdown.phase, page.status?.drill].join();
  const mark = milestones.find((seconds) => lastLeft > seconds && left !== null && left <= seconds);
  lastLeft = left;
  if (state === announced && mark === undefined) return;
  const isNew = state !== announced;
  announced = state;
  const intent = plan(page);
  const text = isNew ? `${word}. ${sentence} ${intent}` : '';
  const end = left === null || left === 0 ? '' : isNew && intent ? ` ${span(left)}.`
    : words.texts.announceLeft(span(left));
  setText(element('announcement'), `${text}${end}`);
}
