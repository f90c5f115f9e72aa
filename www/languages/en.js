// Every English word of the page. Another language is a file with the same keys beside this one,
// and its code in scripts/language.js. Times and quantities come in ready-made.

/** What ups-server says is English already; other languages have it as de.js does. */
export const sentences = {};

/** By the data-text of an element in index.html. */
export const labels = {
  elsewhere: 'From another machine: ssh -L 10024:localhost:10024 and the name of this host, and '
    + 'this address there; that opens nothing. With server.ip in the configuration everybody who '
    + 'reaches the port may read, and nobody commands without a token.',
  demo: 'Demo',
  dryRun: 'Dry run',
  drill: 'Drill',
  charge: 'Charge',
  runtime: 'Runtime at this load',
  load: 'Load',
  cancel: 'Cancel shutdown',
  delay: 'Delay',
  delayTo: 'Seconds from now',
  token: 'Control token',
  tokenKeep: 'Use it',
  demoHeading: 'Demo: play the mains',
  cut: 'Cut the mains',
  restore: 'Restore the mains',
  unplug: 'Pull the UPS’s cable for 10 s',
  loadOfOutput: 'Load',
  outage: 'Outage',
  outages: 'Past outages',
  flow: 'Flow of energy',
  input: 'Input',
  output: 'Output',
  capacitors: 'Capacitors',
  storeState: 'State of the capacitors',
  voltage: 'Voltage',
  current: 'Current',
  power: 'Power',
  charts: 'History',
  zoomOut: 'Whole range',
  fiveMinutes: '5 min',
  oneHour: '1 h',
  oneDay: '24 h',
  sevenDays: '7 d',
  thirtyDays: '30 d',
  capacitance: 'Capacitance',
  resistance: 'Series resistance (ESR)',
  temperature: 'Temperature of the UPS',
  measure: 'Measure capacitors',
  flags: 'What the charger says',
  chargeStatus: 'Charger',
  monitorStatus: 'Monitor',
  deviceStatus: 'UPS',
  alarms: 'Alarms',
  events: 'Events',
  filter: 'Show only',
  about: 'This UPS and its host',
  series: 'Series',
  batteryType: 'Battery type',
  serial: 'Serial number',
  firmware: 'Firmware',
  hwRevision: 'Hardware revision',
  powerFailCount: 'Power failures since boot',
  energyIn: 'Energy taken in since start',
  energyOut: 'Energy given out since start',
  host: 'Host',
  uptime: 'Host is up for',
  version: 'ups-server',
};

