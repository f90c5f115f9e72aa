"""What a process takes at quiet moments, and whether it stays so: memory, descriptors, threads."""

import dataclasses
import os
import statistics
import time

from process import kilobytes, threads

FIELDS = (
    ("rss", "RSS (kB)"), ("dirty", "private dirty (kB)"), ("descriptors", "descriptors"),
    ("threads", "threads"))
#: The part of RSS by which the memory may differ between two quarters of the soak.
_TOLERANCE = 0.03
_FEWEST = 8
#: A connection that a client has closed is closed by the daemon so much later at most (s).
_CLOSED_WITHIN = 2


@dataclasses.dataclass(frozen=True)
class Sample:
    """Memory in kB."""

    rss: int
    dirty: int
    descriptors: int
    threads: int


def sample(pid):
    """At a moment without clients."""
    counts = [_counts(pid)]
    end = time.monotonic() + _CLOSED_WITHIN
    while time.monotonic() < end and counts[-3:] != [counts[-1]] * 3:
        time.sleep(0.1)
        counts.append(_counts(pid))
    return Sample(
        kilobytes(pid, "status", "VmRSS"), kilobytes(pid, "smaps_rollup", "Private_Dirty"),
        *counts[-1])


def _counts(pid):
    return len(os.listdir(f"/proc/{pid}/fd")), threads(pid)


def differences(samples):
    """Sentences about what differs between the second and the last quarter, by their medians."""
    if len(samples) < _FEWEST:
        return [f"only {len(samples)} quiet moments were seen: the soak is too short"]
    sentences = []
    for field, name in FIELDS:
        _, before, _, after = quarters(samples, field)
        is_memory = field in ("rss", "dirty")
        limit = _TOLERANCE * quarters(samples, "rss")[1] if is_memory else 0
        if abs(after - before) > limit:
            sentences.append(
                f"{name}: {before:g} in the second quarter and {after:g} in the last; allowed is "
                f"a difference of {limit:.0f}")
    return sentences


def quarters(samples, field):
    """The medians of the four quarters of the soak."""
    values = [getattr(sample, field) for sample in samples]
    bounds = [len(values) * quarter // 4 for quarter in range(5)]
    return [statistics.median(values[a:b]) for a, b in zip(bounds, bounds[1:])]
