"""`make bench`: measures the daemon against its targets, and peers beside it, and prints a table.
Every process is started here and ends here; the UPS is simulated, at the pace of a 38400 baud line.
`--quick`: the same from fewer repetitions, without what is long by nature."""

import argparse
import dataclasses
import json
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

import churn  # noqa: E402
import fanout  # noqa: E402
import fleet  # noqa: E402
import idle  # noqa: E402
import latency  # noqa: E402
import rest  # noqa: E402
import restarts  # noqa: E402
import startup  # noqa: E402
import throughput  # noqa: E402
from figures import Figure, table  # noqa: E402
from harness import BINARY, Place  # noqa: E402

_REST = "MQTT at rest"


@dataclasses.dataclass(frozen=True)
class _Effort:
    """How much of everything."""

    starts: int
    #: Of load for each number of connections, and how often.
    load: float
    rounds: int
    idle: float
    #: In the power failures: for the clients, for the shutdown command.
    outages: int
    commands: int
    fanouts: int
    messages: int
    churn: int
    restarts: int


_FULL = _Effort(20, 1, 3, 30, 40, 40, 10, 10, 10_000, 5)
_QUICK = _Effort(5, 0.15, 1, 3, 8, 4, 2, 3, 10_000, 2)


def main():
    options = _options()
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"{BINARY} is missing: make build")
    began, effort = time.monotonic(), _effort(options)
    place, figures, broken = Place(), [], []
    resting = None
    try:
        if not options.quick and options.part in (None, _REST):
            resting = rest.Rest(place, 60 * options.rest)
        for name, measure in _parts(place, effort, options.quick, resting):
            if options.part in (None, name):
                figures += _measured(name, measure, broken)
    finally:
        if resting:
            resting.close()
        place.close()
    print(table(figures))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\n{time.monotonic() - began:.0f} s on {os.cpu_count()} cores, load average {load}")
    if options.json:
        objects = [figure.object for figure in figures]
        pathlib.Path(options.json).write_text(json.dumps(objects, indent=1) + "\n")
    sys.exit(f"not measured: {', '.join(broken)}" if broken else 0)


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument("--quick", action="store_true", help="less of everything: a minute")
    parser.add_argument("--outages", type=int, metavar="N", help="of each kind")
    parser.add_argument(
        "--rest", type=float, default=10, metavar="MINUTES", help="of MQTT at rest, at least")
    parser.add_argument("--part", metavar="NAME", help=f"only this, for example '{_REST}'")
    return parser.parse_args()


def _effort(options):
    effort = _QUICK if options.quick else _FULL
    if not options.outages:
        return effort
    return dataclasses.replace(effort, outages=options.outages, commands=options.outages)


def _parts(place, effort, is_quick, resting):
    parts = [
        ("Start", lambda: startup.measure(place, effort.starts)),
        ("Raw port", lambda: throughput.measure(place, effort.load, effort.rounds)),
        ("Idle", lambda: idle.measure(place, effort.idle)),
        ("Power failures", lambda: latency.measure(place, effort.outages, effort.commands)),
        ("Many dashboards",
         lambda: fanout.measure(place, 1000, effort.fanouts, effort.messages)),
        ("Dashboards that come and go", lambda: churn.measure(place, effort.churn)),
        ("Broker restarts", lambda: restarts.measure(place, effort.restarts)),
    ]
    if not is_quick:
        parts += [("A fleet on one broker", lambda: fleet.measure(place, 500, 20))]
    return parts + [(_REST, resting.measure)] if resting else parts


def _measured(name, measure, broken):
    """Its figures; a part that breaks costs its own figures, not those of the others."""
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        return list(measure())
    except Exception as error:
        traceback.print_exc()
        broken.append(name)
        reason = str(error).splitlines() or [type(error).__name__]
        return [Figure(name, "", (), (), note=reason[0])]


if __name__ == "__main__":
    main()
