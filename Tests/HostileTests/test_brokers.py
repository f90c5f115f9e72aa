"""Hostile brokers: whatever one sends, the decision is on time, memory stays, and the page serves.

A sample of what they send; all of it with HOSTILE_BROKERS=all, in ten minutes."""

import os
import random
import re

from harness import Daemon, boot_time, get, wait_until
from hostile_broker import FATAL, WELCOME, HostileBroker, crash_loop, scripts
from process import descriptors, kilobytes

_DELAY = 1
#: Of a commit, after its deadline; a poll of the status included.
_LATE = 0.5
_SAMPLE = 60


def _daemon(place, ups, broker, **server):
    groups = {
        "server": {"shutdownDelay": _DELAY, **server}, "shutdown": {"dryRun": True},
        "mqtt": {"host": "127.0.0.1", "port": broker.port, "id": "e2e"}}
    return Daemon(place, ups.link, **groups).start_linked()


def _outage_on_time(daemon, ups):
    failed = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "committed", _DELAY + 3)
    assert _DELAY <= boot_time() - failed <= _DELAY + _LATE
    ups.power(True)
    # A hundred outages in a row would empty the capacitors.
    ups.say("charge 100")
    wait_until(lambda: daemon.shutdown["phase"] == "idle", 10)


def _clients(daemon):
    """The processes that the daemon keeps for its connections."""
    pid = daemon.program.pid
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        own = file.read().split()
    threads = os.listdir(f"/proc/{pid}/task")
    for thread in threads:
        with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
            own += file.read().split()
    return set(own)


def test_the_client_has_no_rights_but_the_network(place, ups, broker):
    daemon = _daemon(place, ups, broker)
    wait_until(lambda: _clients(daemon))
    (pid,) = _clients(daemon)
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        limits = file.read()
    assert re.search(rf"Max data size +{64 << 20} +{64 << 20} ", limits)
    assert re.search(r"Max core file size +0 +0 ", limits)
    # The daemon's, output and error, the broker's, and a pair of the library's own.
    assert len(descriptors(pid)) <= 6


def test_a_packet_of_256_megabytes(place, ups):
    """It is refused before memory is taken for it."""
    huge = WELCOME + b"\x30\xff\xff\xff\x7f" + bytes(1000)
    with HostileBroker([huge], patience=3) as broker:
        daemon = _daemon(place, ups, broker)
        wait_until(lambda: any("memory" in event["text"] for event in daemon.events("broker_lost")))


def test_seven_bytes(place, ups):
    """They end the client with an assertion of libmosquitto 2.0.11, at every connection."""
    with HostileBroker(crash_loop()) as broker:
        daemon = _daemon(place, ups, broker)
        wait_until(lambda: broker.played >= 3, 20)
        for _ in range(3):
            _outage_on_time(daemon, ups)
        assert daemon.program.runs
        assert get(daemon.port, "/")[0] == 200
        assert daemon.events("broker_lost")


def _chosen():
    everything = scripts()
    assert len(everything) > 400 and everything[0] == FATAL
    if os.environ.get("HOSTILE_BROKERS") == "all":
        return everything
    return everything[:1] + random.sample(everything[1:], _SAMPLE)


def test_every_way_that_we_know(place, ups):
    """Many brokers, one after the other, while power fails again and again."""
    with HostileBroker(_chosen(), patience=0.02) as broker:
        daemon = _daemon(place, ups, broker)
        pid = daemon.program.pid
        memory = kilobytes(pid, "status", "VmRSS")
        end = boot_time() + 900
        while not broker.is_done and boot_time() < end:
            _outage_on_time(daemon, ups)
            assert get(daemon.port, "/")[0] == 200
        assert broker.is_done
        assert daemon.program.runs and daemon.program.pid == pid
        assert kilobytes(pid, "status", "VmHWM") < memory + 8192
        wait_until(lambda: len(_clients(daemon)) <= 1)
