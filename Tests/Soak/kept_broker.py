"""A broker that keeps its sessions over a restart, so that what a subscriber misses was lost by the
daemon, and the one who restarts it again and again."""

import os
import threading

from harness import Broker, Subscriber, boot_time, free_port, wait_until

#: Everything is retained again so soon after the broker's return (s).
_COMPLETE_WITHIN = 2


class KeptBroker(Broker):
    def __init__(self, place):
        self._folder = place.file("broker")
        os.mkdir(self._folder)
        super().__init__(place, (
            "allow_anonymous true", "persistence true", f"persistence_location {self._folder}/",
            "max_queued_messages 10000"))

    def forget(self):
        """While it is stopped: what is retained goes, the sessions stay. It is done on another
        port, where the daemon does not see it."""
        port, settings = self.port, self._settings
        self.port = free_port()
        text = self.place.read(settings).replace(f"listener {port} ", f"listener {self.port} ")
        self._settings = self.place.write("forgetting.conf", text)
        self.start()
        self.place.run(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", self.port, "-q", 1, "-t", "#", "-W", 1,
            "--remove-retained")
        left = self.retained()
        self.stop()
        self.port, self._settings = port, settings
        assert not left, f"the broker of the soak did not forget {sorted(left)}"


class BrokerTrouble:
    """Restarts the broker on a thread; whoever holds `lock` has it running and complete."""

    def __init__(self, broker, wanted, strain, report, rng):
        """`wanted`: the topics that must be retained."""
        self._broker, self._wanted = broker, wanted
        self._strain, self._report, self._random = strain, report, rng
        self.lock = threading.Lock()
        #: Set with the lock held: it stays as it is. The broker would end with this thread.
        self.is_over = False
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._ends.wait(self._random.uniform(2, 12)):
            with self.lock:
                if self.is_over:
                    continue
                try:
                    self._restart()
                except Exception as error:  # the next one may show more
                    self._report.fail(f"Broker restart: {error!r}")

    def _restart(self):
        self._broker.stop()
        if forgets := self._random.random() < 0.6:
            self._broker.forget()
        self._ends.wait(self._random.uniform(0, 5))
        self._broker.start()
        back = boot_time()
        self._report.count("broker restarts")
        newcomer = Subscriber(self._broker)
        try:
            self._check(newcomer, back, forgets)
        finally:
            newcomer.program.stop()

    def _check(self, newcomer, back, forgets):
        def missing():
            latest = {topic: payload for _, topic, payload in newcomer.messages()}
            topics = self._wanted - latest.keys()
            is_online = latest.get("ups/e2e/availability") == "online"
            return topics if topics or is_online else {"availability is not online"}
        wait_until(lambda: not missing() or boot_time() > back + 10, 15)
        time = boot_time() - back
        excuse = self._strain.total(back)
        assert time <= _COMPLETE_WITHIN + excuse, (
            f"what is retained was not complete {time:.1f} s after the broker's return "
            f"(everything forgotten: {forgets}; excused {excuse:.2f} s): {sorted(missing())[:5]}")

    def close(self):
        self._ends.set()
        self._thread.join()
