// The dashboard: carries what the connection brings to the parts of the page, and lets ages and
// countdowns tick between messages.

import { showCapacitors } from './capacitors.js';
import { addToCharts, catchUp, draw } from './charts.js';
import { allowCommands, connectButtons, loseAnswers, showResult } from './commands.js';
import { Connection } from './connection.js';
import { connectDemo, showDemo } from './demo.js';
import { readEvents, tellAges } from './events.js';
import { labelPage } from './language.js';
import { showOutage } from './outage.js';
import { readOutages } from './outages.js';
import { Page } from './page.js';
import { showRegisters } from './registers.js';
import { showTab } from './tab.js';
import { setHidden, showValues } from './values.js';

/** Ms. */
const tickInterval = 200;
/** Some events come without a change of the status object. */
const eventInterval = 30_000;
const page = new Page();
let headline = '';

function render() {
  showValues(page);
  showOutage(page);
  showTab(page);
  allowCommands(page);
  showDemo(page);
  tellAges(page);
}

function received(message) {
  if (message.result) {
    showResult(message.result);
    readPast();
  } else if (message.status && message.shutdown) {
    take(message);
  }
}

function take(status) {
  const wasConnected = page.isConnected;
  page.take(status);
  if (!wasConnected) catchUp();
  addToCharts(status);
  if (!wasConnected || headlineOf(status) !== headline) readPast();
  headline = headlineOf(status);
  showCapacitors(page);
  showRegisters(page);
  render();
}

function readPast() {
  readEvents(draw);
  readOutages();
}

/** What has its own line in the event log. */
function headlineOf({ status, link, problem, drill, measuring, shutdown }) {
  const { phase, incident, delay } = shutdown;
  return [status, link, problem, drill, measuring, phase, incident, delay].join('|');
}

function lost() {
  loseAnswers();
  page.lose();
  render();
}

labelPage();
setHidden(document.getElementById('elsewhere'),
  !['localhost', '127.0.0.1', '[::1]'].includes(location.hostname));
connectDemo();
connectButtons(new Connection({ received, lost }));
render();
setInterval(render, tickInterval);
setInterval(() => page.isFresh && readPast(), eventInterval);
