"""Many UPS on one broker: what the broker does and takes, with 500 publishers whose values never
rest, and how long a power failure of all of them takes to reach one subscriber."""

import os
import select
import subprocess
import time

from figures import Figure
from harness import ROOT, Broker, boot_time
from process import cpu_seconds, kilobytes, megabytes

_FLEET = os.environ.get("FLEET", str(ROOT / ".build" / "release" / "Fleet"))
#: Of every kind; mosquitto 2.0 does not tell those that were published by themselves.
_RECEIVED = "$SYS/broker/messages/received"
#: The broker keeps its own count up to date, and loses nothing of a flood.
_LINES = (
    "allow_anonymous true", "persistence false", "sys_interval 1", "max_queued_messages 100000")
_CONNECT_LIMIT = 60
_SETTLING = 5


class _Powers:
    """The `power` of all of them, as a subscriber sees it."""

    def __init__(self, broker):
        self._program = broker.place.start(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", broker.port, "-q", 1, "-t", "ups/+/power",
            "-F", "%t %p", stdout=subprocess.PIPE)
        self._rest = b""
        self._states = {}

    def wait_for(self, count, word, timeout):
        """Seconds until so many say it."""
        began = boot_time()
        while sum(state == word for state in self._states.values()) < count:
            left = began + timeout - boot_time()
            assert left > 0, f"only {len(self._states)} of {count} said {word}"
            self._read(left)
        return boot_time() - began

    def _read(self, timeout):
        output = self._program.process.stdout
        if select.select([output], [], [], timeout)[0]:
            *lines, self._rest = (self._rest + os.read(output.fileno(), 65536)).split(b"\n")
            self._states.update(line.decode().split(" ") for line in lines)

    def close(self):
        self._program.stop()
        self._program.process.stdout.close()


def measure(place, count, seconds):
    broker = Broker(place, _LINES)
    fleet = place.start(_FLEET, broker.port, count, stdin=subprocess.PIPE)
    powers = _Powers(broker)
    try:
        powers.wait_for(count, "ON", _CONNECT_LIMIT)
        time.sleep(_SETTLING)
        rest = _rest(broker, count, seconds)
        os.write(fleet.process.stdin.fileno(), b"off\n")
        return [*rest, _last(powers.wait_for(count, "OFF", _CONNECT_LIMIT), count)]
    finally:
        powers.close()
        fleet.stop()
        broker.stop()


def _rest(broker, count, seconds):
    pid = broker.program.pid
    began, messages, cpu = time.monotonic(), _received(broker), cpu_seconds(pid)
    time.sleep(seconds)
    messages, cpu = _received(broker) - messages, cpu_seconds(pid) - cpu
    length = time.monotonic() - began
    name = f"{count} UPS at rest"
    return [
        Figure(f"{name}: messages", "/s", (round(messages / length),), (count,)),
        Figure(f"{name}: the broker's memory", "MB",
               (megabytes(kilobytes(pid, "status", "VmRSS")),), ()),
        Figure(f"{name}: the broker's CPU", "s/min", (round(cpu / length * 60, 1),), ()),
    ]


def _last(seconds, count):
    return Figure(
        f"{count} UPS lose power: the last at a subscriber", "ms", (round(seconds * 1000),), ())


def _received(broker):
    """How many messages the broker has been sent, as it counts them itself."""
    done = broker.place.run(
        "mosquitto_sub", "-h", "127.0.0.1", "-p", broker.port, "-t", _RECEIVED, "-C", 1)
    return int(done.stdout)
