"""Limits of the running daemon, lowered and lifted again, and what it uses of them."""

import os
import pathlib
import resource
import subprocess

from harness import boot_time, wait_until
from process import descriptors

#: The names of limits for prlimit(1).
NOFILE, AS, NPROC = "nofile", "as", "nproc"
_ROWS = {NOFILE: "Max open files", AS: "Max address space", NPROC: "Max processes"}
_PAGE = resource.getpagesize()


def leave_none(pid):
    """From now on every new descriptor is one too many."""
    held = at_rest(descriptors, pid)
    first_free = next(number for number in range(len(held) + 1) if number not in held)
    set_limit(pid, NOFILE, first_free)


def mapped(pid):
    """Its address space (bytes)."""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]) * _PAGE


def leave_no_memory(pid):
    """From now on nothing more can be mapped, and no thread started."""
    set_limit(pid, AS, at_rest(mapped, pid))


def at_rest(measure, pid):
    """What it is once it stays the same: those who have asked are gone, and so is what the daemon
    opened to look around, which takes a busy machine some tenths of a second."""
    seen = [None] * 5

    def is_same():
        seen.append(measure(pid))
        return all(value == seen[-1] for value in seen[-5:])
    wait_until(is_same, interval=0.2)
    return seen[-1]


def set_limit(pid, kind, value):
    """The soft one; it can be raised again."""
    _change(pid, kind, f"{value}:")


def lift(pid, kind):
    with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
        row = next(line for line in file if line.startswith(_ROWS[kind]))
    _change(pid, kind, f"{row[len(_ROWS[kind]):].split()[1]}:")


def _change(pid, kind, value):
    """As the user whose process it is: to touch that of another one root would need more rights."""
    user = os.stat(f"/proc/{pid}/task").st_uid
    as_user = () if user == os.geteuid() else (
        "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups")
    subprocess.run([*as_user, "prlimit", "--pid", str(pid), f"--{kind}={value}"], check=True)


class Effort:
    """The part of a processor that a process takes while this is open."""

    def __init__(self, pid):
        self._pid = pid
        self.part = None

    def __enter__(self):
        self._began, self._used = boot_time(), _processor_time(self._pid)
        return self

    def __exit__(self, *_):
        self.part = (_processor_time(self._pid) - self._used) / (boot_time() - self._began)


def _processor_time(pid):
    """Of all its threads, also those that have ended (s)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
