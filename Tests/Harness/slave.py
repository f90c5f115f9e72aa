"""Debian's apcupsd on another host behind the same UPS: it follows the daemon under test. Its own
shutdown is neutralised: all that it may run is a script that writes its arguments down."""

import os

from apcupsd import prepared
from place import wait_until


class Slave:
    """Runs until the test ends; `minutes` and `charge` are its MINUTES and BATTERYLEVEL."""

    def __init__(self, place, port, minutes=0, charge=5):
        self.place = place
        self.folder = place.file(f"slave-{minutes}-{charge}")
        settings = {
            "POLLTIME": 1, "ONBATTERYDELAY": 0, "BATTERYLEVEL": charge, "MINUTES": minutes,
            "TIMEOUT": 0, "NETSERVER": "off"}
        words = prepared(
            place, self.folder, port, settings, f"echo \"$1\" >> '{self.folder}/control'")
        # Should all else fail: a process without this capability cannot reboot(2).
        cap = ["setpriv", "--bounding-set=-sys_boot", "--inh-caps=-sys_boot"]
        wrapper = cap if os.geteuid() == 0 else []
        with open(f"{self.folder}/output", "wb") as output:
            self.program = place.start(*wrapper, *words, stderr=output, stdout=output)

    @property
    def actions(self):
        """What it has run its script for, in order."""
        return self._read("control").split()

    @property
    def has_shut_down(self):
        return "doshutdown" in self.actions

    def wait_for(self, action, timeout=15):
        wait_until(lambda: action in self.actions, timeout)

    @property
    def log(self):
        return self._read("events")

    def _read(self, name):
        try:
            return self.place.read(f"{self.folder}/{name}")
        except FileNotFoundError:
            return ""
