// Sends commands and shows each answer beside its button. Used by whatever has a button. The
// server decides whether a command is allowed; here it is only explained.

import { eventsBetween } from './events.js';
import { moment, quantity, span, valueOf } from './format.js';
import { words } from './language.js';
import { said } from './sentences.js';
import { setHidden, setText } from './values.js';

const element = (id) => document.getElementById(id);
const { commands: texts } = words;
/** Those whose command takes nothing. */
const buttons = document.querySelectorAll('[data-command]');
const tokenKey = 'ups-server token';
/** Ms. */
const longestWait = 5_000;
/** Of an answer that does not say until when it holds. */
const shownFor = 60_000;
/** By output: the command whose answer is awaited there. */
const waiting = new Map();
let connection;
let token = storedToken();
let refused = null;
let shownIncident = null;
/** By output: when its answer has said what it says long enough, in ms since 1970. */
const expiries = new Map();
/** When the measurement began whose result is to come, in ms since 1970. */
let measuredSince = null;

export function connectButtons(toConnection) {
  connection = toConnection;
  for (const button of buttons) {
    const output = document.querySelector(`output[for~="${button.id}"]`);
    button.onclick = () => send({ cmd: button.dataset.command }, output);
  }
  element('delay-form').onsubmit = (event) => {
    event.preventDefault();
    const seconds = element('seconds').valueAsNumber;
    send({ cmd: 'delay', seconds }, element('shutdown-result'));
  };
  element('token-form').onsubmit = (event) => {
    event.preventDefault();
    keepToken(element('token').value);
    element('token').value = '';
    send({ cmd: 'access' }, element('token-result'));
  };
}

export function send(command, output) {
  const isUnderWay = JSON.stringify(waiting.get(output)?.command) === JSON.stringify(command);
  if (isUnderWay) return;
  const id = freshID();
  const message = token ? { ...command, id, token } : { ...command, id };
  if (!connection.send(message)) return setText(output, texts.notSent);
  clearTimeout(waiting.get(output)?.timer);
  const timer = setTimeout(() => giveUp(output), longestWait);
  waiting.set(output, { id, command, timer });
  setText(output, texts.asking);
}

export function showResult({ id, ok, message: text, sentence, deadline }) {
  const [output, asked] = [...waiting].find(([, { id: sent }]) => sent === id) ?? [];
  if (!output) return;
  clearTimeout(asked.timer);
  waiting.delete(output);
  const message = said({ text, sentence });
  if (asked.command.cmd === 'access') return showToken(ok, message, output);
  const until = deadline ? ` ${texts.until(moment(deadline))}` : '';
  answer(output, ok, message, until);
  expiries.set(output, deadline ? Date.parse(deadline) : Date.now() + shownFor);
  if (['tokenWanted', 'tokenWrong'].includes(sentence?.key)) forgetToken(asked.command, output);
}

function answer(output, ok, message, until = '') {
  output.replaceChildren(ok ? '✓ ' : `${texts.refused}: `, message, until);
  output.classList.toggle('refused', !ok);
}

/** What was refused for want of it is asked again. */
function showToken(ok, message, output) {
  if (!ok) {
    keepToken('');
    answer(output, ok, message);
    element('token').focus();
    return;
  }
  setText(output, texts.tokenKept);
  if (refused) send(refused.command, refused.output);
  refused = null;
}

/** The answers that were under way are lost with the connection. */
export function loseAnswers() {
  for (const output of [...waiting.keys()]) giveUp(output);
}

function giveUp(output) {
  clearTimeout(waiting.get(output)?.timer);
  waiting.delete(output);
  setText(output, texts.noAnswer);
}

/** Enables what may be of use now, and says why the rest is not. */
export function allowCommands(page) {
  const closed = refusal(page);
  const { phase, incident } = page.status?.shutdown ?? {};
  const isOver = phase === 'committed';
  for (const button of buttons) button.disabled = closed !== '';
  for (const id of ['cancel', 'delay', 'seconds']) {
    element(id).disabled = closed !== '' || isOver;
  }
  if (phase === 'cancelled') element('cancel').disabled = true;
  setText(element('why'), isOver ? texts.tooLate : closed);
  const obstacle = closed || obstacleToMeasuring(page.status);
  element('measure').disabled = obstacle !== '';
  setText(element('measure-why'), obstacle || texts.measureNote(quantity(200, 'mV')));
  setHidden(element('token-form'), page.status?.access !== 'token' || token !== '');
  if (incident !== shownIncident) setText(element('shutdown-result'), '');
  shownIncident = incident;
  followMeasurement(page);
  for (const [output, end] of expiries) {
    if (Date.now() < end) continue;
    expiries.delete(output);
    setText(output, '');
  }
}

/** From its beginning, whoever asked for it, to its result. */
function followMeasurement({ isFresh, status, now }) {
  const output = element('measure-result');
  if (isFresh && status.measuring) {
    measuredSince ??= now;
    expiries.delete(output);
    setText(output, texts.measuring(span((now - measuredSince) / 1000)));
  } else if (measuredSince !== null) {
    const end = eventsBetween(measuredSince, Infinity)
      .find(({ name }) => name === 'measurement_done');
    if (!end) return;
    measuredSince = null;
    // One that has failed was not refused: its sentence says what it was.
    const hasFailed = (end.sentence?.key ?? 'measurementDone') !== 'measurementDone';
    output.replaceChildren(hasFailed ? '' : '✓ ', said(end));
    output.classList.toggle('refused', hasFailed);
    expiries.set(output, Date.now() + 10 * shownFor);
  }
}

/** Why nothing can be commanded from here; empty: it can. */
export function refusal({ isFresh, status }) {
  if (!isFresh) return texts.disconnected;
  if (status.control && (status.access !== 'token' || token !== '')) return '';
  return texts[status.access] ?? texts.off;
}

function obstacleToMeasuring({ link, soc, measuring, shutdown }) {
  if (shutdown.phase !== 'idle') return texts.measureOnBattery;
  if (link !== 'ok') return texts.measureNoLink;
  if (measuring) return texts.measureRunning;
  return soc === 100 ? '' : texts.measureCharging(valueOf('soc', soc));
}

function forgetToken(command, output) {
  refused = { command, output };
  keepToken('');
  setHidden(element('token-form'), false);
  setText(element('token-result'), output.textContent);
  element('token').focus();
}

/** The answer to a repeated id is the old one, so each command gets its own. */
function freshID() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// A browser may refuse any storage: then the token lasts until the page is left.
function storedToken() {
  try {
    return sessionStorage.getItem(tokenKey) ?? '';
  } catch {
    return '';
  }
}

function keepToken(newToken) {
  token = newToken;
  try {
    sessionStorage.setItem(tokenKey, newToken);
  } catch {
    return;
  }
}
