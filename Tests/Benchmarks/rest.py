"""How many messages a UPS at rest costs its broker, whatever its load does, and whether the daemon
needs more memory in the end than after a minute. Ten minutes are long, so it is begun before the
other measurements and ended after them."""

import random
import threading
import time

from figures import Figure, change
from harness import Broker, Daemon, Simulator, Subscriber
from process import kilobytes, megabytes

_SETTLING = 5
#: Between two changes of the load (s), each by far more than a deadband.
_PAUSE = 0.7
#: RSS then is what all later RSS is measured against (s).
_MINUTE = 60


class Rest:
    """A daemon with a broker of its own, on line power, from now on."""

    def __init__(self, place, seconds):
        self._ups = Simulator(place, name="rest")
        self._broker = Broker(place)
        self._daemon = Daemon(place, self._ups.link, self._broker).start_linked()
        self._subscriber = Subscriber(self._broker)
        time.sleep(_SETTLING)
        self._began, self._seconds = time.monotonic(), seconds
        self._before = self._count()
        self._early_memory = None
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._play)
        self._thread.start()

    def _play(self):
        while not self._ends.wait(_PAUSE):
            self._ups.say(f"load {random.uniform(0.2, 3):.2f}")
            if not self._early_memory and time.monotonic() > self._began + _MINUTE:
                self._early_memory = self._memory()

    def _memory(self):
        return megabytes(kilobytes(self._daemon.program.pid, "status", "VmRSS"))

    def _count(self):
        return sum(topic.startswith("ups/") for _, topic, _ in self._subscriber.messages())

    def measure(self):
        """Waits for the rest of the time."""
        time.sleep(max(0, self._began + self._seconds - time.monotonic()))
        length, count = time.monotonic() - self._began, self._count() - self._before
        minutes = f"{length / 60:.0f} min"
        return [
            Figure(f"MQTT at rest, on average over {minutes}", "/s",
                   (round(count / length, 2),), (1,)),
            self._growth(f"RSS after {minutes} against a minute"),
        ]

    def _growth(self, name):
        if not self._early_memory:
            return Figure(name, "%", (), (3,), note="it takes more than a minute")
        return change(name, self._early_memory, self._memory(), 3)

    def close(self):
        self._ends.set()
        self._thread.join()
        self._daemon.stop()
        self._subscriber.program.stop()
        self._broker.stop()
        self._ups.program.stop()
