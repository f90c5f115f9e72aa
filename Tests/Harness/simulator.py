"""A simulated UPS on a pty: `ups-server simulate`, driven by lines on its standard input."""

import os
import re
import subprocess

from daemon import BINARY
from place import boot_time, wait_until

_SUMMARY = re.compile(
    r"power (on|off), charge (\d+) %, (\d+) mV, load ([\d.]+) A")


class Simulator:
    """The UPS of one test, on the path `link`. It stands for a device, which shares no processor
    with this host: as root it goes first, and usually it wakes once a frame."""

    def __init__(self, place, name="ups", pace="frame", seed=1, model="psz-1063"):
        self.link = place.file(f"{name}.tty")
        self._output = place.file(f"{name}.out")
        with open(self._output, "wb") as output:
            self.program = place.start(
                BINARY, "simulate", "--link", self.link, "--pace", pace, "--seed", seed,
                "--model", model,
                stdin=subprocess.PIPE, stdout=output, stderr=output, nice=-20)
        wait_until(lambda: "A simulated UPS is on" in self.text())

    def text(self):
        with open(self._output, encoding="utf-8") as file:
            return file.read()

    def say(self, line):
        """One line to it. The moment just before it was written, on CLOCK_BOOTTIME."""
        moment = boot_time()
        os.write(self.program.process.stdin.fileno(), f"{line}\n".encode())
        return moment

    def ask(self, line):
        """Says a line and waits for the next line that it answers."""
        seen = self.text().count("\n")
        self.say(line)
        wait_until(lambda: self.text().count("\n") > seen)
        return self.text().splitlines()[seen]

    def power(self, is_on):
        return self.say("power on" if is_on else "power off")

    def measure(self):
        """What it says it measures: power, charge (%), millivolts, load (A)."""
        answer = self.ask("measure")
        power, charge, millivolts, load = _SUMMARY.fullmatch(answer).groups()
        return {
            "power": power == "on", "charge": int(charge), "millivolts": int(millivolts),
            "load": float(load)}
