"""No descriptor is left: nothing can be opened, accepted or connected any more (EMFILE)."""

import contextlib
import socket

import pytest
from decision import fails_on_time, is_well, nothing_until, shuts_down_once
from harness import BINARY, TOLERANCE, Daemon, Subscriber, boot_time, open_idle, wait_until
from limits import NOFILE, Effort, leave_none, lift, set_limit
from process import descriptors
from service import Service

#: Of one processor. A thread that spins takes all of it.
SPINNING = 0.5


@contextlib.contextmanager
def visitors(daemon, count):
    """Connections that wait in front of the port, and whoever is turned away."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(socket.socket())
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", daemon.port))
        yield


def lift_descriptors(daemon):
    lift(daemon.program.pid, NOFILE)
    wait_until(lambda: is_well(daemon), 4)


def test_outage(place, ups, broker):
    """With clients in front of the port, and a broker that has gone."""
    daemon = Daemon(place, ups.link, broker).start_linked()
    leave_none(daemon.program.pid)
    broker.stop()
    leave_none(daemon.program.pid)
    with visitors(daemon, 30), Effort(daemon.program.pid) as effort:
        fails_on_time(daemon, ups)
    assert effort.part < SPINNING
    assert daemon.logged("Too many open files")
    broker.start()
    # Who comes after an event is not told it.
    subscriber = Subscriber(broker)
    lift(daemon.program.pid, NOFILE)
    subscriber.wait_for("availability", "online", 10)
    wait_until(lambda: "shutdown_committed" in [
        event["event"] for event in subscriber.objects("event")])


def test_line_power(place, ups):
    """Nothing happens, and what could not be done is done again once it can be."""
    daemon = Daemon(place, ups.link).start_linked()
    leave_none(daemon.program.pid)
    daemon.reload()
    with visitors(daemon, 30), Effort(daemon.program.pid) as effort:
        nothing_until(daemon, boot_time() + 3)
    assert effort.part < SPINNING
    assert daemon.logged("The event log does not work")
    lift_descriptors(daemon)
    fails_on_time(daemon, ups)
    assert daemon.events("shutdown_committed")
    assert daemon.logged("The event log works again")


def test_not_even_the_spare_one(place, ups):
    """Lowered below what is open: the port cannot turn anybody away either."""
    daemon = Daemon(place, ups.link).start_linked()
    with contextlib.ExitStack() as stack:
        # Their numbers are free again when they go; the command needs some.
        for _ in range(8):
            stack.enter_context(open_idle(daemon.port))
        wait_until(lambda: len(descriptors(daemon.program.pid)) > 20)
        set_limit(daemon.program.pid, NOFILE, 12)
        with visitors(daemon, 10), Effort(daemon.program.pid) as effort:
            fails_on_time(daemon, ups)
        assert effort.part < SPINNING
    lift(daemon.program.pid, NOFILE)
    wait_until(lambda: daemon.shutdown["phase"] == "committed")
    leave_none(daemon.program.pid)
    with visitors(daemon, 10), Effort(daemon.program.pid) as effort:
        ended = boot_time() + 1
        wait_until(lambda: boot_time() > ended)
    assert effort.part < SPINNING


def test_port_that_cannot_be_reopened(place, ups):
    """The adapter was pulled and is there again, but nobody can open it."""
    groups = {"server": {"shutdownDelay": 60}, "shutdown": {"deadTime": 4}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    pid = daemon.program.pid
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    pulled = ups.say("unplug 1")
    wait_until(lambda: daemon.logged("hung up"))
    leave_none(pid)
    with Effort(pid) as effort:
        shuts_down_once(daemon, pulled + 3.7, "link_lost", latest=pulled + 4)
    assert effort.part < SPINNING
    assert daemon.logged("open: Too many open files")


def test_port_that_is_reopened_at_last(place, ups):
    """On line power this is an alarm, and no more; then all is well again."""
    groups = {"server": {"shutdownDelay": 1}, "shutdown": {"deadTime": 2}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    ups.say("unplug 1")
    wait_until(lambda: daemon.logged("hung up"))
    leave_none(daemon.program.pid)
    nothing_until(daemon, boot_time() + 4)
    assert daemon.logged("open: Too many open files")
    lift_descriptors(daemon)
    shuts_down_once(daemon, ups.power(False) + 1)


@pytest.mark.parametrize("limit", (32, 64))
def test_few_from_the_start(place, ups, limit):
    """Fewer than clients want; it says so, and decides."""
    daemon = Daemon(place, ups.link).start(
        wrapper=("prlimit", f"--nofile={limit}:{limit}", "--"))
    wait_until(lambda: daemon.logged("Link to the UPS established"))
    assert daemon.logged(f"the limit of open files ({limit}) leaves room for")
    with contextlib.ExitStack() as stack:
        for _ in range(limit):
            connection = stack.enter_context(socket.socket())
            connection.connect_ex(("127.0.0.1", daemon.port))
        with Effort(daemon.program.pid) as effort:
            fails_on_time(daemon, ups)
    assert effort.part < SPINNING


@pytest.mark.parametrize("limit", (8, 13, 15, 17))
def test_too_few_to_start(place, ups, limit):
    """It decides, or says what it cannot open, or ends at once with a sentence."""
    daemon = Daemon(place, ups.link)
    with open(daemon.log, "wb") as log:
        daemon.program = place.start(
            "prlimit", f"--nofile={limit}:{limit}", "--", BINARY, "--config", daemon.path,
            stderr=log)
    linked, complaint = "Link to the UPS established", f"{ups.link}: open: Too many open files"
    wait_until(lambda: not daemon.program.runs or daemon.logged(linked)
               or daemon.logged(complaint))
    if not daemon.program.runs:
        assert daemon.program.wait() == 1
        # What it could do without was said before.
        assert daemon.errors().splitlines()[-1].startswith("ups-server: ")
    elif daemon.logged(linked):
        fails_on_time(daemon, ups)


def test_power_off_by_request(place, ups):
    """The way without a command: a file, for which there has to be a descriptor."""
    daemon = Daemon(place, ups.link)
    service = Service(place, daemon, ups)
    daemon.start_linked(wrapper=service.wrapper)
    leave_none(daemon.program.pid)
    with visitors(daemon, 10):
        due = ups.power(False) + 2
        wait_until(lambda: service.requested or boot_time() > due + TOLERANCE + 1, 6)
    assert service.requested, daemon.errors()
    assert due <= service.requested <= due + TOLERANCE + 0.5
