"""How late this machine was at any time of the soak: the witness of `lateness`, with a memory."""

import collections
import threading
import time

from harness import boot_time

_NAP = 0.005
#: What everybody oversleeps now and then is not worth keeping (s).
_NOTABLE = 0.002
_MEMORY = 20000


class Strain:
    """Naps for 5 ms again and again, as long as it is open."""

    def __init__(self):
        self._late = collections.deque(maxlen=_MEMORY)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._nap)
        self._thread.start()

    def _nap(self):
        while not self._is_over.is_set():
            start = time.monotonic()
            time.sleep(_NAP)
            lateness = time.monotonic() - start - _NAP
            if lateness > _NOTABLE:
                self._late.append((boot_time(), lateness))

    def _since(self, moment):
        return [lateness for at, lateness in list(self._late) if at >= moment]

    def worst(self, since):
        """The longest of what was overslept."""
        return max(self._since(since), default=0.0)

    def total(self, since):
        """All of it: a chain of programs may have been late at each of its links."""
        return sum(self._since(since))

    def close(self):
        self._is_over.set()
        self._thread.join()
