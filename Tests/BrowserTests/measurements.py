"""A measurement log as the daemon writes it, for the history before a test: an ordinary day with
some short outages. Used by the tests of the charts and by the screenshots."""

import math
import random
import time

_COLUMNS = ("TIME;IN_V;IN_A;IN_W;OUT_V;OUT_A;OUT_W;LOAD;BATT_V;BATT_A;SOC;VCAP1;VCAP2;VCAP3;VCAP4;"
            "TEMP\n")
#: Between outages, how long they are, and how long the capacitors are charged afterwards. (s)
_PERIOD, _OUTAGE, _CHARGING = 20000, 40, 60


def write_measurements(folder, seconds, step):
    """Rows for the last so many seconds up to now."""
    generator = random.Random(1)
    now = int(time.time())
    files = {}
    for age in range(seconds, 0, -step):
        moment = time.localtime(now - age)
        row = f"{time.strftime('%Y-%m-%d %H:%M:%S', moment)};{_values(age, generator)}\n"
        files.setdefault(time.strftime("%Y-%m-%d", moment), []).append(row)
    for day, rows in files.items():
        with open(f"{folder}/ups-server_{day}.csv", "w", encoding="utf-8") as file:
            file.write(_COLUMNS + "".join(rows))


def _values(age, generator):
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
    cell = f"{stack / 4:.3f}"
    return (f"{voltage:.3f};{current:.3f};{voltage * current:.3f};{output:.3f};{load:.3f};"
            f"{output * load:.3f};{output * load / 0.62:.0f};{stack:.3f};{battery:.3f};"
            f"{100 - 30 * missing:.0f};{cell};{cell};{cell};{cell};28")
