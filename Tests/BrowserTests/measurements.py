"""A history as the daemon keeps it, for the time before a test: ordinary days with some short
outages. Used by the tests of the charts and by the screenshots."""

import json
import math
import random
import struct
import time

#: Between outages, how long they are, and how long the capacitors are charged afterwards. (s)
_PERIOD, _OUTAGE, _CHARGING = 20000, 40, 60
#: Step in seconds, and how many rows are kept.
_RINGS = ((1, 900), (10, 8640), (300, 8640))


def write_history(state, seconds):
    """The last so many seconds up to now, into a state directory."""
    now = int(time.time())
    rings = b"".join(_ring(now, min(seconds // step, most), step) for step, most in _RINGS)
    with open(f"{state}/history", "wb") as file:
        file.write(b"ups-server history 1\n" + struct.pack("<q", now * 1000) + rings)
    with open(f"{state}/outages", "w", encoding="utf-8") as file:
        for age in range(170 + seconds // _PERIOD * _PERIOD, 0, -_PERIOD):
            file.write(json.dumps({
                "incident": f"made-{age}", "from": now - age, "to": now - age + _OUTAGE,
                "lowestCharge": 70, "end": "returned"}) + "\n")


def _ring(now, count, step):
    generator = random.Random(1)
    rows = b"".join(
        struct.pack("<q18h", (now - age * step) * 1000, *_row(age * step, step, generator))
        for age in range(count, 0, -1))
    return struct.pack("<ii", step, count) + rows


def _row(age, step, generator):
    """Of a step that begins so many seconds ago: means, and the ranges of voltages and charge."""
    values = _values(age, generator)
    # What is short is in the range only.
    dips = [_values(age - second, generator) for second in range(0, step, 10)]
    inputs, outputs = [[row[index] for row in [values, *dips]] for index in (0, 1)]
    charges = [row[10] for row in [values, *dips]]
    return (*values, min(inputs), max(inputs), min(outputs), max(outputs),
            min(charges), max(charges))


def _values(age, generator):
    """mV, mA, % and °C, in the order in which they are kept."""
    # The last outage was 170 s ago.
    since = (_PERIOD + 170 - age) % _PERIOD
    is_outage, is_charging = since < _OUTAGE, _OUTAGE <= since < _OUTAGE + _CHARGING
    if is_outage:
        missing = since / _OUTAGE
    else:
        missing = 1 - (since - _OUTAGE) / _CHARGING if is_charging else 0
    load = 1 + 0.25 * math.sin(age / 37) ** 8 + generator.uniform(-0.03, 0.03)
    output = 12.1 if is_outage else 12.5
    battery = -output * load / 9.3 if is_outage else 2.0 * is_charging
    stack = 10.4 - 1.3 * missing
    voltage = 0.1 if is_outage else 12.6 + generator.uniform(-0.03, 0.03)
    current = 0 if is_outage else (output * load + 10.5 * max(0, battery)) / 12.6
    volts = [voltage, output, stack, *[stack / 4] * 4]
    thousandths = [round(value * 1000) for value in (*volts, current, load, battery)]
    return (*thousandths, round(100 - 30 * missing), 28)
