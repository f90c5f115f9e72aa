"""Rotates the logs of a running daemon as logrotate does, or removes them; keeps every piece."""

import glob
import os
import threading

from harness import wait_until

_COLUMNS = 16


class Rotation:
    """On a thread, at random moments."""

    def __init__(self, daemon, report, rng):
        self._event_log = daemon.event_log
        self._measurements = f"{daemon.folder}/log"
        self._report, self._random = report, rng
        self._pieces = {}
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._ends.wait(self._random.uniform(1, 8)):
            with self._lock:
                csv = glob.glob(f"{self._measurements}/ups-server_*.csv")
                for path in [self._event_log] + (csv if self._random.random() < 0.3 else []):
                    self._rotate(path)

    def _rotate(self, path):
        if not os.path.exists(path):
            return
        pieces = self._pieces.setdefault(path, [])
        piece = f"{path}.{len(pieces) + 1}"
        if self._random.random() < 0.5:
            os.rename(path, piece)
        else:
            # Removed, with a second name that lets us see what was in it.
            os.link(path, piece)
            os.unlink(path)
        pieces.append(piece)
        self._report.count("log rotations")

    def _lines(self, path):
        """Of all its pieces, in order."""
        with self._lock:
            names = [*self._pieces.get(path, []), path]
            texts = []
            for name in filter(os.path.exists, names):
                with open(name, encoding="utf-8") as file:
                    texts.append(file.read())
        for text in texts:
            assert text.endswith("\n") or not text, f"half a line in {path}: {text[-80:]}"
        return [text.splitlines() for text in texts]

    def event_texts(self):
        return [line.split("\t", 1)[1] for lines in self._lines(self._event_log) for line in lines]

    def check_measurements(self):
        """Each piece has its header and whole rows, in order. Returns the number of rows."""
        rows = 0
        for path in sorted(glob.glob(f"{self._measurements}/ups-server_*.csv")):
            for lines in filter(None, self._lines(path)):
                times = [line.split(";")[0] for line in lines]
                assert times[0] == "TIME" and times.count("TIME") == 1, f"headers of {path}"
                assert all(line.count(";") == _COLUMNS - 1 for line in lines), f"a row of {path}"
                assert times[1:] == sorted(times[1:]), f"the order of the rows of {path}"
                rows += len(times) - 1
        return rows

    def wait_for(self, difference, timeout=5):
        """Until the Recorder has written what the ledger knows; fails with the difference."""
        last = []

        def is_equal():
            last[:] = [difference(self.event_texts())]
            return last == [None]
        try:
            wait_until(is_equal, timeout, 0.1)
        except AssertionError:
            raise AssertionError(f"event.log: {last[0]}") from None

    def close(self):
        self._ends.set()
        self._thread.join()
