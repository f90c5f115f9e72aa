// The buttons: sends cancel, delay and capesr, and shows each answer beside its button. Used by
// app.js. The server decides whether a command is allowed; here it is only explained.

import { moment } from './format.js';
import { setText } from './view.js';

const element = (id) => document.getElementById(id);
const tokenKey = 'ups-server token';
const longestWait = 5000;
/** By output: the command whose answer is awaited there. */
const waiting = new Map();
let connection;
let token = storedToken();
let refused = null;
let incident = null;

export function connectButtons(toConnection) {
  connection = toConnection;
  const result = element('shutdown-result');
  element('cancel').onclick = () => send({ cmd: 'cancel' }, result);
  element('measure').onclick = () => send({ cmd: 'capesr' }, element('measure-result'));
  element('delay-form').onsubmit = (event) => {
    event.preventDefault();
    send({ cmd: 'delay', seconds: element('seconds').valueAsNumber }, result);
  };
  element('token-form').onsubmit = (event) => {
    event.preventDefault();
    keepToken(element('token').value);
    if (refused) send(refused.command, refused.output);
  };
}

function send(command, output) {
  if (waiting.get(output)?.command.cmd === command.cmd) return;
  const id = freshID();
  const message = token ? { ...command, id, token } : { ...command, id };
  if (!connection.send(message)) return setText(output, 'Not sent: there is no connection.');
  clearTimeout(waiting.get(output)?.timer);
  const timer = setTimeout(() => giveUp(output), longestWait);
  waiting.set(output, { id, command, timer });
  setText(output, 'Asking …');
}

export function showResult({ id, ok, message, deadline }) {
  const [output, asked] = [...waiting].find(([, { id: sent }]) => sent === id) ?? [];
  if (!output) return;
  clearTimeout(asked.timer);
  waiting.delete(output);
  const until = deadline ? ` Deadline: ${moment(deadline)}.` : '';
  setText(output, `${ok ? 'Done' : 'Refused'}: ${message}${until}`);
  askForToken(!ok && /token/i.test(message), asked.command, output);
}

/** The answers that were under way are lost with the connection. */
export function loseAnswers() {
  for (const output of [...waiting.keys()]) giveUp(output);
}

function giveUp(output) {
  clearTimeout(waiting.get(output)?.timer);
  waiting.delete(output);
  setText(output, 'No answer came: whether the command was taken is not known.');
}

/** Enables what may be of use now, and says why the rest is not. */
export function allowCommands(page) {
  const { status } = page;
  const closed = refusal(page);
  const phase = status?.shutdown.phase;
  const isOutage = ['on_battery', 'pending', 'cancelled'].includes(phase);
  const noOutage = phase === 'committed'
    ? 'The shutdown has begun and cannot be cancelled any more.'
    : 'Cancel and Delay can be used during an outage.';
  for (const id of ['cancel', 'delay-button', 'seconds']) {
    element(id).disabled = closed !== '' || !isOutage;
  }
  element('measure').disabled = closed !== '';
  setText(element('why'), closed || (isOutage ? '' : noOutage));
  setText(element('measure-why'), closed || 'Needs a full charge. Switches the charger off '
    + 'meanwhile and takes 200\u00a0mV from the capacitors.');
  const current = status?.shutdown.incident ?? null;
  if (current !== incident) setText(element('shutdown-result'), '');
  incident = current;
}

function refusal({ isConnected, status }) {
  if (!isConnected) return 'There is no connection to ups-server.';
  if (status.control) return '';
  return 'Read-only: ups-server takes no commands from this address. By default it takes them only '
    + 'on the host itself, opened as localhost; the setting webCommands decides.';
}

function askForToken(isNeeded, command, output) {
  const form = element('token-form');
  refused = isNeeded ? { command, output } : null;
  if (!isNeeded && form.contains(document.activeElement)) element('cancel').focus();
  form.hidden = !isNeeded;
  if (!isNeeded) return;
  keepToken('');
  element('token').value = '';
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
