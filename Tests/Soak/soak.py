"""`make soak-day`: the troubles of years in an hour. Outages, lost links, broker restarts, reloads,
log rotations and clients that come and go, at random from a seed; two daemons with a simulated UPS
each, made dense by their configuration only."""

import argparse
import os
import pathlib
import random
import sys
import threading
import time

_TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(_TESTS / "Harness"), str(_TESTS / "Benchmarks")]

import flatness  # noqa: E402
from harness import BINARY, Place, boot_time  # noqa: E402
from lane import Lane  # noqa: E402
from report import Report  # noqa: E402
from world import World  # noqa: E402

#: Of the histories, so many may be lost to a machine that stood still.
_MOST_NOT_JUDGED = 0.1


def main():
    options = _options()
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"{BINARY} is missing: make build")
    if os.geteuid() == 0:
        # As the daemon itself: who dates the decisions must not wait behind everybody else.
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    print(f"seed {options.seed}, {options.minutes:g} minutes", flush=True)
    report, began = Report(), time.monotonic()
    place = Place()
    try:
        world = World(place, report, options.seed)
        try:
            _play(world, report, options)
            _judge(world, report)
        finally:
            world.close()
    finally:
        place.close()
    print(report.table((time.monotonic() - began) / 60, world.samples))
    if report.failures:
        print(f"\n{len(report.failures)} failures, seed {options.seed}:")
        sys.exit("\n".join(report.failures))


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), metavar="N")
    return parser.parse_args()


def _play(world, report, options):
    ended = threading.Event()
    clock = threading.Thread(target=_tell, args=(world, report, ended))
    clock.start()
    try:
        Lane(world, report, options.seed).play(boot_time() + options.minutes * 60)
    finally:
        ended.set()
        clock.join()


def _tell(world, report, ended):
    minute = 0
    while not ended.wait(60):
        minute += 1
        memory = f"RSS {world.samples[-1].rss} kB, " if world.samples else ""
        load = os.getloadavg()[0]
        print(f"{report.progress(minute)}, {memory}load {load:.1f}", flush=True)


def _judge(world, report):
    """What shows only at the end."""
    for sentence in flatness.differences(world.samples):
        report.fail(f"Not flat: {sentence}")
    if report["not judged"] > _MOST_NOT_JUDGED * report["outages"]:
        report.fail(f"{report['not judged']} histories were not judged: the machine is too slow")
    with world.trouble.lock:
        world.trouble.is_over = True
        try:
            world.compare()
            world.stop()
        except Exception as error:  # it may have ended
            report.fail(f"At the end: {error!r}")


if __name__ == "__main__":
    main()
