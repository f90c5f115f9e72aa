"""What a daemon costs while nothing happens: memory, threads, CPU time and polls, with a broker and
one WebSocket client; beside it the peers, and a program that only polls as often, over the same
time. The polls are counted on a pty between the daemon and the simulated UPS."""

import dataclasses
import os
import pathlib
import pty
import select
import threading
import time
import tty

import peers
from figures import Figure
from harness import Broker, Daemon, Simulator, WebSocket, compiled
from process import cpu_seconds, kilobytes, megabytes, threads

_STATUS_REQUEST = bytes.fromhex("0103014004")
_SETTLING = 3
_WAKES = pathlib.Path(__file__).with_name("wakes.c")


class _Relay:
    """Hands bytes on both ways and counts the status requests, on a thread of its own."""

    def __init__(self, link):
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self._ups = os.open(link, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._ups)
        self.path = os.ttyname(self._theirs)
        self.polls = 0
        self._rest = b""
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._ends.is_set():
            ready, _, _ = select.select([self._ours, self._ups], [], [], 0.2)
            if self._ours in ready:
                requests = os.read(self._ours, 4096)
                os.write(self._ups, requests)
                self._count(requests)
            if self._ups in ready:
                os.write(self._ours, os.read(self._ups, 4096))

    def _count(self, requests):
        stream = self._rest + requests
        self.polls += stream.count(_STATUS_REQUEST)
        # Shorter than a request: none is counted twice.
        self._rest = stream[-len(_STATUS_REQUEST) + 1:]

    def close(self):
        self._ends.set()
        self._thread.join()
        for descriptor in (self._ours, self._theirs, self._ups):
            os.close(descriptor)


class _Dashboard:
    """A WebSocket client that takes what the daemon sends, on a thread of its own."""

    def __init__(self, port):
        self._port = port
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with WebSocket(self._port) as client:
            while not self._ends.is_set():
                client.status()

    def close(self):
        self._ends.set()
        self._thread.join()


@dataclasses.dataclass
class _Cost:
    """Of all processes together; the CPU time is a minute's."""

    rss: float
    private_dirty: float
    threads: int
    cpu: float
    seconds: float


def measure(place, seconds):
    with peers.running(place) as others:
        ups, other, broker = Simulator(place), Simulator(place, name="floor"), Broker(place)
        relay = _Relay(ups.link)
        daemon = Daemon(place, relay.path, broker).start_linked()
        dashboard = _Dashboard(daemon.port)
        wakes = place.start(compiled(place.file("wakes"), _WAKES), other.link)
        settled = time.monotonic() + _SETTLING
        try:
            peers.wait_for_values(others)
            time.sleep(max(0, settled - time.monotonic()))
            began = relay.polls
            ours, least, *theirs = _costs(
                [[daemon.program.pid], [wakes.pid], *(peer.pids for peer in others)], seconds)
            rate = (relay.polls - began) / ours.seconds
        finally:
            wakes.stop()
            dashboard.close()
            daemon.stop()
            relay.close()
            broker.stop()
            for simulator in (ups, other):
                simulator.program.stop()
    return [
        *_figures(ours, least, rate),
        *(figure for peer, cost in zip(others, theirs) for figure in _told(peer, cost))]


def _costs(groups, seconds):
    """What each group of processes takes over that time."""
    began = time.monotonic()
    before = [sum(map(cpu_seconds, pids)) for pids in groups]
    time.sleep(seconds)
    after = [sum(map(cpu_seconds, pids)) for pids in groups]
    length = time.monotonic() - began
    return [
        _Cost(
            sum(kilobytes(pid, "status", "VmRSS") for pid in pids),
            sum(kilobytes(pid, "smaps_rollup", "Private_Dirty") for pid in pids),
            sum(map(threads, pids)), (end - start) / length * 60, length)
        for pids, start, end in zip(groups, before, after)]


def _figures(cost, least, rate):
    ratio = f"aim: 0.05; {cost.cpu / least.cpu:.1f} × floor"
    return [
        Figure("idle: RSS", "MB", (megabytes(cost.rss),), (14,), note="aim: 12"),
        Figure("idle: private dirty", "MB", (megabytes(cost.private_dirty),), (5,)),
        Figure("idle: threads", "", (cost.threads,), (5,)),
        Figure("idle: CPU", "s/min", (round(cost.cpu, 3),), (0.10,), note=ratio),
        Figure("idle: CPU, floor", "s/min", (round(least.cpu, 3),), (),
               note="a C program that only polls as often"),
        # The last one may fall just outside.
        Figure("idle: status polls", "/s", (round(rate, 1),), (9.9,), least=True),
    ]


def _told(peer, cost):
    return [
        Figure(f"idle: RSS / private dirty, {peer.name}", "MB",
               (megabytes(cost.rss), megabytes(cost.private_dirty)), (), note="peer"),
        Figure(f"idle: threads, {peer.name}", "", (cost.threads,), (), note="peer"),
        Figure(f"idle: CPU, {peer.name}", "s/min", (round(cost.cpu, 3),), (), note="peer"),
    ]
