"""While nothing happens, the thread that decides allocates nothing: memory that is short cannot keep
it waiting, and a day leaves the heap as it was."""

import pathlib
import shutil
import subprocess

from harness import Daemon, boot_time, wait_until

_SOURCE = pathlib.Path(__file__).with_name("allocations.c")
#: Longer than all values take to come around (s).
_SETTLING = 12
_LENGTH = 12


def test_the_deciding_thread_allocates_nothing(place, ups):
    library, counter = place.file("allocations.so"), place.file("allocations")
    compiler = shutil.which("cc") or shutil.which("clang")
    subprocess.run(
        [compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", library, str(_SOURCE)], check=True)
    pathlib.Path(counter).write_bytes(bytes(8))
    daemon = Daemon(place, ups.link).start_linked(
        wrapper=("env", f"LD_PRELOAD={library}", f"ALLOCATIONS={counter}"))

    def count():
        return int.from_bytes(pathlib.Path(counter).read_bytes(), "little")

    started = boot_time()
    wait_until(lambda: boot_time() > started + _SETTLING, _SETTLING + 1)
    before = count()
    assert before > 100, "the start allocates a lot: nothing was counted"
    wait_until(lambda: boot_time() > started + _SETTLING + _LENGTH, _LENGTH + 1)
    assert count() - before == 0
    assert daemon.status()["soc"] == 100