/** What the page says of the state. */
export const texts = {
  title: (host) => `UPS of ${host}`,
  connecting: 'Connecting',
  connectingTo: 'Asking ups-server for the state of the UPS.',
  disconnected: 'No connection to ups-server',
  linkLost: 'Link to the UPS lost',
  since: (moment, span) => `Since ${moment}, for ${span}.`,
  sinceStart: 'No valid answer since ups-server was started.',
  old: 'The values below are the last ones known.',
  retrying: 'Trying again.',
  online: 'On line',
  onlineBut: 'On line, with a problem',
  onBatteryCancelled: 'On battery, shutdown cancelled',
  onBatteryDelayed: 'On battery, shutdown delayed',
  wouldShutDown: 'Dry run: shutting down',
  on_battery: 'On battery',
  low_battery: 'Low battery',
  shutting_down: 'Shutting down',
  inputPresent: 'Input power is present.',
  lookAtProblem: 'Input power is present. What is wrong stands below.',
  inputFailing: 'Input power seems to be failing; it is being confirmed.',
  inputAbsent: 'Input power is absent. The capacitors feed the output.',
  chargeLow: 'Input power is absent, and the charge or the runtime is low.',
  noAnswer: 'The UPS does not answer at the moment.',
  upsAsks: 'Input power is present, but the UPS asks for a shutdown.',
  drillRuns: 'Input power is present. The outage below is a drill.',
  full: 'Full',
  charging: 'Charging',
  discharging: 'Feeding the output',
  notCharging: 'Not charging',
  allIsFull: 'The capacitors are full.',
  allIsCharging: 'The capacitors are charging.',
  allIsIdle: 'The capacitors are not full and are not charging.',
  live: (span) => `Live, < ${span} old`,
  age: (span) => `${span} old`,
  powersOff: 'This host powers off in',
  wouldPowerOff: 'This host would power off in',
  atLatest: 'Cancelled; at the latest it powers off in',
  wouldAtLatest: 'Cancelled; at the latest it would power off in',
  onlyIfLow: 'Cancelled; it still powers off at low charge or runtime',
  noMoment: 'On battery, and no moment for a shutdown is set',
  confirming: 'Being confirmed',
  committed: 'This host is powering off. Power that returns now changes nothing.',
  committedDry: 'Dry run: this host would be powering off. It stays up, and ups-server watches '
    + 'again when power is back.',
  committedDrill: 'Drill: this host would be powering off now',
  lastPlan: (moment) => `When the connection was lost, the shutdown was due at ${moment}.`,
  lastCommitted: 'When the connection was lost, the shutdown had begun.',
  began: 'Power failed',
  asked: 'Shutdown asked for',
  due: (reason) => `Shutdown: ${reason}`,
  begun: (reason) => `Shutdown began: ${reason}`,
  latest: 'Latest moment that the UPS’s own timer leaves',
  ago: (span) => `${span} ago`,
  ahead: (span) => `in ${span}`,
  unknownReason: 'reason not known',
  problem: 'Problem',
  dryRunNote: 'Dry run: ups-server does everything but power the host off.',
  drillNote: 'Drill: the outage shown here is played. Nothing will be powered off.',
  announceLeft: (span) => `${span} left.`,
  /** By what ups-server calls them in its sentences. */
  whoCommands: { dashboard: 'the page', controlSocket: 'command line', mqtt: 'MQTT' },
};

export const reasons = {
  time: 'end of the delay',
  low_charge: 'low charge',
  low_runtime: 'low runtime',
  ups_timer: 'the UPS is about to cut its output',
  link_lost: 'no answer from the UPS on battery',
  ups_request: 'the UPS asked for it',
};

/** Buttons and their answers. */
export const commands = {
  asking: 'Asking …',
  refused: 'Refused',
  until: (moment) => `Holds until ${moment}.`,
  notSent: 'Not sent: there is no connection.',
  noAnswer: 'No answer came: whether it was done is not known.',
  tokenKept: 'Kept until this tab is closed.',
  tooLate: 'The shutdown has begun and cannot be cancelled any more.',
  loopback: 'Read-only: commands are taken only on the host itself, opened as localhost.',
  token: 'Commands from here need the control token.',
  origin: 'Read-only: what stands between this browser and ups-server changes the Host or drops '
    + 'the Origin.',
  off: 'Read-only: commands through the page are switched off (webCommands).',
  disconnected: 'There is no connection to ups-server.',
  measureNote: (voltage) => `Takes a minute or so, switches the charger off meanwhile and takes `
    + `${voltage} from the capacitors.`,
  measureOnBattery: 'Not during an outage.',
  measureNoLink: 'The UPS does not answer.',
  measureCharging: (charge) => `Only when the capacitors are full; the charge is ${charge}.`,
  measureRunning: 'A measurement is running.',
  measuring: (span) => `Measuring for ${span} …`,
  hintOnLine: (delay) => `Cut the mains: after ${delay} this host would power off. `
    + 'Nothing is ever shut down here.',
  hintCommitted: 'Restore the mains: ups-server goes back to watching.',
  hintOnBattery: 'Now cancel or delay the shutdown, restore the mains, or wait for it.',
};

export const capacitors = {
  cell: (number) => `Cell ${number}`,
  balance: (voltage) => `Highest and lowest cell differ by ${voltage}.`,
  ofNew: (percent) => `${percent} of new`,
  newNotKnown: 'value when new not known',
};

