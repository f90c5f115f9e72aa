"""A serial line whose calls fail, fall short, or never come back."""

import errno
import signal

import pytest
from decision import is_well, nothing_until, shuts_down_once
from harness import Daemon, boot_time, wait_until
from interposed import HANG, SHORT, Faults
from limits import Effort

#: Rules, and the calls that they hit.
KINDS = {
    "read-EIO": ({"line_read": errno.EIO}, "read"),
    "write-EIO": ({"line_write": errno.EIO}, "write"),
    "read-EAGAIN": ({"line_read": errno.EAGAIN}, "read"),
    "write-EAGAIN": ({"line_write": errno.EAGAIN}, "write"),
    "write-short": ({"line_write": SHORT}, "write"),
    "every-third-read": ({"line_read": errno.EIO, "every": 3}, "read"),
}
#: Nothing is lost by these.
HARMLESS = {
    "read-short": ({"line_read": SHORT}, "read"),
    "every-second-EINTR": ({"line_read": errno.EINTR, "every": 2}, "read"),
    "poll-EIO": ({"line_poll": errno.EIO}, "poll"),
    "poll-EINTR": ({"line_poll": errno.EINTR}, "poll"),
}


def start(place, ups, delay=3, dead=2):
    groups = {"server": {"shutdownDelay": delay}, "shutdown": {"deadTime": dead}}
    daemon = Daemon(place, ups.link, **groups)
    faults = Faults(place, daemon, ups.link)
    daemon.start_linked(wrapper=faults.wrapper)
    return daemon, faults


def begin_outage(daemon, ups):
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    return started


@pytest.mark.parametrize("kind", KINDS)
def test_on_line_power(place, ups, kind):
    """Longer than it takes to lose the link and to give up on it: nothing happens."""
    rules, hits = KINDS[kind]
    daemon, faults = start(place, ups, delay=1, dead=2)
    faults.set(**rules)
    nothing_until(daemon, boot_time() + 4)
    assert faults.hits(hits)
    faults.clear()
    wait_until(lambda: is_well(daemon), 4)


@pytest.mark.parametrize("kind", KINDS)
def test_deadline(place, ups, kind):
    """It begins in an outage and lasts; the deadline is earlier than the end of all patience."""
    rules, hits = KINDS[kind]
    daemon, faults = start(place, ups, dead=10)
    started = begin_outage(daemon, ups)
    faults.set(**rules)
    # Without an answer a last look is taken for up to 1 s.
    shuts_down_once(daemon, started + 3, latest=started + 4)
    assert faults.hits(hits)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("every")])
def test_link_lost(place, ups, kind):
    daemon, faults = start(place, ups, delay=60)
    begin_outage(daemon, ups)
    before = boot_time()
    faults.set(**KINDS[kind][0])
    # Counted from the last valid reading, up to a status interval before.
    shuts_down_once(daemon, before + 1.7, "link_lost", latest=boot_time() + 2)


@pytest.mark.parametrize("kind", KINDS)
def test_over_in_time(place, ups, kind):
    """A second of it in an outage: the link is there again, and the deadline is what it was."""
    daemon, faults = start(place, ups, delay=5, dead=4)
    started = begin_outage(daemon, ups)
    faults.set(**KINDS[kind][0])
    wait_until(lambda: boot_time() > started + 1.5)
    faults.clear()
    wait_until(lambda: daemon.status()["link"] == "ok", 3)
    shuts_down_once(daemon, started + 5)


@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless(place, ups, kind):
    rules, hits = HARMLESS[kind]
    daemon, faults = start(place, ups)
    faults.set(**rules)
    with Effort(daemon.program.pid) as effort:
        nothing_until(daemon, boot_time() + 2)
    assert effort.part < 0.5
    assert is_well(daemon)
    shuts_down_once(daemon, ups.power(False) + 3)
    assert faults.hits(hits)


def test_driver_that_never_closes(place, ups):
    """An adapter is pulled and plugged again, and the close of the old one is stuck."""
    daemon, faults = start(place, ups, delay=5, dead=4)
    started = begin_outage(daemon, ups)
    faults.set(line_close=HANG)
    ups.say("unplug 1")
    wait_until(lambda: faults.hits("close"))
    wait_until(lambda: daemon.status()["link"] == "ok", 4)
    shuts_down_once(daemon, started + 5)


def test_driver_that_never_opens(place, ups):
    daemon, faults = start(place, ups, delay=60, dead=3)
    begin_outage(daemon, ups)
    faults.set(line_open=HANG)
    pulled = ups.say("unplug 1")
    run = shuts_down_once(daemon, pulled + 2.7, "link_lost", latest=pulled + 3)
    assert faults.hits("open")
    assert daemon.shutdown["incident"] == run.incident
    faults.clear()
    wait_until(lambda: daemon.status()["link"] == "ok", 3)


def test_far_end_that_never_reads(place, ups):
    """The device stands still: what is written is taken by the kernel and goes nowhere."""
    daemon, _ = start(place, ups, delay=60)
    begin_outage(daemon, ups)
    stopped = boot_time()
    ups.program.send(signal.SIGSTOP)
    try:
        shuts_down_once(daemon, stopped + 1.7, "link_lost", latest=boot_time() + 2)
    finally:
        ups.program.send(signal.SIGCONT)
