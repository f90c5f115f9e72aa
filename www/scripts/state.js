// What the page says about the UPS, as words: from a Page, and the events of its incident, to text
// and tone.

import { lastEvent } from './events.js';
import { moment, span, unknown } from './format.js';
import { words } from './language.js';

const { texts, reasons } = words;

export const reason = (name) => reasons[name] ?? name ?? texts.unknownReason;

/** { word, sentence, tone: ok, problem, warn, bad or off } */
export function describe(page) {
  const { status } = page;
  if (!page.isFresh) return disconnected(page);
  const { phase } = status.shutdown;
  const isPlayed = status.drill && status.status !== 'comm_lost';
  switch (status.status) {
    case 'shutting_down':
      return status.dryRun
        ? { word: texts.wouldShutDown, tone: 'warn', sentence: committed(page) }
        : { word: texts.shutting_down, tone: 'bad', sentence: committed(page) };
    case 'comm_lost':
      return {
        word: texts.linkLost, sentence: lostLink(page),
        // One that has never answered is no lost link yet, and needs somebody.
        tone: phase !== 'idle' ? 'bad' : page.linkLostOn === null && status.problem ? 'problem' : 'off',
      };
    case 'low_battery':
      return { word: texts.low_battery, tone: 'bad', sentence: texts.chargeLow };
    case 'on_battery':
      return { word: onBattery(status), tone: 'warn', sentence: texts.inputAbsent };
    default:
      return online(status, phase, isPlayed);
  }
}

function onBattery({ shutdown: { phase, incident } }) {
  if (phase === 'cancelled') return texts.onBatteryCancelled;
  const isDelayed = phase === 'pending' && lastEvent('shutdown_delayed', incident) !== null;
  return isDelayed ? texts.onBatteryDelayed : texts.on_battery;
}

function online(status, phase, isPlayed) {
  const word = texts.online;
  if (status.link === 'stale') return { word, tone: 'off', sentence: texts.noAnswer };
  if (isPlayed) return { word, tone: 'warn', sentence: texts.drillRuns };
  if (phase === 'idle' && status.problem) {
    return { word: texts.onlineBut, tone: 'problem', sentence: texts.lookAtProblem };
  }
  if (phase === 'idle') {
    return { word, tone: 'ok', sentence: `${texts.inputPresent} ${charge(status)}` };
  }
  const sentence = phase === 'confirming' ? texts.inputFailing : texts.upsAsks;
  return { word, tone: 'warn', sentence };
}

function disconnected(page) {
  if (page.isAwaited) {
    return { word: texts.connecting, tone: 'off', sentence: texts.connectingTo };
  }
  const since = texts.since(moment(page.receivedOn), span(page.silence / 1000));
  const sentence = [since, lastPlan(page.status), page.values ? texts.old : '', texts.retrying];
  return { word: texts.disconnected, tone: 'off', sentence: sentence.filter(Boolean).join(' ') };
}

function lastPlan(status) {
  const { phase, deadline } = status?.shutdown ?? {};
  if (phase === 'committed') return texts.lastCommitted;
  return deadline ? texts.lastPlan(moment(deadline)) : '';
}

function lostLink(page) {
  if (page.linkLostOn === null) return texts.sinceStart;
  const passed = (page.now - page.linkLostOn) / 1000;
  const since = texts.since(moment(page.linkLostOn, page.now), span(passed));
  return page.values ? `${since} ${texts.old}` : since;
}

function committed(page) {
  const { dryRun, link } = page.status;
  const sentence = dryRun ? texts.committedDry : texts.committed;
  return link === 'lost' ? `${sentence} ${texts.linkLost}. ${lostLink(page)}` : sentence;
}

function charge({ charging, soc }) {
  if (charging) return texts.allIsCharging;
  return soc === 100 ? texts.allIsFull : texts.allIsIdle;
}

/** What the capacitors do, in a word or two. */
export function store(status) {
  if (!status || status.discharging === null) return unknown;
  if (status.discharging) return texts.discharging;
  if (status.charging) return texts.charging;
  return status.soc === 100 ? texts.full : texts.notCharging;
}

/** What will happen to the host, in words that a countdown may follow; empty: that is said in the
    state already. */
export function plan(page) {
  const { status } = page;
  if (!page.isFresh || status.shutdown.phase === 'idle') return '';
  const isPlayed = status.drill || status.dryRun;
  const powersOff = isPlayed ? texts.wouldPowerOff : texts.powersOff;
  const isDue = page.remaining !== null;
  switch (status.shutdown.phase) {
    case 'confirming': return isDue ? powersOff : texts.confirming;
    case 'cancelled':
      if (!isDue) return texts.onlyIfLow;
      return isPlayed ? texts.wouldAtLatest : texts.atLatest;
    case 'committed': return status.drill ? texts.committedDrill : '';
    default: return isDue ? powersOff : texts.noMoment;
  }
}

/** How old what is shown is. */
export function age(page) {
  if (!page.isFresh || page.age === null) return '';
  const whole = Math.floor(page.age);
  return page.isLive ? texts.live(span(whole + 1)) : texts.age(span(whole));
}
