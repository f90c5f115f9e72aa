"""A dashboard that never looks away: every status object of a WebSocket with the moment it came, so
that a change is dated by its arrival and not by when somebody looked."""

import threading

from harness import WebSocket, boot_time


class Eye:
    """Open between two rests; then there must be no client."""

    def __init__(self, port):
        self._port = port
        self._seen = []
        self._news = threading.Condition()
        self._ends = threading.Event()
        self._failure = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            with WebSocket(self._port) as client:
                while not self._ends.is_set():
                    status = client.status()
                    with self._news:
                        self._seen.append((boot_time(), status))
                        self._news.notify_all()
        except Exception as error:  # told by whoever waits
            with self._news:
                self._failure = error
                self._news.notify_all()

    def first(self, condition, after, timeout=5, what=""):
        """(moment, status) of the first one that came after that moment and for which it holds."""
        end = boot_time() + timeout
        checked = 0
        with self._news:
            while True:
                for moment, status in self._seen[checked:]:
                    if moment > after and condition(status):
                        return moment, status
                checked = len(self._seen)
                assert self._failure is None, f"the WebSocket ended: {self._failure!r}"
                left = end - boot_time()
                assert left > 0, f"not within {timeout:.1f} s: {what}"
                self._news.wait(left)

    def phase(self, phase, after, timeout=5):
        return self.first(
            lambda status: status["shutdown"]["phase"] == phase, after, timeout, f"phase {phase}")

    def link(self, link, after, timeout=6):
        return self.first(
            lambda status: status["link"] == link, after, timeout, f"link {link}")

    def close(self):
        """The status that comes once a second lets its thread see that it is over."""
        self._ends.set()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
