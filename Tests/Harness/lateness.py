"""Whether the shutdown command ran on time, and how late this machine itself was meanwhile."""

import threading
import time

from daemon import CLOCK_STEP
from place import boot_time, wait_until

#: One status interval and 50 ms (s).
TOLERANCE = 0.1 + 0.05
#: More than this is never blamed on the machine (s).
_EXCUSE_LIMIT = 0.5
_NAP = 0.005


class Witness:
    """Naps for 5 ms again and again: what it oversleeps, everybody may have overslept."""

    def __init__(self):
        self.lateness = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._nap)

    def _nap(self):
        while not self._is_over.is_set():
            start = time.monotonic()
            time.sleep(_NAP)
            self.lateness = max(self.lateness, time.monotonic() - start - _NAP)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()


def shutdown_on_time(daemon, due, latest=None):
    """Waits for the shutdown command: not before `due`, and no later than the tolerance after it
    (or after `latest`); both on CLOCK_BOOTTIME. Returns its only run."""
    latest = due if latest is None else latest
    with Witness() as witness:
        run = daemon.wait_for_shutdown(timeout=latest - boot_time() + 5)
    excuse = min(witness.lateness, _EXCUSE_LIMIT)
    assert run.time + CLOCK_STEP >= due, f"{due - run.time:.3f} s too early"
    assert run.time <= latest + TOLERANCE + excuse, f"{run.time - latest:.3f} s late"
    return run


def no_shutdown_until(daemon, moment):
    """Nothing runs until then (CLOCK_BOOTTIME)."""
    wait_until(lambda: boot_time() >= moment or daemon.shutdowns(), moment - boot_time() + 5)
    assert not daemon.shutdowns()
