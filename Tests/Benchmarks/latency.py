"""From the change at the simulated UPS to whoever must know: three sinks and the shutdown
command. The moment of the change is the one before the simulator was told; these moments are spread
evenly over the interval of the polling, so that few of them tell as much as many."""

import os
import random
import select
import time

from figures import spread
from harness import Broker, Daemon, Simulator, Witness, boot_time
from sinks import MQTTSink, NISSink, WebSocketSink, wait_for

_DELAY = 1
#: Of the default poll (s).
_INTERVAL = 0.1

#: name, configuration, limits for a client and for the shutdown command (ms)
_MODES = (
    ("default poll", {}, (65, 115, 130), (70, 120, 140)),
    ("poll.status = 0", {"status": 0.0}, (12, 18, 25), (15, 22, 30)),
)


def measure(place, outages, commands):
    """So many outages for the clients, and so many for the shutdown command."""
    for name, poll, client_limits, command_limits in _MODES:
        with Witness() as witness:
            seen = _sink_latencies(place, poll, outages)
        for sink, seconds in seen.items():
            yield spread(f"{name}: {sink}", seconds, client_limits, _note(witness))
        with Witness() as witness:
            seconds = _command_latencies(place, poll, commands)
        yield spread(f"{name}: shutdown command", seconds, command_limits, _note(witness))


def _note(witness):
    """A machine that is late by itself makes the daemon late as well."""
    return f"naps of 5 ms: up to {witness.lateness * 1000:.0f} ms late"


def _phases(count):
    """So many moments of the polling, in any order."""
    phases = [(number + 0.5) / count * _INTERVAL for number in range(count)]
    random.shuffle(phases)
    return phases


def _settle(phase, origin):
    """Until all is at rest, and then until that phase of the polling, which takes its beat from the
    start of the daemon or from the last change that it saw."""
    rest = boot_time() + 0.1
    time.sleep(rest - boot_time() + (origin + phase - rest) % _INTERVAL)


def _sink_latencies(place, poll, outages):
    ups, broker = Simulator(place), Broker(place)
    daemon = Daemon(
        place, ups.link, broker, server={"shutdownDelay": 3600}, poll=poll,
        shutdown={"returnHold": 0.0}).start_linked()
    sinks = [WebSocketSink(daemon.port), MQTTSink(broker), NISSink(daemon.port)]
    try:
        origin = min(wait_for(sinks, True).values())
        seen = {sink.name: [] for sink in sinks}
        for phase in _phases(outages):
            _settle(phase, origin)
            changed = ups.power(False)
            for name, moment in wait_for(sinks, False).items():
                seen[name].append(moment - changed)
            ups.power(True)
            ups.say("charge 100")
            origin = min(wait_for(sinks, True).values())
        return seen
    finally:
        for sink in sinks:
            sink.close()
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
        self._daemon = self.started = None

    def prepare(self):
        self._ups.power(True)
        self._ups.say("charge 100")
        command = ["/bin/sh", "-c", f"echo > {self._runs}"]
        self.started = boot_time()
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
        for outage, phase in enumerate(_phases(outages)):
            host, other = hosts[outage % 2], hosts[(outage + 1) % 2]
            _settle(phase, host.started)
            failed = host.fail()
            other.prepare()
            seconds.append(host.wait_for_command() - failed - _DELAY)
        return seconds
    finally:
        for host in hosts:
            host.close()
