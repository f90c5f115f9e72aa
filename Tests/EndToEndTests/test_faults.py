"""Answers that are wrong, on line power: each kind once, and each for about five seconds."""

import pytest
from harness import Daemon, boot_time, wait_until

KINDS = ("mute", "garbage", "truncated", "wrong-index", "wrong-length", "bad-size", "unsupported",
         "slow", "duplicate", "noise")


@pytest.fixture
def daemon(place, ups):
    """Wherever power seems to fail, it would shut down after a second."""
    groups = {"server": {"shutdownDelay": 1}, "shutdown": {"deadTime": 2}}
    return Daemon(place, ups.link, **groups).start_linked()


def is_well(daemon):
    status = daemon.status()
    return status["link"] == "ok" and status["status"] == "online" and status["soc"] == 100


def nothing_happened(daemon):
    assert daemon.program.runs
    assert not daemon.shutdowns()
    assert not [event for event in daemon.events()
                if event["event"].startswith(("power_", "shutdown_", "low_"))]


@pytest.mark.parametrize("kind", KINDS)
def test_single(daemon, ups, kind):
    for _ in range(5):
        ups.ask(f"fault {kind}")
        answered = boot_time()
        wait_until(lambda at=answered: boot_time() > at + 0.3)
    wait_until(lambda: is_well(daemon), 2)
    nothing_happened(daemon)


@pytest.mark.parametrize("kind", KINDS)
def test_lasting(daemon, ups, kind):
    started = boot_time()
    ups.ask(f"fault {kind} 1000000")
    wait_until(lambda: boot_time() > started + 5, 6)
    nothing_happened(daemon)
    ups.ask(f"fault {kind} 0")
    wait_until(lambda: is_well(daemon), 2)
    nothing_happened(daemon)


@pytest.mark.parametrize("kind", KINDS)
def test_first_answers(place, ups, kind):
    """From the very first request on."""
    ups.ask(f"fault {kind} 6")
    groups = {"server": {"shutdownDelay": 1}, "shutdown": {"deadTime": 2}}
    daemon = Daemon(place, ups.link, **groups).start()
    wait_until(lambda: is_well(daemon), 8)
    nothing_happened(daemon)
