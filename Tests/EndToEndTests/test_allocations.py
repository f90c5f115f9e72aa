"""While nothing happens, the thread that decides allocates nothing: memory that is short cannot
keep it waiting, and a day leaves the heap as it was."""

import contextlib
import pathlib
import socket

import pytest
from harness import Daemon, boot_time, compiled, wait_until

_SOURCE = pathlib.Path(__file__).with_name("allocations.c")
#: Longer than all values take to come around (s).
_ROUND = 11
#: An event, such as a late answer on a busy machine, is something that happens.
_ROUNDS = 3


@pytest.fixture
def service_manager(place):
    """What systemd gives to its services, and a socket that it reads."""
    path = place.file("notify")
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as reader:
        reader.bind(path)
        yield reader, [f"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=1000000"]


def _count(counter):
    return int.from_bytes(pathlib.Path(counter).read_bytes(), "little")


def _wait(seconds):
    end = boot_time() + seconds
    wait_until(lambda: boot_time() > end, seconds + 1, 0.2)


def _counted(place, ups, variables):
    """A daemon at rest, and the file in which its allocations are counted."""
    library = compiled(place.file("allocations.so"), _SOURCE, "-shared", "-fPIC")
    counter = place.file("allocations")
    pathlib.Path(counter).write_bytes(bytes(8))
    daemon = Daemon(place, ups.link).start_linked(
        wrapper=("env", f"LD_PRELOAD={library}", f"ALLOCATIONS={counter}", *variables))
    _wait(_ROUND)
    assert _count(counter) > 100, "the start allocates a lot: nothing was counted"
    return daemon, counter


def _least(counter):
    """The allocations of the best of some rounds."""
    best = None
    for _ in range(_ROUNDS):
        before = _count(counter)
        _wait(_ROUND)
        best = min(_count(counter) - before, _count(counter) if best is None else best)
        if best == 0:
            break
    return best


def test_by_hand(place, ups):
    daemon, counter = _counted(place, ups, [])
    assert _least(counter) == 0
    assert daemon.status()["soc"] == 100


def test_as_a_service(place, ups, service_manager):
    reader, variables = service_manager
    daemon, counter = _counted(place, ups, variables)
    reader.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while reader.recv(4096):
            pass
    assert _least(counter) == 0
    assert reader.recv(4096) == b"WATCHDOG=1\n"
    assert daemon.status()["soc"] == 100
