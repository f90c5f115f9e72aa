"""All that runs in the soak: a UPS, a daemon with its sinks, those who use and trouble them, and
a second daemon with a UPS of its own."""

import random
import time

import flatness
from boots import Boots
from harness import Daemon, Simulator, Subscriber, wait_until
from kept_broker import BrokerTrouble, KeptBroker
from ledger import Ledger
from rotation import Rotation
from scene import SETTINGS
from strain import Strain
from visitors import Visitors

_EVENTS_KEPT = 1000


class World:
    """What it starts ends with the place; `close` ends its threads before that."""

    def __init__(self, place, report, seed):
        self._report, self._closers = report, []
        self.samples = []
        try:
            self._start(place, seed)
        except BaseException:
            self.close()
            raise

    def _start(self, place, seed):
        report = self._report
        self.strain = self._closed(Strain())
        self.ups = Simulator(place)
        self.broker = KeptBroker(place)
        self.subscriber = Subscriber(self.broker, "ups/e2e/event", session="kept-subscriber")
        self.daemon = Daemon(place, self.ups.link, self.broker, **SETTINGS).start_linked()
        self.ledger = Ledger(self.daemon.port)
        self.rotation = self._closed(Rotation(
            self.daemon, report, random.Random(f"{seed}-rotation")))
        self._fill()
        self.trouble = self._closed(BrokerTrouble(
            self.broker, self._topics(), self.strain, report, random.Random(f"{seed}-broker")))
        self.visitors = self._closed(Visitors(place, self.daemon, report, seed))
        self.boots = self._closed(Boots(place, self.strain, report, seed))

    def _closed(self, piece):
        self._closers.append(piece.close)
        return piece

    def _fill(self):
        """As many events as the daemon keeps, from the beginning: else they would grow."""
        seconds = SETTINGS["server"]["shutdownDelay"]
        for number in range(_EVENTS_KEPT):
            result = self.daemon.control("delay", seconds=seconds)
            assert result["ok"], result["message"]
            if number % 100 == 99:
                self.ledger.catch_up()
        self.rotation.wait_for(self.ledger.compare_log)

    def _topics(self):
        """Retained once everything of the UPS has been read."""
        def retained():
            return {
                topic: payload for topic, payload in self.broker.retained().items()
                if topic.startswith(("ups/e2e/", "homeassistant/"))}
        wait_until(lambda: retained().get("ups/e2e/esr") == "34", 10)
        time.sleep(1)
        return set(retained())

    # A quiet moment

    def rest(self):
        """Called with the broker running and on line power: nobody is a client, and every sink
        has told every event."""
        self.visitors.rest()
        try:
            wait_until(self.ledger.is_connected, 5, 0.1)
            self.samples.append(flatness.sample(self.daemon.program.pid))
            self.compare()
        finally:
            self.visitors.go()

    def compare(self):
        self._report.count("events", len(self.ledger.catch_up()))
        self.rotation.wait_for(self.ledger.compare_log)
        missing = []

        def is_complete():
            # What is told meanwhile must be known before it is looked for.
            messages = self.subscriber.objects("event")
            self._report.count("events", len(self.ledger.catch_up()))
            missing[:] = [self.ledger.compare_messages(messages)]
            return missing == [None]
        try:
            wait_until(is_complete, 10, 0.2)
        except AssertionError:
            raise AssertionError(f"MQTT: {missing[0]}") from None
        rows = self.rotation.check_measurements()
        self._report.count("rows of measurements", rows - self._report["rows of measurements"])

    def stop(self):
        """The daemon ends as it is told to, and tells everybody."""
        self.visitors.rest()
        code = self.daemon.stop()
        assert code == 0, f"stopped, the daemon ended with {code}"
        texts = self.rotation.event_texts()
        assert texts[-1] == "ups-server stops", f"the last line of event.log is {texts[-1]!r}"
        wait_until(lambda: self.subscriber.objects("event")[-1]["event"] == "service_stop", 10)

    def close(self):
        """Everybody is sent away, the last one first."""
        while self._closers:
            self._closers.pop()()
