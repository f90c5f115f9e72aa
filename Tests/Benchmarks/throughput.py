"""Replies a second of the raw port: the full status report in a closed loop over loopback. Python
would be the bottleneck: load.c asks, compiled into the folder of the run."""

import json
import pathlib
import shutil
import subprocess

from figures import Figure
from harness import Daemon, Simulator
from process import cpu_seconds

_SOURCE = pathlib.Path(__file__).with_name("load.c")
_CONNECTIONS = (1, 8, 64)
_MODES = (("persistent", (25_000, 60_000, 60_000)), ("one-shot", (5_000, 8_000, 8_000)))


def measure(place, seconds):
    names = [f"raw port: {mode} 1 / 8 / 64" for mode, _ in _MODES]
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        return [
            Figure(name, "/s", (), limits, least=True, note="no C compiler (cc)")
            for name, (_, limits) in zip(names, _MODES)]
    program = place.file("load")
    subprocess.run([compiler, "-O2", "-Wall", "-o", program, str(_SOURCE)], check=True)
    ups = Simulator(place)
    daemon = Daemon(place, ups.link).start_linked()
    try:
        return [
            _figure(name, limits, [
                _load(place, program, daemon, mode, count, seconds)
                for count in _CONNECTIONS])
            for name, (mode, limits) in zip(names, _MODES)]
    finally:
        daemon.stop()
        ups.program.stop()


def _load(place, program, daemon, mode, connections, seconds):
    before = cpu_seconds(daemon.program.pid)
    done = place.run(program, daemon.port, mode, connections, seconds, timeout=seconds + 10)
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    run["busy"] = (cpu_seconds(daemon.program.pid) - before) / run["seconds"]
    return run


def _figure(name, limits, runs):
    values = tuple(round(run["replies"] / run["seconds"]) for run in runs)
    failed = sum(run["failed"] for run in runs)
    slowest = max(run["slowest"] for run in runs)
    # Below 100 %, the daemon waited for the client or for a free core.
    busy = " / ".join(f"{run['busy']:.0%}" for run in runs)
    note = f"slowest {slowest * 1000:.0f} ms, daemon {busy} busy"
    if failed:
        note = f"{failed} failed or over 2 s, {note}"
    return Figure(name, "/s", values, limits, True, note, has_failures=failed > 0)
