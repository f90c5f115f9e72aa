"""Figures of the benchmark: values, targets, verdicts, and the table of them. Does no I/O."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Figure:
    """One row: as many values as limits; every value must be there and on the right side of its
    limit, and nothing may have failed. Without limits it is only told."""

    name: str
    unit: str
    values: tuple
    limits: tuple
    least: bool = False
    note: str = ""
    has_failures: bool = False

    @property
    def is_met(self):
        """None: it has no target."""
        if not self.limits:
            return None
        if self.has_failures or len(self.values) != len(self.limits):
            return False
        return all(map(self._holds, self.values, self.limits))

    def _holds(self, value, limit):
        if value is None or math.isnan(value):
            return False
        return value >= limit if self.least else value <= limit

    @property
    def verdict(self):
        if not self.values:
            return f"not measured: {self.note}"
        if self.is_met is None:
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
        return dataclasses.asdict(self) | {"met": self.is_met, "verdict": self.verdict}


def spread(name, seconds, limits, note=""):
    """Median, p95 and maximum of latencies (s), against limits in ms."""
    return Figure(name, "ms", _spread(seconds), limits, note=note)


def median(name, seconds, limit):
    """The median against a limit (ms); p95 and maximum are only told."""
    middle, *others = _spread(seconds)
    return Figure(name, "ms", (middle,), (limit,), note="p95 {:g}, max {:g} ms".format(*others))


def change(name, before, after, percent, unit="MB"):
    """How far a value is from what it was, either way, against a limit in percent."""
    off = round(abs(after / before - 1) * 100, 1)
    return Figure(name, "%", (off,), (percent,), note=f"{before:g} → {after:g} {unit}")


def ratios(values, *others):
    """A note: "0.50 / 0.92 × floor, 1.41 / 30 × apcupsd" for pairs of a name and its values."""
    return ", ".join(
        " / ".join(_ratio(value, other) for value, other in zip(values, theirs)) + f" × {name}"
        for name, theirs in others)


def _ratio(value, other):
    if not other:
        return "–"
    return f"{value / other:.2f}" if value < 10 * other else f"{value / other:,.0f}"


def _spread(seconds):
    ordered = sorted(seconds)
    if not ordered:
        return ()
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return tuple(round(value * 1000, 1) for value in (middle(ordered), p95, ordered[-1]))


def middle(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def table(figures):
    rows = [("figure", "measured", "target", "verdict"), *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _texts(values, unit):
    if not values:
        return "–"
    return " / ".join("?" if value is None else f"{value:,.10g}" for value in values) + f" {unit}"
