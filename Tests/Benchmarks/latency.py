"""From the change at the simulated UPS to whoever must know: three outlets and the shutdown
command. The moment of the change is the one before the simulator was told."""

import os
import random
import select
import time

from figures import spread
from harness import Broker, Daemon, Simulator, boot_time
from outlets import MQTTOutlet, NISOutlet, WebSocketOutlet, wait_for

_DELAY = 1

#: name, configuration, limits for a client and for the shutdown command (ms)
_MODES = (
    ("default poll", {}, (65, 115, 130), (70, 120, 140)),
    ("poll.status = 0", {"status": 0.0}, (12, 18, 25), (15, 22, 30)),
)


def measure(place, outages):
    for name, poll, client_limits, command_limits in _MODES:
        seen = _outlet_latencies(place, poll, outages)
        for outlet, seconds in seen.items():
            yield spread(f"{name}: {outlet}", seconds, client_limits)
        seconds = _command_latencies(place, poll, outages)
        yield spread(f"{name}: shutdown command", seconds, command_limits)


def _settle():
    """Into another moment of the polling each time."""
    time.sleep(random.uniform(0.1, 0.3))


def _outlet_latencies(place, poll, outages):
    ups, broker = Simulator(place), Broker(place)
    daemon = Daemon(
        place, ups.link, broker, server={"shutdownDelay": 3600}, poll=poll,
        shutdown={"returnHold": 0.0}).start_linked()
    outlets = [WebSocketOutlet(daemon.port), MQTTOutlet(broker), NISOutlet(daemon.port)]
    try:
        wait_for(outlets, True)
        seen = {outlet.name: [] for outlet in outlets}
        for _ in range(outages):
            _settle()
            changed = ups.power(False)
            for name, moment in wait_for(outlets, False).items():
                seen[name].append(moment - changed)
            ups.power(True)
            ups.say("charge 100")
            wait_for(outlets, True)
        return seen
    finally:
        for outlet in outlets:
            outlet.close()
        daemon.stop()
        broker.stop()
        ups.program.stop()


class _Host:
    """A UPS and a daemon on it that commits once: each outage needs a fresh daemon."""

    def __init__(self, place, number, poll):
        self._place, self._poll = place, poll
        self._ups = Simulator(place, name=f"host-{number}")
        self._runs = place.file(f"runs-{number}")
        os.mkfifo(self._runs)
        # Open on both ends, so that neither waits for the other.
        self._reader = os.open(self._runs, os.O_RDWR)
        self._daemon = None

    def prepare(self):
        self._ups.power(True)
        self._ups.say("charge 100")
        command = ["/bin/sh", "-c", f"echo > {self._runs}"]
        self._daemon = Daemon(
            self._place, self._ups.link, server={"shutdownDelay": _DELAY}, poll=self._poll,
            shutdown={"command": command}).start_linked()

    def fail(self):
        return self._ups.power(False)

    def wait_for_command(self):
        ready, _, _ = select.select([self._reader], [], [], 10)
        moment = boot_time()
        assert ready, f"no shutdown command within 10 s: {self._daemon.errors()}"
        os.read(self._reader, 64)
        self._daemon.kill()
        return moment

    def close(self):
        if self._daemon.program.runs:
            self._daemon.kill()
        self._ups.program.stop()
        os.close(self._reader)
        os.unlink(self._runs)


def _command_latencies(place, poll, outages):
    """Two hosts take turns: one is made ready while the delay of the other runs."""
    hosts = [_Host(place, number, poll) for number in range(2)]
    seconds = []
    try:
        hosts[0].prepare()
        time.sleep(1)
        for outage in range(outages):
            host, other = hosts[outage % 2], hosts[(outage + 1) % 2]
            _settle()
            failed = host.fail()
            other.prepare()
            seconds.append(host.wait_for_command() - failed - _DELAY)
        return seconds
    finally:
        for host in hosts:
            host.close()
