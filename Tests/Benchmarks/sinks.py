"""Where a power failure is seen: WebSocket, MQTT subscriber, NIS poll, shutdown command. One thread
waits for all of them with one select, so that none delays the other's time."""

import os
import select
import subprocess

from harness import boot_time, open_idle
from nis_client import END, STATUS_REQUEST

_BYTES = 65536
# A pong that nobody asked for, masked with zeros: the daemon drops a client that leaves its pings
# unanswered.
PONG = b"\x8a\x80\0\0\0\0"


class _Sink:
    """Bytes that come, and the words in them for on line and on battery."""

    name = words = None

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._tail = b""

    def fileno(self):
        return self._descriptor

    def begin(self):
        """Called before each wait."""
        self._tail = b""

    def shows(self, is_powered):
        """Reads what is there; true once the word has come."""
        data = os.read(self._descriptor, _BYTES)
        if not data:
            raise EOFError(f"{self.name} ended")
        self._tail = (self._tail + data)[-_BYTES:]
        return self.words[is_powered] in self._tail

    def act(self, now):
        """Does what is due. How long until there may be more (s)."""
        return 1.0


class WebSocketSink(_Sink):
    """The messages are not compressed, so their text stands in the stream as it is."""

    name = "WebSocket"
    words = (b'"status":"on_battery"', b'"status":"online"')

    def __init__(self, port):
        self._connection = open_idle(port, websocket=True, receive_buffer=4 * _BYTES)
        super().__init__(self._connection.fileno())

    def begin(self):
        super().begin()
        self._connection.sendall(PONG)

    def close(self):
        self._connection.close()


class MQTTSink(_Sink):
    name = "MQTT subscriber"
    words = (b"OFF\n", b"ON\n")

    def __init__(self, broker):
        self._program = broker.place.start(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", broker.port, "-q", 1, "-t", "+/+/power",
            "-F", "%p", stdout=subprocess.PIPE)
        super().__init__(self._program.process.stdout.fileno())

    def close(self):
        self._program.stop()
        self._program.process.stdout.close()


class NISSink(_Sink):
    """Asks again 1 ms after each answer, on one connection."""

    name = "NIS poll"
    words = (b": ONBATT", b": ONLINE")
    _interval = 0.001

    def __init__(self, port):
        self._connection = open_idle(port, receive_buffer=4 * _BYTES)
        super().__init__(self._connection.fileno())
        self._due = 0.0

    def shows(self, is_powered):
        is_shown = super().shows(is_powered)
        if self._tail.endswith(END):
            self._due = boot_time() + self._interval
            self._tail = b""
        return is_shown

    def act(self, now):
        if self._due is None:
            return 1.0
        if now < self._due:
            return self._due - now
        self._connection.sendall(STATUS_REQUEST)
        self._due = None
        return 1.0

    def close(self):
        self._connection.close()


def wait_for(sinks, is_powered, timeout=5):
    """{name: the moment on CLOCK_BOOTTIME at which that sink showed it first}."""
    seen = {}
    end = boot_time() + timeout
    for sink in sinks:
        sink.begin()
    while len(seen) < len(sinks):
        now = boot_time()
        assert now < end, f"only {list(seen)} within {timeout} s"
        pause = min(sink.act(now) for sink in sinks)
        ready, _, _ = select.select(sinks, [], [], pause)
        now = boot_time()
        for sink in ready:
            if sink.shows(is_powered) and sink.name not in seen:
                seen[sink.name] = now
    return seen
