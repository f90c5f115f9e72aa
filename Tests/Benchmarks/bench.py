"""`make bench`: measures the daemon against its targets and prints a table. Every process is
started here and ends here; the UPS is simulated, at the pace of a 38400 baud line."""

import argparse
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEndTests"))

import churn  # noqa: E402
import fanout  # noqa: E402
import fleet  # noqa: E402
import idle  # noqa: E402
import latency  # noqa: E402
import rest  # noqa: E402
import restarts  # noqa: E402
import startup  # noqa: E402
import throughput  # noqa: E402
from figures import table  # noqa: E402
from harness import BINARY, Place  # noqa: E402


def main():
    options = _options()
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"{BINARY} is missing: make build")
    began, figures = time.monotonic(), []
    place = Place()
    try:
        resting = rest.Rest(place, 60 * options.rest)
        try:
            for name, measured in _parts(place, options, resting):
                if options.part not in (None, name):
                    continue
                print(f"{name} …", file=sys.stderr, flush=True)
                figures += measured()
        finally:
            resting.close()
    finally:
        place.close()
    print(table(figures))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\n{time.monotonic() - began:.0f} s on {os.cpu_count()} cores, load average {load}")
    if options.json:
        objects = [figure.object for figure in figures]
        pathlib.Path(options.json).write_text(json.dumps(objects, indent=1) + "\n")


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument("--outages", type=int, default=40, metavar="N", help="of each kind")
    parser.add_argument(
        "--rest", type=float, default=10, metavar="MINUTES", help="of MQTT at rest, at least")
    parser.add_argument("--part", metavar="NAME", help="only this, for example 'MQTT at rest'")
    return parser.parse_args()


def _parts(place, options, resting):
    return [
        ("Start", lambda: startup.measure(place, 20)),
        ("Raw port", lambda: throughput.measure(place, 1, 3)),
        ("Idle", lambda: idle.measure(place, 30)),
        ("Power failures", lambda: list(latency.measure(place, options.outages, options.outages))),
        ("Many dashboards", lambda: fanout.measure(place, 1000, 10, 10)),
        ("Dashboards that come and go", lambda: churn.measure(place, 10_000)),
        ("Broker restarts", lambda: restarts.measure(place, 5)),
        ("A fleet on one broker", lambda: fleet.measure(place, 500, 20)),
        ("MQTT at rest", resting.measure),
    ]


if __name__ == "__main__":
    main()
