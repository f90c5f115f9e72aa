"""A broker that restarts with nothing retained: how long until all is there again, and whether each
event of the meantime arrives, once it can, and in order."""

import json
import random
import time

from figures import Figure, spread
from gate import Gate
from harness import Broker, Daemon, Simulator, Subscriber, boot_time, metric, wait_until

_LIMIT = 2000
_PATIENCE = 10
#: Events need no longer than the retained topics before them (s).
_LAST_EVENTS = 0.5
_NOT_RETAINED = ("/event", "/command", "/command/result")
_KEYS = ("time", "event", "incident", "text")


class _Site:
    """A daemon, its broker behind a gate, and a subscriber that is there before the daemon is."""

    def __init__(self, place):
        self.ups = Simulator(place, name="restarts")
        self.broker = Broker(place)
        self.gate = Gate(self.broker.port)
        self.subscriber = Subscriber(self.broker)
        self.gate.open()
        self.daemon = Daemon(
            place, self.ups.link, server={"shutdownDelay": 3600}, shutdown={"returnHold": 0.0},
            mqtt={"host": "127.0.0.1", "port": self.gate.port, "id": "restarts"}).start_linked()
        self.told = {}
        wait_until(self._is_complete, _PATIENCE)
        self.wanted = self._topics()
        self._collect()

    def _is_complete(self):
        """The values that are asked for last are there as well."""
        latest = self.subscriber.latest
        return None not in (latest("esr"), latest("alarms"), latest("availability"))

    def _topics(self):
        return {
            topic for _, topic, _ in self.subscriber.messages()
            if not topic.endswith(_NOT_RETAINED)}

    def restart(self):
        """Seconds from its return until all is there."""
        self.gate.shut()
        self.broker.stop()
        self.subscriber.program.stop()
        # The event of it is not told when it happens often.
        wait_until(lambda: metric(self.daemon.port, "ups_broker_connected") == 0, _PATIENCE)
        self._outage()
        self.broker.start()
        self.subscriber = Subscriber(self.broker)
        # At any moment between two attempts of the daemon.
        time.sleep(random.uniform(0, 1))
        began = self.gate.open()
        wait_until(lambda: self.wanted <= self._topics(), _PATIENCE)
        seconds = boot_time() - began
        assert self.wanted <= set(self.broker.retained()), "not all of it is retained"
        time.sleep(_LAST_EVENTS)
        self._collect()
        return seconds

    def _outage(self):
        self.ups.power(False)
        wait_until(lambda: self.daemon.shutdown["phase"] == "pending", _PATIENCE)
        self.ups.power(True)
        self.ups.say("charge 100")
        wait_until(lambda: self.daemon.shutdown["phase"] == "idle", _PATIENCE)

    def _collect(self):
        """A message may come twice, that is QoS 1: its first time counts."""
        for event in self.subscriber.objects("event"):
            self.told.setdefault(_identity(event))

    def count_wrong(self):
        """Events that were lost, and events that came before an older one."""
        expected = [_identity(event) for event in self.daemon.events()]
        told = [event for event in self.told if event in expected]
        kept = [event for event in expected if event in self.told]
        return len(expected) - len(kept), sum(a != b for a, b in zip(told, kept)), len(expected)

    def close(self):
        self.gate.shut()
        self.daemon.stop()
        self.subscriber.program.stop()
        self.broker.stop()
        self.ups.program.stop()


def _identity(event):
    return json.dumps({key: event[key] for key in _KEYS})


def measure(place, restarts):
    site = _Site(place)
    try:
        seconds = [site.restart() for _ in range(restarts)]
        lost, misplaced, count = site.count_wrong()
    finally:
        site.close()
    name = f"{restarts} broker restarts"
    return [
        spread(f"{name}: all retained again", seconds, (_LIMIT,) * 3),
        Figure(f"{name}: events lost / out of order", "", (lost, misplaced), (0, 0),
               note=f"of {count}"),
    ]
