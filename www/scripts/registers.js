// The bits of the UPS's registers in plain words. Called by app.js.

import { words } from './language.js';
import { setText } from './values.js';

const { registers: texts } = words;
const digits = { deviceStatus: 2, chargeStatus: 4, monitorStatus: 4, alarms: 4 };
const nodes = [...document.querySelectorAll('[data-register]')];

export function showRegisters({ values }) {
  for (const node of nodes) show(node, node.dataset.register, values?.[node.dataset.register]);
}

function show(node, name, value) {
  const shown = String(value);
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  if (!Number.isInteger(value)) return setText(node, '–');
  const meanings = Object.entries(texts[name])
    .filter(([bit]) => value & (1 << bit)).map(([, meaning]) => meaning);
  const raw = document.createElement('code');
  raw.textContent = `0x${value.toString(16).toUpperCase().padStart(digits[name], '0')}`;
  node.replaceChildren(`${meanings.join(', ') || texts.none} `, raw);
}
