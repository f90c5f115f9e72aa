// The German words of the charts, of the lists of events and outages, and of the registers. The keys
// are those of en.js.

export const charts = {
  voltages: 'Spannungen',
  currents: 'Ströme',
  powers: 'Leistung',
  charge: 'Ladung',
  input: 'Eingang',
  output: 'Ausgang',
  stack: 'Kondensatoren',
  missing: 'Die Diagramme brauchen das Paket libjs-dygraphs auf dem Rechner.',
  unread: 'Der Verlauf konnte nicht gelesen werden; die Diagramme beginnen jetzt.',
  help: 'Ziehen vergrößert, Doppelklick führt zurück. Mit der Tastatur: Pfeile zeigen Werte, Plus '
    + 'und Minus vergrößern und verkleinern, Escape führt zurück.',
};

export const groups = {
  all: 'Alle Ereignisse',
  power: 'Netz',
  shutdown: 'Abschalten',
  link: 'Verbindung und Broker',
  care: 'Messungen und Warnungen',
  service: 'Dienst',
};

export const eventTexts = {
  none: 'Noch keine Ereignisse.',
  noneOfThese: 'Keine davon unter den letzten hundert.',
  unread: 'Die Ereignisse konnten nicht gelesen werden; was hier steht, kann alt sein.',
};

export const outageTexts = {
  none: 'Bisher keine.',
  unread: 'Die früheren Ausfälle waren nicht zu lesen.',
  goesOn: 'dauert an',
  returned: 'Spannung kam wieder',
  committed: (reason) => `abgeschaltet: ${reason}`,
  forced: (reason) => `abgeschaltet: ${reason}; mit Gewalt beendet`,
  downTo: (charge) => `bis ${charge}`,
};

export const eventNames = {
  service_start: 'Dienst gestartet',
  service_stop: 'Dienst beendet',
  power_fail: 'Netz ausgefallen',
  power_good: 'Netz wieder da',
  shutdown_pending: 'Abschalten steht bevor',
  shutdown_cancelled: 'Abschalten abgebrochen',
  shutdown_delayed: 'Abschalten verschoben',
  shutdown_committed: 'Abschalten begonnen',
  shutdown_failed: 'Abschalten misslungen',
  low_charge: 'Ladung oder Laufzeit gering',
  link_lost: 'Verbindung zur USV verloren',
  link_restored: 'Mit der USV verbunden',
  contradiction: 'Widerspruch',
  overcurrent_on: 'Überstrom',
  overcurrent_off: 'Überstrom vorbei',
  measurement_started: 'Messung begonnen',
  measurement_done: 'Messung beendet',
  broker_lost: 'Broker verloren',
  broker_restored: 'Mit dem Broker verbunden',
  warning: 'Warnung',
  command_refused: 'Befehl abgelehnt',
};

export const registers = {
  none: 'nichts',
  deviceStatus: {
    0: 'lädt', 1: 'entlädt', 2: 'Eingangsspannung da', 3: 'Kondensatoren vorhanden',
    4: 'zum Abschalten aufgefordert', 5: 'zu viel Strom am Ausgang',
  },
  chargeStatus: {
    0: 'lädt (abwärts gewandelt)', 1: 'speist den Ausgang (aufwärts gewandelt)',
    2: 'hält die Spannung', 3: 'Eingangsspannung reicht nicht zum Arbeiten',
    4: 'begrenzt durch den Eingangsstrom', 5: 'Kondensatoren fast voll',
    6: 'leitet an einer vollen Zelle vorbei', 7: 'gleicht die Zellen aus',
    8: 'aus wegen einer Messung', 9: 'lädt mit gleichem Strom', 11: 'Eingangsspannung ausgefallen',
  },
  monitorStatus: {
    0: 'misst', 1: 'Messung vorgesehen', 2: 'Messung wartet auf ihre Bedingungen',
    3: 'Kapazität gemessen', 4: 'ESR gemessen', 5: 'letzte Messung der Kapazität misslungen',
    6: 'letzte Messung des ESR misslungen', 8: 'Netz ausgefallen oder Laderegler unfähig',
    9: 'Netz wieder da',
  },
  alarms: {
    0: 'Zellspannung niedrig', 1: 'Zellspannung hoch', 2: 'GPI-Spannung niedrig',
    3: 'GPI-Spannung hoch', 4: 'Eingangsspannung niedrig', 5: 'Eingangsspannung hoch',
    6: 'Kondensatorspannung niedrig', 7: 'Kondensatorspannung hoch',
    8: 'Ausgangsspannung niedrig', 9: 'Ausgangsspannung hoch', 10: 'Eingangsstrom hoch',
    11: 'Ladestrom niedrig', 12: 'Chip kalt', 13: 'Chip heiß', 14: 'ESR hoch',
    15: 'Kapazität niedrig',
  },
};
