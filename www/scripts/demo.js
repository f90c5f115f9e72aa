// The panel of a demo, which plays the mains of the simulated UPS. Shown by app.js where the status
// object says that this is one; elsewhere the server refuses these lines.

import { refusal, send } from './commands.js';
import { quantity, span } from './format.js';
import { words } from './language.js';
import { setHidden, setText } from './values.js';

const element = (id) => document.getElementById(id);
const { commands: texts } = words;
const load = element('load');
const seconds = 10;
/** A held key changes the load many times; the server takes ten commands a second. In ms. */
const pause = 150;
let telling = 0;

function tell(line) {
  send({ cmd: 'simulate', line }, element('demo-result'));
}

export function connectDemo() {
  element('power-off').onclick = () => tell('power off');
  element('power-on').onclick = () => tell('power on');
  element('unplug').onclick = () => tell(`unplug ${seconds}`);
  load.oninput = () => showLoad();
  load.onchange = () => {
    clearTimeout(telling);
    telling = setTimeout(() => tell(`load ${load.value}`), pause);
  };
}

export function showDemo(page) {
  const isHere = Boolean(page.status?.demo) && refusal(page) === '';
  setHidden(element('demo'), !isHere);
  if (!isHere) return;
  const { link, power, outputCurrent, shutdown } = page.status;
  element('power-off').disabled = link === 'ok' && !power;
  element('power-on').disabled = link === 'ok' && power;
  element('unplug').disabled = link !== 'ok';
  if (document.activeElement !== load && outputCurrent !== null) load.value = outputCurrent / 1000;
  showLoad();
  setText(element('demo-hint'), hint(shutdown));
}

function hint({ phase, delay }) {
  if (phase === 'idle') return texts.hintOnLine(span(delay));
  return phase === 'committed' ? texts.hintCommitted : texts.hintOnBattery;
}

function showLoad() {
  setText(element('load-value'), quantity(load.valueAsNumber, 'A', 1));
}
