// The dashboard: carries what the connection brings to the view, the buttons and the list of
// events, and lets the countdown tick between messages. Holds the one state of the page.

import { allowCommands, connectButtons, loseAnswers, showResult } from './commands.js';
import { Connection } from './connection.js';
import { readEvents } from './events.js';
import { show } from './view.js';

const tickInterval = 200;
/** Described in state.js. */
const page = { status: null, receivedAt: 0, isConnected: false, since: null };

function render() {
  show(page);
  allowCommands(page);
}

function received(message) {
  if (message.result) {
    showResult(message.result);
    readEvents();
  } else if (message.status && message.shutdown) {
    take(message);
    render();
  }
}

function take(status) {
  const isNews = !page.isConnected || headline(status) !== headline(page.status);
  const wasLost = page.isConnected && page.status.link === 'lost';
  // Kept while the link is lost, so that the moment does not waver with each message.
  if (status.link !== 'lost') page.since = null;
  else if (!wasLost) page.since = lastReading(status);
  page.status = status;
  page.receivedAt = performance.now();
  page.isConnected = true;
  if (isNews) readEvents();
}

/** What has its own line in the event log. */
function headline({ status, link, problem, drill, shutdown }) {
  return [status, link, problem, drill, shutdown.phase, shutdown.incident].join('|');
}

function lastReading({ time, age }) {
  return Number.isFinite(age) ? new Date(Date.parse(time) - age * 1000) : null;
}

function lost() {
  loseAnswers();
  if (page.isConnected || page.since === null) page.since = new Date();
  page.isConnected = false;
  render();
}

connectButtons(new Connection({ received, lost }));
readEvents();
render();
setInterval(render, tickInterval);