export const charts = {
  voltages: 'Voltages',
  currents: 'Currents',
  powers: 'Power',
  charge: 'Charge',
  input: 'Input',
  output: 'Output',
  stack: 'Capacitors',
  missing: 'The charts need the package libjs-dygraphs on the host.',
  unread: 'The history could not be read; the charts go on from now.',
  help: 'Drag to zoom, double-click to go back. With the keyboard: arrows show values, plus and '
    + 'minus zoom, Escape goes back.',
};

/** The filter of the events, and what belongs to each group. */
export const groups = {
  all: 'All events',
  power: 'Power',
  shutdown: 'Shutdown',
  link: 'Link and broker',
  care: 'Measurements and warnings',
  service: 'Service',
};

export const eventTexts = {
  none: 'No events yet.',
  noneOfThese: 'None of these among the last hundred.',
  unread: 'The events could not be read; what stands here may be old.',
};

export const outageTexts = {
  none: 'None has been seen.',
  unread: 'The past outages could not be read.',
  goesOn: 'goes on',
  returned: 'power came back',
  committed: (reason) => `shut down: ${reason}`,
  forced: (reason) => `shut down: ${reason}; ended by force`,
  downTo: (charge) => `down to ${charge}`,
};

export const eventNames = {
  service_start: 'Service started',
  service_stop: 'Service stopped',
  power_fail: 'Power failed',
  power_good: 'Power is back',
  shutdown_pending: 'Shutdown pending',
  shutdown_cancelled: 'Shutdown cancelled',
  shutdown_delayed: 'Shutdown delayed',
  shutdown_committed: 'Shutdown committed',
  shutdown_failed: 'Shutdown failed',
  low_charge: 'Charge or runtime is low',
  link_lost: 'Link to the UPS lost',
  link_restored: 'Linked to the UPS',
  contradiction: 'Contradiction',
  overcurrent_on: 'Overcurrent',
  overcurrent_off: 'Overcurrent is over',
  measurement_started: 'Measurement started',
  measurement_done: 'Measurement done',
  broker_lost: 'Broker lost',
  broker_restored: 'Connected to the broker',
  warning: 'Warning',
  command_refused: 'Command refused',
};

/** By bit, as the data sheet of the LTC3350 and NUT's bicker_ser have them. Reserved bits, which
    are not always 0, have no words. */
export const registers = {
  none: 'nothing',
  deviceStatus: {
    0: 'charging', 1: 'discharging', 2: 'input power is present', 3: 'capacitors are present',
    4: 'has been told to shut down', 5: 'too much current at the output',
  },
  chargeStatus: {
    0: 'charging (step-down)', 1: 'feeding the output (step-up)',
    2: 'keeping the voltage constant', 3: 'input voltage too low to work',
    4: 'limited by the input current', 5: 'capacitors are nearly full',
    6: 'bypassing a full cell', 7: 'balancing the cells', 8: 'off for a measurement',
    9: 'charging with constant current', 11: 'input power failed',
  },
  monitorStatus: {
    0: 'measuring', 1: 'measurement is scheduled', 2: 'measurement waits for its conditions',
    3: 'capacitance was measured', 4: 'ESR was measured',
    5: 'last measurement of capacitance failed', 6: 'last measurement of ESR failed',
    8: 'power failed or charger unable', 9: 'power is back',
  },
  alarms: {
    0: 'cell voltage low', 1: 'cell voltage high', 2: 'GPI voltage low', 3: 'GPI voltage high',
    4: 'input voltage low', 5: 'input voltage high', 6: 'capacitor voltage low',
    7: 'capacitor voltage high', 8: 'output voltage low', 9: 'output voltage high',
    10: 'input current high', 11: 'charging current low', 12: 'chip cold', 13: 'chip hot',
    14: 'ESR high', 15: 'capacitance low',
  },
};
