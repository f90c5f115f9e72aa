// The bits of the UPS's registers in plain words, as the data sheet of its LTC3350 charger and
// NUT's bicker_ser have them. Pure; used by view.js. Reserved bits are not always 0: left out.

import { unknown } from './format.js';

const words = {
  deviceStatus: {
    0: 'charging', 1: 'discharging', 2: 'input power present', 3: 'battery present',
    4: 'shutdown set', 5: 'overcurrent',
  },
  chargeStatus: {
    0: 'step-down (charging)', 1: 'step-up (backup)', 2: 'constant voltage',
    3: 'undervoltage lockout', 4: 'input current limit', 5: 'capacitor power good',
    6: 'shunting', 7: 'balancing', 8: 'charger off for measurement', 9: 'constant current',
    11: 'input power fail',
  },
  monitorStatus: {
    0: 'measurement active', 1: 'measurement scheduled', 2: 'measurement pending',
    3: 'capacitance measured', 4: 'ESR measured', 5: 'last capacitance measurement failed',
    6: 'last ESR measurement failed', 8: 'power failed', 9: 'power returned',
  },
  alarms: {
    0: 'capacitor undervoltage', 1: 'capacitor overvoltage', 2: 'GPI undervoltage',
    3: 'GPI overvoltage', 4: 'input undervoltage', 5: 'input overvoltage',
    6: 'stack undervoltage', 7: 'stack overvoltage', 8: 'output undervoltage',
    9: 'output overvoltage', 10: 'input overcurrent', 11: 'charge undercurrent',
    12: 'die cold', 13: 'die hot', 14: 'ESR high', 15: 'capacitance low',
  },
};

/** `step-down (charging), constant voltage (0x1425)`. */
export function register(name, value) {
  if (!Number.isInteger(value)) return unknown;
  const set = Object.entries(words[name]).filter(([bit]) => value & (1 << bit));
  const digits = name === 'deviceStatus' ? 2 : 4;
  const hex = value.toString(16).toUpperCase().padStart(digits, '0');
  return `${set.map(([, word]) => word).join(', ') || 'none'} (0x${hex})`;
}
