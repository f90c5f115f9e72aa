"""How late this machine was at any time of the soak: the witness of `lateness`, with a memory, and
on each processor, because one of them may be taken while the others are free."""

import collections
import os
import threading
import time

from harness import boot_time

_NAP = 0.005
#: What everybody oversleeps now and then is not worth keeping (s).
_NOTABLE = 0.002
_MEMORY = 20000
#: More than this is never blamed on the machine (s).
_EXCUSE_LIMIT = 0.5
#: One nap that long, or all together: then nothing is proved (s).
_STANDSTILL, _STARVED = 0.25, 1.0


class NeverExcused(AssertionError):
    """No machine is so slow that it explains this: a shutdown too early, twice, or without an
    outage. A slow one explains what is late, and what is missing because of it."""


class Strain:
    """Naps for 5 ms again and again, as long as it is open."""

    def __init__(self):
        self._late = collections.deque(maxlen=_MEMORY)
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._nap, args=(processor,))
            for processor in os.sched_getaffinity(0)]
        for thread in self._threads:
            thread.start()

    def _nap(self, processor):
        # Of this thread alone.
        os.sched_setaffinity(0, {processor})
        while not self._is_over.is_set():
            start = time.monotonic()
            time.sleep(_NAP)
            lateness = time.monotonic() - start - _NAP
            if lateness > _NOTABLE:
                self._late.append((boot_time(), lateness))

    def _since(self, moment):
        return [lateness for at, lateness in list(self._late) if at >= moment]

    def total(self, since):
        """All that was overslept: a chain of programs may have been late at each of its links. On
        a machine at rest it is nothing."""
        return sum(self._since(since))

    def excuse(self, since):
        """So late a decision may have been (s)."""
        return min(self.total(since), _EXCUSE_LIMIT)

    def stood_still(self, since):
        """What was played since then proves nothing, unless it is NeverExcused."""
        return self.total(since) > _STARVED or max(self._since(since), default=0) > _STANDSTILL

    def close(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()
