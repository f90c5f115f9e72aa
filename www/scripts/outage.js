// The outage: the countdown, and what happened and will happen when. Called by app.js.

import { eventTime, lastEvent, nameOfEvent } from './events.js';
import { countdown, moment, span } from './format.js';
import { words } from './language.js';
import { plan, reason } from './state.js';
import { setHidden, setText } from './values.js';

const element = (id) => document.getElementById(id);
const { texts } = words;

export function showOutage(page) {
  const isOutage = page.isFresh && page.status.shutdown.phase !== 'idle';
  setHidden(element('outage'), !isOutage);
  document.body.classList.toggle('outage', isOutage);
  if (!isOutage) return;
  const left = page.remaining;
  const isOver = page.status.shutdown.phase === 'committed';
  setText(element('plan'), plan(page));
  setHidden(element('due'), plan(page) === '');
  for (const id of ['cancel', 'delay-form']) setHidden(element(id), isOver);
  setHidden(element('countdown'), left === null);
  const text = left === null ? '' : countdown(left);
  element('countdown').classList.toggle('long', text.length > '59:59'.length);
  setText(element('countdown'), text);
  const moments = momentsOf(page);
  showTrack(page, moments);
  showMoments(page, moments);
}

/** [{ time (ms), name, kind }], oldest first. */
function momentsOf({ status: { shutdown } }) {
  const { incident, phase, deadline, latest } = shutdown;
  const time = (text) => (text === null ? null : Date.parse(text));
  const isCommitted = phase === 'committed';
  const cause = shutdown.reason === 'ups_request' ? texts.asked : texts.began;
  const due = (isCommitted ? texts.begun : texts.due)(reason(shutdown.reason));
  return [
    { kind: 'began', time: eventTime('power_fail', incident), name: cause },
    ...['shutdown_delayed', 'shutdown_cancelled'].map((name) => changed(name, incident)),
    { kind: 'due', time: isCommitted ? eventTime('shutdown_committed', incident) : time(deadline),
      name: due },
    { kind: 'latest', time: isCommitted || shutdown.reason === 'ups_timer' ? null : time(latest),
      name: texts.latest },
  ].filter((entry) => entry.time !== null);
}

/** Who changed the plan, and when. */
function changed(name, incident) {
  const { time, sentence } = lastEvent(name, incident) ?? { time: null };
  const { key, values } = sentence ?? {};
  const { origin } = (key === 'drill' ? values.text.values : values) ?? {};
  const by = origin ? ` (${texts.whoCommands[origin.key]})` : '';
  return { kind: 'changed', time, name: `${nameOfEvent(name)}${by}` };
}

/** How far it is between the failure and the last of the moments. */
function showTrack(page, moments) {
  const find = (kind) => moments.find((entry) => entry.kind === kind)?.time ?? null;
  const [began, due] = [find('began'), find('due')];
  const end = moments.at(-1)?.time ?? null;
  const isOver = page.status.shutdown.phase === 'committed';
  const isKnown = !isOver && began !== null && due !== null && end > began;
  setHidden(element('track'), !isKnown);
  if (!isKnown) return;
  const share = (time) => Math.min(1, Math.max(0, (time - began) / (end - began)));
  element('track').style.setProperty('--past', share(page.now));
  element('track').style.setProperty('--due', share(due));
}

function showMoments(page, moments) {
  const list = element('moments');
  while (list.children.length > moments.length) list.lastChild.remove();
  moments.forEach(({ kind, time, name }, index) => {
    const item = list.children[index] ?? list.appendChild(newItem());
    item.className = kind;
    const isDue = kind === 'due' && page.remaining !== null;
    const seconds = isDue ? page.remaining : Math.round((time - page.now) / 1000);
    const distance = seconds < 0 ? texts.ago(span(-seconds)) : texts.ahead(span(seconds));
    const [clock, what] = item.children;
    setText(clock, moment(time, page.now));
    const [sentence, relative] = what.children;
    setText(sentence, name);
    setText(relative, distance);
  });
}

function newItem() {
  const [item, clock, what, sentence, relative] = ['li', 'time', 'span', 'span', 'small']
    .map((name) => document.createElement(name));
  what.append(sentence, ' ', relative);
  item.append(clock, what);
  return item;
}
