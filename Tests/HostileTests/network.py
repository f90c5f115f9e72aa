"""Networks that only the tests know: the whole run has one of its own, in which its loopback is
nobody else's, and `Outside` is another host on a cable to it."""

import ctypes
import itertools
import os
import subprocess

from harness import wait_until

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_numbers = itertools.count()


def leave_network():
    """This process and all it starts have a network of their own from now on; it ends with them."""
    if _libc.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network of one's own: this needs root")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Outside:
    """A host of the network 10.77.0.0/16, which is a namespace. It ends with the place."""

    HERE, THERE = "10.77.0.1", "10.77.0.2"
    #: More addresses over there: as many hosts as are needed to hold all places of the port.
    OTHERS = tuple(f"10.77.1.{number}" for number in range(1, 16))

    def __init__(self, place):
        self.place = place
        self._holder = place.start("unshare", "--net", "sleep", "infinity")
        wait_until(self._is_apart)
        pid, name = self._holder.pid, f"cable{next(_numbers)}"
        self._run("ip", "link", "add", name, "type", "veth", "peer", "name", "cable",
                  "netns", pid)
        self._run("ip", "address", "add", f"{self.HERE}/16", "dev", name)
        self._run("ip", "link", "set", name, "up")
        for address in (self.THERE, *self.OTHERS):
            self.run("ip", "address", "add", f"{address}/16", "dev", "cable")
        self.run("ip", "link", "set", "cable", "up")
        # More connections than usual begin here.
        self.run("sh", "-c", "echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range")

    def _is_apart(self):
        return os.readlink(f"/proc/{self._holder.pid}/ns/net") != os.readlink("/proc/self/ns/net")

    def _run(self, *words):
        done = self.place.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def words(self, *words):
        """The command line that runs these over there."""
        return ("nsenter", f"--net=/proc/{self._holder.pid}/ns/net", *words)

    def run(self, *words):
        return self._run(*self.words(*words))
