"""The whole daemon stands still (SIGSTOP, a debugger, a host that swaps) and goes on: it looks at
the power before it does what it has missed."""

import contextlib
import signal

import pytest
from decision import is_well, nothing_until, shuts_down_once
from harness import Daemon, boot_time, no_shutdown_until, wait_until

#: Longer than every delay and patience of these tests. (s)
PAUSE = 10


@pytest.fixture
def daemon(place, ups):
    groups = {"server": {"shutdownDelay": 3}, "shutdown": {"deadTime": 5}}
    return Daemon(place, ups.link, **groups).start_linked()


@contextlib.contextmanager
def stopped(daemon, seconds=PAUSE):
    """Goes on after so many seconds, at the end of the block."""
    daemon.program.send(signal.SIGSTOP)
    began = boot_time()
    try:
        yield
        wait_until(lambda: boot_time() > began + seconds, seconds + 1)
    finally:
        daemon.program.send(signal.SIGCONT)


def begin_outage(daemon, ups):
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    return started


def test_line_power(daemon, ups):
    with stopped(daemon):
        pass
    nothing_until(daemon, boot_time() + 3)
    assert is_well(daemon)
    shuts_down_once(daemon, ups.power(False) + 3)


def test_outage_that_goes_on(daemon, ups):
    """The deadline has passed: it commits at once, after one look."""
    begin_outage(daemon, ups)
    with stopped(daemon):
        pass
    shuts_down_once(daemon, boot_time() - 0.1, latest=boot_time() + 0.6)


def test_power_that_is_back(daemon, ups):
    begin_outage(daemon, ups)
    with stopped(daemon):
        ups.power(True)
    no_shutdown_until(daemon, boot_time() + 3)
    assert daemon.shutdown["phase"] == "idle"
    assert is_well(daemon)


def test_outage_that_came_meanwhile(daemon, ups):
    """It counts from the first reading without power, and that comes only now."""
    with stopped(daemon):
        ups.power(False)
    again = boot_time()
    shuts_down_once(daemon, again + 2.9, latest=again + 3.2)


def test_outage_that_came_and_went(daemon, ups):
    with stopped(daemon):
        ups.power(False)
        wait_until(lambda at=boot_time(): boot_time() > at + 4)
        ups.power(True)
    nothing_until(daemon, boot_time() + 3)
    assert is_well(daemon)


def test_deadline_that_is_still_ahead(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 6}).start_linked()
    started = begin_outage(daemon, ups)
    with stopped(daemon, seconds=3):
        pass
    shuts_down_once(daemon, started + 6)


def test_link_that_was_lost_meanwhile(place, ups):
    """Unplugged for longer than anybody waits, and there again: what counts is what it sees now."""
    groups = {"server": {"shutdownDelay": 60}, "shutdown": {"deadTime": 5}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    begin_outage(daemon, ups)
    with stopped(daemon):
        ups.say("unplug")
    # The last valid reading is long ago, and nobody answers any more.
    shuts_down_once(daemon, boot_time() - 0.1, "link_lost", latest=boot_time() + 1.1)
