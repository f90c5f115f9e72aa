"""Files and disks that take seconds or never come back: each open, write and sync below the folders
for measurements, state and event log, and sync(2)."""

import contextlib
import os
import socket

import pytest
from apart import Apart
from decision import fails_on_time, nothing_until, shuts_down_once
from harness import Daemon, Subscriber, boot_time, get, wait_until
from interposed import HANG, Faults
from stalls import fill, free_resolver_address

KINDS = {
    "slow": {"disk_delay": 3000},
    "hung": {"disk_delay": HANG},
    "slow-sync": {"sync_delay": 3000},
    "hung-sync": {"sync_delay": HANG},
    "all-hung": {"disk_delay": HANG, "sync_delay": HANG},
}


def make(place, ups, broker=None, **groups):
    daemon = Daemon(place, ups.link, broker)
    daemon.configure(**groups, server={
        "eventLog": f"{daemon.folder}/state/event.log", "logToFile": True})
    return daemon, Faults(place, daemon, ups.link)


def answers(daemon):
    """All pages that do not come from a disk, and the dashboard, which was read at the start."""
    for path in ("/", "/healthz", "/api/status", "/api/history?seconds=3600", "/api/events",
                 "/metrics"):
        assert get(daemon.port, path, timeout=2)[0] == 200
    assert daemon.nis()["STATUS"]
    assert not daemon.control("cancel")["ok"]


@pytest.mark.parametrize("kind", KINDS)
def test_outage(place, ups, broker, kind):
    """The deadline holds, and the port and the broker know of it at once."""
    subscriber = Subscriber(broker)
    daemon, faults = make(place, ups, broker)
    daemon.start_linked(wrapper=faults.wrapper)
    subscriber.wait_for("availability", "online")
    faults.set(**KINDS[kind])
    answers(daemon)
    due = ups.power(False) + 2
    told = wait_until(lambda: "power_fail" in told_events(subscriber) and boot_time())
    assert told < due
    shuts_down_once(daemon, due)
    answers(daemon)
    wait_until(lambda: "shutdown_committed" in told_events(subscriber))
    assert faults.hits("sync") if "sync" in kind else faults.hits("delay")


def told_events(subscriber):
    return [event["event"] for event in subscriber.objects("event")]


@pytest.mark.parametrize("kind", ("hung", "all-hung"))
def test_line_power(place, ups, kind):
    """Nothing happens; when the disk is back what has waited is written, and in order."""
    daemon, faults = make(place, ups)
    daemon.start_linked(wrapper=faults.wrapper)
    faults.set(**KINDS[kind])
    wait_until(lambda: faults.hits("delay"))
    nothing_until(daemon, boot_time() + 3)
    ups.say("unplug 1")
    wait_until(lambda: len(daemon.events("link_restored")) == 2, 5)
    answers(daemon)
    faults.clear()
    log = f"{daemon.folder}/state/event.log"
    wait_until(lambda: "Refused cancel" in place.read(log))
    words = place.read(log)
    assert words.index("starts") < words.index("lost") < words.index("restored")
    assert words.count("Link to the UPS lost") == 1


def test_end(place, ups):
    """It ends within its time although the disk holds what it has to write."""
    daemon, faults = make(place, ups)
    daemon.start_linked(wrapper=faults.wrapper)
    faults.set(disk_delay=HANG)
    wait_until(lambda: faults.hits("delay"))
    began = boot_time()
    assert daemon.stop() == 0
    assert boot_time() - began < 3


def test_start(place, ups):
    """The state is read with a disk that takes 100 ms for each call."""
    daemon, faults = make(place, ups)
    faults.set(disk_delay=100)
    daemon.start_linked(wrapper=faults.wrapper)
    fails_on_time(daemon, ups)


def test_all_at_once(place, ups):
    """A network switch without power, and a disk behind it: broker, resolver, standard error and
    every file are stuck, and clients do not read."""
    assert os.geteuid() == 0, "this test needs root: its resolver has port 53"
    with contextlib.ExitStack() as stack:
        resolver = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        apart = Apart(place, without_answers(place, free_resolver_address(resolver)))
        reader, writer = os.pipe()
        stack.callback(os.close, reader)
        stack.callback(os.close, writer)
        fill(writer)
        daemon, faults = make(place, ups, mqtt={"host": "broker.example.test"})
        daemon.start_linked(wrapper=(*apart.wrapper, *faults.wrapper), stderr=writer)
        resolver.settimeout(5)
        assert b"\x06broker" in resolver.recv(512)
        faults.set(disk_delay=HANG, sync_delay=HANG)
        for _ in range(100):
            daemon.control("cancel")
        fails_on_time(daemon, ups)
        answers(daemon)
        assert faults.hits("delay") and faults.hits("sync")


def without_answers(place, address):
    """A script: names are asked of a resolver there."""
    settings = place.write(
        "resolv.conf", f"nameserver {address}\noptions timeout:30 attempts:5\n")
    switch = place.write("nsswitch.conf", "hosts: files dns\n")
    return (f"mount --bind {settings} /etc/resolv.conf; "
            f"mount --bind {switch} /etc/nsswitch.conf")


def test_broker_and_disk(place, ups):
    """The broker takes the connection and says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        daemon, faults = make(
            place, ups, mqtt={"host": "127.0.0.1", "port": mute.getsockname()[1], "keepalive": 5})
        daemon.start_linked(wrapper=faults.wrapper)
        connection, _ = mute.accept()
        with connection:
            faults.set(disk_delay=HANG, sync_delay=HANG)
            fails_on_time(daemon, ups)
            answers(daemon)
