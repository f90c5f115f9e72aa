"""A disk that dies: a FUSE file system whose server is stopped."""

import os
import pathlib
import signal

from guest import run
from harness import wait_until


class Disk:
    """A folder of the guest on a disk that can die: from then on nobody gets an answer."""

    def __init__(self, place, name):
        self.path, source = place.file(f"{name}.mount"), place.file(f"{name}.source")
        os.makedirs(self.path)
        os.makedirs(source)
        self._program = place.start("bindfs", "-f", "-o", "kernel_cache", source, self.path)
        place.at_end(lambda: run("umount", "--lazy", self.path))
        place.at_end(self.revive)
        wait_until(lambda: os.path.ismount(self.path))

    def die(self):
        # What only lies in the cache has to come from the disk again.
        os.sync()
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        self._program.send(signal.SIGSTOP)

    def revive(self):
        self._program.send(signal.SIGCONT)
