"""Disks without room (ENOSPC), and users without (EDQUOT): event log, measurements, state and the
runtime folder with the kept state in it, which is memory: to write to it must not be a SIGBUS."""

import errno
import os
import pathlib

import pytest
from apart import Apart, small
from decision import fails_on_time, nothing_until, shuts_down_once
from harness import Daemon, boot_time, wait_until
from interposed import Faults

FOLDERS = ("log", "state", "run")


class Full:
    """A daemon on three small file systems."""

    def __init__(self, place, ups, delay=2):
        self.daemon = Daemon(place, ups.link)
        self.paths = {name: f"{self.daemon.folder}/{name}" for name in FOLDERS}
        self.daemon.configure(server={
            "eventLog": f"{self.paths['log']}/event.log", "logToFile": True,
            "shutdownDelay": delay})
        self.apart = Apart(place, "; ".join(small(path) for path in self.paths.values()))

    def start(self):
        self.daemon.start_linked(wrapper=self.apart.wrapper)

    def fill(self, *names):
        for name in names:
            self.apart.fill(self.paths[name])


@pytest.fixture
def full(place, ups):
    return Full(place, ups)


def test_full_from_the_start(full, ups):
    """Nothing can be kept, and it says so."""
    full.fill(*FOLDERS)
    full.start()
    daemon = full.daemon
    assert daemon.logged("A restart would forget a running outage: no room for")
    assert daemon.logged("The event log does not work")
    nothing_until(daemon, boot_time() + 0.5)
    fails_on_time(daemon, ups)
    assert daemon.events("shutdown_committed")


@pytest.mark.parametrize("names", (("log",), ("state",), ("run",), FOLDERS), ids="-".join)
def test_full_while_it_runs(full, ups, names):
    full.start()
    full.fill(*names)
    nothing_until(full.daemon, boot_time() + 0.5)
    fails_on_time(full.daemon, ups)


def test_full_and_killed(place, ups):
    """The page with the kept state has had its room since the start."""
    full = Full(place, ups, delay=4)
    daemon = full.daemon
    full.start()
    full.fill(*FOLDERS)
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    incident = daemon.shutdown["incident"]
    daemon.kill()
    daemon.start(wrapper=full.apart.wrapper)
    assert not daemon.logged("A restart would forget")
    assert shuts_down_once(daemon, started + 4).incident == incident


def test_room_again(full, ups):
    full.start()
    daemon = full.daemon
    log = pathlib.Path(full.apart.inside(full.paths["log"]))
    # In its last page there would be room for many a row.
    wait_until(lambda: list(log.glob("*.csv")))[0].unlink()
    full.fill(*FOLDERS)
    daemon.reload()
    wait_until(lambda: daemon.logged("The measurement log does not work"))
    for path in full.paths.values():
        full.apart.empty(path)
    wait_until(lambda: daemon.logged("The measurement log works again"))
    fails_on_time(daemon, ups)
    wait_until(lambda: "Shutting this host down" in (log / "event.log").read_text())
    wait_until(lambda: os.path.exists(full.apart.inside(f"{full.paths['state']}/last-shutdown")))


@pytest.mark.parametrize("code", ("EDQUOT", "EIO", "EROFS"))
def test_disk_that_fails(place, ups, code):
    """Each open, write and sync below the folders for state and measurements."""
    daemon = Daemon(place, ups.link)
    daemon.configure(server={"eventLog": f"{daemon.folder}/state/event.log", "logToFile": True})
    faults = Faults(place, daemon, ups.link)
    daemon.start_linked(wrapper=faults.wrapper)
    faults.set(disk_error=getattr(errno, code))
    wait_until(lambda: daemon.logged("The measurement log does not work"))
    fails_on_time(daemon, ups)
    assert daemon.logged("The event log does not work")
    assert daemon.logged("The next start will know nothing of this")
    faults.clear()
    wait_until(lambda: daemon.logged("The measurement log works again"))
