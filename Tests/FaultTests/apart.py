"""A mount namespace that outlives the daemon in it: file systems that nobody else sees, full or
read-only, over a restart too. Whoever is not root becomes it in a user namespace of his own."""

import errno
import os
import subprocess

from harness import wait_until

_IS_ROOT = os.geteuid() == 0


class Apart:
    """Put its `wrapper` in front of the daemon. What is in it is looked at through `inside`."""

    def __init__(self, place, script):
        """`script` mounts; it is for /bin/sh."""
        ready = place.file("apart.ready")
        own = ("unshare", "-m") if _IS_ROOT else ("unshare", "-r", "-m")
        self._holder = place.start(
            *own, "sh", "-ec", f"{script}\n: > {ready}; exec sleep 600", stderr=subprocess.PIPE)
        wait_until(lambda: os.path.exists(ready) or not self._holder.runs)
        assert self._holder.runs, (
            "this test needs root or user namespaces, to mount file systems of its own: "
            + self._holder.process.stderr.read().decode())
        user = () if _IS_ROOT else ("-U", "--preserve-credentials")
        self.wrapper = ("nsenter", "-t", str(self._holder.pid), "-m", *user, "--")
        place.at_end(self._holder.process.stderr.close)

    def inside(self, path):
        return f"/proc/{self._holder.pid}/root{path}"

    def fill(self, folder):
        """Not a byte more goes into its file system."""
        path = self.inside(f"{folder}/filling")
        with open(path, "ab", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"." * size)
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    def empty(self, folder):
        os.unlink(self.inside(f"{folder}/filling"))


def small(folder, size="64k"):
    """Mounts a tmpfs of that size there; for the script."""
    return f"mount -t tmpfs -o size={size},mode=755 none {folder}"


def read_only(folder):
    return f"mount --bind {folder} {folder}; mount -o remount,bind,ro {folder}"
