"""Runs the test targets on one program, the quick ones first, within limits of time and memory."""

import dataclasses
import os
import re
import subprocess
import time

from mutant_build import TARGETS

_RAN = re.compile(r"Test run with ([0-9]+) tests?\b")
_FAILED = re.compile(r"Test (\S+\(.*?\)) (?:with .*? )?recorded an issue", re.M)
_SEED = re.compile(r"\bseed [0-9]+: .*")
#: Of the simulation; they take longer than all the others together.
_SLOW = "(OneWrongBitTests|ReaderTests)"
#: {tests: the filter for them}, the quick ones first.
EVERYTHING = {target: rf"^{target}\.(?!{_SLOW})" for target in TARGETS} | {
    "the reader": rf"^SimulationTests\.{_SLOW}"}
#: The histories, without the trials that are written out beside them.
SIMULATION = {"SimulationTests": r"^SimulationTests\.SimulationTests/"}
#: A mutant may allocate for ever. (KiB of address space)
_MEMORY = 4 * 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Of one target. `how` is empty when all tests passed."""
    target: str
    how: str
    seconds: float


def _command(program, tests):
    return ["/bin/sh", "-c", f'ulimit -c 0; ulimit -v {_MEMORY}; exec "$@"', "sh", str(program),
            "--testing-library", "swift-testing", "--filter", tests]


def run(program, target, tests, histories, limit=None):
    """Whether these tests of a target pass; a run without an end is ended, and has failed."""
    # Swift's own backtraces take seconds, and nobody reads them here.
    environment = dict(
        os.environ, UPS_HISTORIES=str(histories), SWIFT_BACKTRACE="enable=no", NO_COLOR="1")
    start = time.monotonic()
    try:
        done = subprocess.run(
            _command(program, tests), env=environment, stdin=subprocess.DEVNULL, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit)
    except subprocess.TimeoutExpired:
        return Verdict(target, f"timed out after {limit:.0f} s", time.monotonic() - start)
    text = done.stdout.decode(errors="replace")
    return Verdict(target, _how(done.returncode, text), time.monotonic() - start)


def _how(code, text):
    if code < 0:
        return f"crashed with signal {-code}"
    if code != 0:
        names = list(dict.fromkeys(_FAILED.findall(text)))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        seed = _SEED.search(text)
        told = f" ({seed[0]})" if seed else ""
        return (names[0] if names else f"exit code {code}") + more + told
    count = _RAN.search(text)
    return "" if count and int(count[1]) > 0 else "no test ran"


def baseline(program, targets, histories):
    """{target: seconds} without a mutation; else what failed."""
    taken = {}
    for target, tests in targets.items():
        verdict = run(program, target, tests, histories)
        if verdict.how:
            raise RuntimeError(f"{target} without any mutation: {verdict.how}")
        taken[target] = verdict.seconds
    return taken


def judge(program, targets, histories, taken):
    """The verdict of the first target that fails, else of the last one."""
    for target, tests in targets.items():
        verdict = run(program, target, tests, histories, limit=4 * taken[target] + 20)
        if verdict.how:
            break
    return verdict
