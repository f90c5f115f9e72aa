"""No memory can be mapped and no thread or process be started any more (ENOMEM, EAGAIN). A failed
allocation ends a Swift program by a trap. The deciding thread has all it needs; a new thread may
want more, and whoever ends all the same is started again by the service manager."""

import contextlib
import signal
import socket

from decision import fails_on_time, nothing_until, shuts_down_once
from harness import Daemon, boot_time, wait_until
from limits import AS, NPROC, leave_no_memory, lift, set_limit
from process import threads
from service import run_as_user


def start_again_if_ended(daemon):
    """As the service manager does, after a trap."""
    if not daemon.program.runs:
        assert daemon.program.wait() < 0
        daemon.start()


def survive(daemon, moment):
    """Until then (CLOCK_BOOTTIME), or until the command runs."""
    def is_over():
        start_again_if_ended(daemon)
        return boot_time() > moment or daemon.shutdowns()
    wait_until(is_over, moment - boot_time() + 5)


def test_outage(place, ups):
    """The thread for the disks cannot be had; the decision and the command need none."""
    daemon = Daemon(place, ups.link).start_linked()
    leave_no_memory(daemon.program.pid)
    fails_on_time(daemon, ups)
    assert daemon.logged("Disks not written out: cannot start the thread")
    lift(daemon.program.pid, AS)
    assert daemon.shutdown["phase"] == "committed"


def test_line_power(place, ups):
    """Neither silence nor a port that has to be opened anew: that too takes a thread."""
    groups = {"server": {"shutdownDelay": 1}, "shutdown": {"deadTime": 2}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    leave_no_memory(daemon.program.pid)
    survive(daemon, ups.say("unplug 1") + 4)
    nothing_until(daemon, boot_time())
    lift(daemon.program.pid, AS)
    wait_until(lambda: daemon.status()["link"] == "ok", 4)
    shuts_down_once(daemon, ups.power(False) + 1)


def test_unplugged(place, ups):
    groups = {"server": {"shutdownDelay": 60}, "shutdown": {"deadTime": 3}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    leave_no_memory(daemon.program.pid)
    pulled = ups.say("unplug")
    survive(daemon, pulled + 4)
    shuts_down_once(daemon, pulled + 2.7, "link_lost", latest=pulled + 3)


def test_clients_take_what_is_left(place, ups):
    """It holds, or it ends by a trap; started again it keeps the deadline."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 5}).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    leave_no_memory(daemon.program.pid)
    with contextlib.ExitStack() as stack:
        ask_much(stack, daemon, until=started + 2)
        survive(daemon, started + 6)
        shuts_down_once(daemon, started + 5)


def ask_much(stack, daemon, until):
    """Every kind of answer, over many connections, none of which is read."""
    paths = ("/", "/api/status", "/api/history?seconds=86400", "/api/events?limit=1000", "/metrics")
    number = 0
    while boot_time() < until and daemon.program.runs:
        number += 1
        connection = stack.enter_context(socket.socket())
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", daemon.port))
        wait_until(lambda at=boot_time(): boot_time() > at + 0.002)
        request = f"GET {paths[number % len(paths)]} HTTP/1.1\r\nHost: x\r\n\r\n"
        with contextlib.suppress(OSError):
            connection.send(request.encode())


def test_killed_for_want_of_memory(place, ups):
    """The kernel's choice or a trap: SIGKILL and SIGABRT, again and again, on line power and in an
    outage."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 4}).start_linked()
    end(daemon, "KILL")
    daemon.start()
    nothing_until_linked(daemon)
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    incident = daemon.shutdown["incident"]
    # After each the port is served later; the decision does not wait for that.
    for number, name in enumerate(("ABRT", "TRAP", "KILL"), 1):
        end(daemon, name)
        daemon.launch()
        wait_until(lambda at=started + number: boot_time() > at)
    run = shuts_down_once(daemon, started + 4)
    assert run.incident == incident


def end(daemon, name):
    daemon.program.send(getattr(signal, f"SIG{name}"))
    assert daemon.program.wait() < 0


def nothing_until_linked(daemon):
    wait_until(lambda: daemon.status()["link"] == "ok")
    nothing_until(daemon, boot_time() + 0.5)


def test_no_process(place, ups):
    """Too many of this user's: the command cannot be started. It is tried again, and then runs."""
    daemon = Daemon(place, ups.link)
    run_as_user(daemon, ups)
    daemon.start_linked()
    wait_until(lambda: daemon.logged("Link to the UPS established"))
    set_limit(daemon.program.pid, NPROC, threads(daemon.program.pid))
    due = ups.power(False) + 2
    failed = wait_until(lambda: daemon.logged("Shutdown command 1 failed") and boot_time(), 5)
    assert not daemon.shutdowns()
    assert daemon.logged("Resource temporarily unavailable")
    lift(daemon.program.pid, NPROC)
    # A command that fails is followed by the next one.
    shuts_down_once(daemon, due, latest=failed + 5)
    assert daemon.logged("Shutdown command 2 started")
