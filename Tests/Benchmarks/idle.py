"""What a daemon costs while nothing happens: memory, threads, CPU time and polls, with a broker and
one WebSocket client. The polls are counted on a pty between the daemon and the simulated UPS."""

import os
import pty
import select
import threading
import time
import tty

from figures import Figure
from harness import Broker, Daemon, Simulator, WebSocket
from process import cpu_seconds, kilobytes, threads

_STATUS_REQUEST = bytes.fromhex("0103014004")
_SETTLING = 3


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


def measure(place, seconds):
    ups, broker = Simulator(place), Broker(place)
    relay = _Relay(ups.link)
    daemon = Daemon(place, relay.path, broker).start_linked()
    dashboard = _Dashboard(daemon.port)
    try:
        time.sleep(_SETTLING)
        return _figures(daemon.program.pid, relay, seconds)
    finally:
        dashboard.close()
        daemon.stop()
        relay.close()
        broker.stop()
        ups.program.stop()


def _figures(pid, relay, seconds):
    began, polls, cpu = time.monotonic(), relay.polls, cpu_seconds(pid)
    time.sleep(seconds)
    length = time.monotonic() - began
    per_minute = (cpu_seconds(pid) - cpu) / length * 60
    rate = (relay.polls - polls) / length
    memory = {
        "RSS": (kilobytes(pid, "status", "VmRSS"), 14),
        "private dirty": (kilobytes(pid, "smaps_rollup", "Private_Dirty"), 5)}
    return [
        *(Figure(f"idle: {name}", "MB", (round(size * 1.024 / 1000, 1),), (limit,))
          for name, (size, limit) in memory.items()),
        Figure("idle: threads", "", (threads(pid),), (5,)),
        Figure("idle: CPU", "s/min", (round(per_minute, 3),), (0.10,)),
        # The last one may fall just outside.
        Figure("idle: status polls", "/s", (round(rate, 1),), (9.9,), least=True),
    ]
