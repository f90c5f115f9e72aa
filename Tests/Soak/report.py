"""What the soak tells: sentences about what did not hold, counts of what was played, the lateness
of the decisions. Every thread writes to it; it prints failures at once and the table at the end."""

import collections
import sys
import threading

from flatness import FIELDS, quarters


class Report:
    #: The rows that are counts, in the order of the table.
    ROWS = (
        "outages", "link losses", "broker restarts", "reloads", "log rotations", "clients served",
        "events", "rows of measurements", "restarts of the second daemon",
        "shutdown commands run", "not judged")

    def __init__(self):
        self.failures = []
        self.lateness = 0.0
        self._counts = collections.Counter()
        self._lock = threading.Lock()

    def fail(self, sentence):
        with self._lock:
            self.failures.append(sentence)
            print(f"FAILED: {sentence}", file=sys.stderr, flush=True)

    def count(self, name, number=1):
        with self._lock:
            self._counts[name] += number

    def late(self, seconds):
        """A decision came so long after its moment."""
        with self._lock:
            self.lateness = max(self.lateness, seconds)

    def __getitem__(self, name):
        with self._lock:
            return self._counts[name]

    def _histories(self):
        """(kind, how many)"""
        with self._lock:
            return sorted(pair for pair in self._counts.items() if pair[0].startswith("history: "))

    def progress(self, minute):
        numbers = ", ".join(f"{self[name]} {name}" for name in self.ROWS[:7])
        return (
            f"minute {minute}: {numbers}; "
            f"worst lateness {self.lateness * 1000:.0f} ms, {len(self.failures)} failures")

    def table(self, minutes, samples):
        """`samples`: those of the quiet moments."""
        rows = [("minutes", f"{minutes:.1f}"), *self._histories()]
        rows += [(name, self[name]) for name in self.ROWS]
        rows += [("worst lateness", f"{self.lateness * 1000:.0f} ms")]
        rows.append(("quiet moments", len(samples)))
        if len(samples) >= 4:
            rows += [(name, _course(samples, field)) for field, name in FIELDS]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name.ljust(width)} | {value}" for name, value in rows)


def _course(samples, field):
    first, last = getattr(samples[0], field), getattr(samples[-1], field)
    medians = " / ".join(f"{median:g}" for median in quarters(samples, field))
    return f"{first} at begin, {last} at end; medians of the quarters {medians}"
