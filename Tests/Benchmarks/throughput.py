"""Replies a second of the raw port: the full status report in a closed loop over loopback, beside
the floor (echo.c) and the peers. Python would be the bottleneck: load.c asks. All take turns, so
that what else the machine does meets all of them."""

import collections
import dataclasses
import json
import pathlib

import peers
from figures import Figure, middle, ratios
from harness import Daemon, Simulator, compiled, free_port, nis, wait_until
from process import cpu_seconds

_HERE = pathlib.Path(__file__).parent
_CONNECTIONS = (1, 8, 64)
_MODES = {"persistent": (25_000, 60_000, 60_000), "one-shot": (5_000, 8_000, 8_000)}
#: Connections and replies take this much longer than their load (s).
_PATIENCE = 10


@dataclasses.dataclass
class _Server:
    name: str
    port: int
    protocol: str = "nis"
    #: Of load.c: a peer is measured with what is best for it.
    options: tuple = ()
    #: Whose CPU time is told.
    pid: int | None = None


def measure(place, seconds, rounds):
    try:
        for name in ("load", "echo"):
            compiled(place.file(name), _HERE / f"{name}.c")
    except LookupError as error:
        return [
            Figure(_title(mode), "/s", (), limits, least=True, note=str(error))
            for mode, limits in _MODES.items()]
    with peers.running(place) as others:
        ups = Simulator(place)
        daemon = Daemon(place, ups.link).start_linked()
        try:
            servers = [
                _Server("ours", daemon.port, pid=daemon.program.pid),
                _start_floor(place, daemon.port), *map(_peer, others)]
            peers.wait_for_values(others)
            return [
                figure for mode in _MODES
                for figure in _figures(mode, _play(place, servers, mode, seconds, rounds))]
        finally:
            daemon.stop()
            ups.program.stop()


def _peer(peer):
    return _Server(peer.name, peer.port, peer.protocol, ("at-once",))


def _start_floor(place, port):
    """It answers with as many bytes as we do."""
    size = sum(len(record.encode()) + 2 for record in nis(port)) + 2
    own = free_port()
    place.start(place.file("echo"), own, size)
    wait_until(lambda: _is_open(place, own))
    return _Server("floor", own)


def _is_open(place, port):
    return place.run(place.file("load"), port, "nis", "one-shot", 1, 0).returncode == 0


def _play(place, servers, mode, seconds, rounds):
    """{name: for each number of connections its runs}."""
    runs = collections.defaultdict(list)
    for connections in _CONNECTIONS:
        turns = collections.defaultdict(list)
        for _ in range(rounds):
            for server in servers:
                turns[server.name].append(_load(place, server, mode, connections, seconds))
        for name, turn in turns.items():
            runs[name].append(turn)
    return runs


def _load(place, server, mode, connections, seconds):
    before = cpu_seconds(server.pid) if server.pid else 0
    done = place.run(
        place.file("load"), server.port, server.protocol, mode, connections, seconds,
        *server.options, timeout=seconds + _PATIENCE)
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    run["rate"] = run["replies"] / run["seconds"]
    if server.pid:
        run["busy"] = (cpu_seconds(server.pid) - before) / run["seconds"]
    return run


def _figures(mode, runs):
    rates = {
        name: tuple(round(middle(run["rate"] for run in turn)) for turn in turns)
        for name, turns in runs.items()}
    ours = rates.pop("ours")
    note = f"{ratios(ours, *rates.items())}; {_manner(runs['ours'])}, {_busy(runs['ours'])}"
    yield Figure(_title(mode), "/s", ours, _MODES[mode], True, note, _failed(runs["ours"]) > 0)
    for name, values in rates.items():
        kind = "the least that a server can do" if name == "floor" else "peer"
        note = f"{kind}; {_manner(runs[name])}"
        yield Figure(f"{_title(mode)}, {name}", "/s", values, (), note=note)


def _title(mode):
    return f"raw port: {mode} 1 / 8 / 64"


def _failed(turns):
    return sum(run["failed"] for turn in turns for run in turn)


def _manner(turns):
    slowest = max(run["slowest"] for turn in turns for run in turn)
    note = f"slowest {slowest * 1000:.0f} ms"
    return f"{_failed(turns)} failed or over 2 s, {note}" if _failed(turns) else note


def _busy(turns):
    """Below 100 %, the daemon waited for the client or for a free core."""
    return " / ".join(f"{middle(run['busy'] for run in turn):.0%}" for turn in turns) + " busy"
