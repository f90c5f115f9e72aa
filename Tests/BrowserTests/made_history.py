"""A made history, answered in the page instead of the server: 30 days in which nothing happens but
one outage of half an hour and one sag of seconds, so that a test knows what it has to see."""

import json

#: Ago, in seconds: the outage began and ended; the sag, which lasts SAG_LENGTH.
OUTAGE, OUTAGE_END, SAG, SAG_LENGTH = 620_000, 618_200, 150_000, 3
#: The lowest voltage and charge of the sag.
SAG_VOLTAGE, SAG_CHARGE = 3.0, 70

#: Filled in by `script`. Steps and rows as the server's.
_SCRIPT = """
  const events = %(events)s, outage = %(outage)s, gap = %(gap)s, sag = %(sag)s, length = %(length)s;
  const columns = ['time', 'inputVoltage', 'outputVoltage', 'batteryVoltage', 'inputCurrent',
    'outputCurrent', 'batteryCurrent', 'inputPower', 'outputPower', 'soc', 'inputVoltageMin',
    'inputVoltageMax', 'outputVoltageMin', 'outputVoltageMax', 'socMin',
    'socMax'];
  const now = Math.floor(Date.now() / 1000);
  const stamp = (age) => new Date((now - age) * 1000).toISOString();
  const isWithin = (time, step, [began, ended]) => time < now - ended && time + step > now - began;
  const values = (time, step) => {
    if (gap && isWithin(time, step, gap)) return columns.slice(1).map(() => null);
    const noise = (frequency) => %(noise)s * Math.sin(time / step * frequency);
    const isOut = outage.some((one) => isWithin(time, step, one));
    const isSag = isWithin(time, step, [sag, sag - length]);
    const share = isSag ? Math.min(1, length / step) : 0;
    const input = isOut ? 0.1 : (1 - share) * (12.6 + noise(2.1)) + share * %(voltage)s;
    const load = 1 + 0.2 * Math.sin(time / 27500) ** 8;
    const [output, soc] = isOut ? [12.1, 74] : [12.5 + noise(2.7), 100];
    const current = isOut ? 0 : output * load / input;
    const spread = step === 1 ? 0 : 0.04;
    return [input, output, isOut ? 9.4 : 10.4, 1000 * current, 1000 * load, isOut ? -1300 : 0,
      input * current, output * load, soc - share * (100 - %(charge)s),
      isSag ? %(voltage)s : input - spread, input + spread, output - spread, output + spread,
      isSag ? %(charge)s : isOut ? 70 : soc, isOut ? soc : 100];
  };
  const answer = (seconds) => {
    const step = seconds <= 900 ? 1 : seconds <= 86400 ? 10 : 300;
    const rows = [];
    const first = Math.ceil((now - seconds) / step) * step;
    for (let time = first; time <= now; time += step) {
      rows.push([new Date(time * 1000).toISOString(), ...values(time, step)]);
    }
    const outages = outage.filter(([began]) => began < seconds)
      .map(([from, to]) => ({ from: stamp(from), to: stamp(to) }));
    return { seconds, step, columns, rows, outages };
  };
  const real = window.fetch;
  window.asked = [];
  window.fetch = (url, options) => {
    const [, seconds] = /^api\\/history\\?seconds=(\\d+)/.exec(url) ?? [];
    if (seconds) window.asked.push(Number(seconds));
    if (seconds) return Promise.resolve(Response.json(answer(Number(seconds))));
    if (!url.startsWith('api/events') || events.length === 0) return real(url, options);
    return Promise.resolve(Response.json({ events: events.map(
      ([event, age]) => ({ time: stamp(age), event, incident: null, text: '' })) }));
  };"""


def script(outages=((OUTAGE, OUTAGE_END),), sag=SAG, events=(), gap=None, noise=0.005):
    """For Page.addScriptToEvaluateOnNewDocument. `outages` are [began, ended] and so is the `gap`
    in which there was no reading; `events` are [name, when], newest first; each in seconds ago.
    Without events the server's are shown. `noise` in V."""
    return "(() => {" + _SCRIPT % {
        "events": json.dumps(events), "outage": json.dumps(outages),
        "gap": json.dumps(gap), "sag": sag, "length": SAG_LENGTH, "voltage": SAG_VOLTAGE,
        "charge": SAG_CHARGE, "noise": noise} + "})();"
