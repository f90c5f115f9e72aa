"""Figures of the benchmark: values, targets, verdicts, and the table of them. Does no I/O."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Figure:
    """One row: as many values as limits; every value must be on the right side of its limit, and
    nothing may have failed. Without limits it is only told."""

    name: str
    unit: str
    values: tuple
    limits: tuple
    least: bool = False
    note: str = ""
    has_failures: bool = False

    @property
    def is_met(self):
        if self.has_failures:
            return False
        if self.least:
            return all(value >= limit for value, limit in zip(self.values, self.limits))
        return all(value <= limit for value, limit in zip(self.values, self.limits))

    @property
    def verdict(self):
        if not self.values:
            return f"not measured: {self.note}"
        if not self.limits:
            return self.note
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict} ({self.note})" if self.note else verdict

    @property
    def cells(self):
        sign = "≥ " if self.least else "≤ "
        limits = sign + _texts(self.limits, self.unit) if self.limits else "–"
        return (self.name, _texts(self.values, self.unit), limits, self.verdict)

    @property
    def object(self):
        """For JSON."""
        return dataclasses.asdict(self) | {"verdict": self.verdict}


def spread(name, seconds, limits):
    """Median, p95 and maximum of latencies (s), against limits in ms."""
    return Figure(name, "ms", _spread(seconds), limits)


def median(name, seconds, limit):
    """The median against a limit (ms); p95 and maximum are only told."""
    middle, *others = _spread(seconds)
    return Figure(name, "ms", (middle,), (limit,), note="p95 {:g}, max {:g} ms".format(*others))


def _spread(seconds):
    ordered = sorted(seconds)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return tuple(round(value * 1000, 1) for value in (_median(ordered), p95, ordered[-1]))


def _median(ordered):
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def table(figures):
    rows = [("figure", "measured", "target", "verdict"), *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _texts(values, unit):
    return " / ".join(f"{value:,.10g}" for value in values) + f" {unit}" if values else "–"
