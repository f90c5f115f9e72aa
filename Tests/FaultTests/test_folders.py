"""Folders that are read-only, missing, or somebody else's: it starts, says so, and decides."""

import os
import shutil

import pytest
from apart import Apart, read_only
from decision import fails_on_time, nothing_until
from harness import Daemon, boot_time, wait_until
from service import give, run_as_user

#: What is said about each folder, and nothing of it is a reason not to start.
SENTENCES = {
    "state": "What the UPS was like when new is not kept",
    "log": "The measurement log does not work",
    "run": "no control socket, no kept state",
}


def with_logs(daemon):
    daemon.configure(server={"logToFile": True})


def holds(daemon, ups, *sentences):
    for sentence in sentences:
        wait_until(lambda text=sentence: daemon.logged(text))
    nothing_until(daemon, boot_time() + 0.5)
    fails_on_time(daemon, ups)


@pytest.mark.parametrize("names", (("state",), ("log",), ("run",), tuple(SENTENCES)),
                         ids="-".join)
def test_read_only(place, ups, names):
    daemon = Daemon(place, ups.link)
    with_logs(daemon)
    apart = Apart(place, "; ".join(read_only(f"{daemon.folder}/{name}") for name in names))
    daemon.start_linked(wrapper=apart.wrapper)
    holds(daemon, ups, *(SENTENCES[name] for name in names))


def test_read_only_later(place, ups):
    """As a disk does to itself when it finds an error."""
    daemon = Daemon(place, ups.link)
    daemon.configure(server={"logToFile": True, "eventLog": f"{daemon.folder}/log/event.log"})
    log = f"{daemon.folder}/log"
    apart = Apart(place, f"mount -t tmpfs none {log}")
    daemon.start_linked(wrapper=apart.wrapper)
    done = place.run(*apart.wrapper, "mount", "-o", "remount,bind,ro", log)
    assert done.returncode == 0, done.stderr
    holds(daemon, ups, SENTENCES["log"])
    assert daemon.logged("The event log does not work")


@pytest.mark.parametrize("name", SENTENCES)
def test_missing(place, ups, name):
    """Where it can be made it is made."""
    daemon = Daemon(place, ups.link)
    with_logs(daemon)
    os.rmdir(f"{daemon.folder}/{name}")
    daemon.start_linked()
    holds(daemon, ups, *([SENTENCES[name]] if name == "log" else []))
    assert os.path.isdir(f"{daemon.folder}/{name}") == (name != "log")


@pytest.mark.parametrize("name", SENTENCES)
def test_removed_later(place, ups, name):
    daemon = Daemon(place, ups.link)
    with_logs(daemon)
    daemon.start_linked()
    wait_until(lambda: os.listdir(f"{daemon.folder}/log"))
    shutil.rmtree(f"{daemon.folder}/{name}")
    holds(daemon, ups)


@pytest.mark.parametrize("name", ("state", "log"))
def test_belongs_to_somebody_else(place, ups, name):
    daemon = Daemon(place, ups.link)
    run_as_user(daemon, ups, server={"logToFile": True})
    give(f"{daemon.folder}/{name}", user=54322)
    os.chmod(f"{daemon.folder}/{name}", 0o700)
    daemon.start_linked()
    holds(daemon, ups, SENTENCES[name])


def test_files_of_somebody_else(place, ups):
    """In a folder of its own: the kept state is refused, nothing else."""
    daemon = Daemon(place, ups.link)
    run_as_user(daemon, ups)
    for name in ("state", "poweroff-request", "late-order"):
        path = place.write(f"{daemon.folder}/run/{name}", "x", 0o600)
        os.chown(path, 0, 0)
    daemon.start_linked()
    holds(daemon, ups, "A restart would forget a running outage: cannot open")
