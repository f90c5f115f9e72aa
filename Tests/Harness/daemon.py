"""The daemon under test, with files, a port and a shutdown command of its own. The command only
notes that it was run; nothing here can touch the machine."""

import dataclasses
import os
import pathlib
import signal

from clients import ask_control, get, get_json
from nis_client import nis_values
from place import free_port, wait_until
from settings import merged, text_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("UPS_SERVER", str(ROOT / "ups-server"))

# The clock is the one of CLOCK_BOOTTIME, in steps of 10 ms; the shell reads it by itself, at once.
_COMMAND = """#!/bin/sh
read -r time idle < /proc/uptime
printf '%s\\0' "$time" "$UPS_REASON" "$UPS_INCIDENT" "$#" "$@" >> '{log}'
exit {code}
"""

#: What a test changes is merged into this.
DEFAULTS = {
    "server": {"shutdownDelay": 2},
    "ups": {"maxBackupTime": 0},
    "shutdown": {"hostShutdownTime": 1},
}

#: The resolution of the clock in the shutdown command (s).
CLOCK_STEP = 0.01


@dataclasses.dataclass
class Shutdown:
    """One run of the shutdown command; the time is on CLOCK_BOOTTIME."""

    time: float
    reason: str
    incident: str
    arguments: list


def command_line(place, *arguments, timeout=10):
    """Runs ups-server to its end."""
    return place.run(BINARY, *arguments, timeout=timeout)


class Daemon:
    """Made ready, but not started: `start` does that."""

    def __init__(self, place, serial, broker=None, arguments=("now",), **groups):
        """`groups` are changes to the configuration, such as server={"shutdownDelay": 5}."""
        self.place = place
        self.port = free_port()
        self.folder = place.file(f"daemon-{self.port}")
        for name in ("run", "state", "log"):
            os.makedirs(f"{self.folder}/{name}")
        self.path = f"{self.folder}/ups-server.cfg"
        self.socket = f"{self.folder}/run/control.sock"
        self.event_log = f"{self.folder}/event.log"
        self.log = f"{self.folder}/stderr"
        self._base = merged(DEFAULTS, self._own(serial, broker, arguments))
        self.groups = {}
        self.configure(**groups)
        self.program = None

    def _own(self, serial, broker, arguments):
        own = {
            "server": {
                "ip": "127.0.0.1", "port": self.port, "serial": serial,
                "eventLog": self.event_log, "logDirectory": f"{self.folder}/log",
                "runtimeDirectory": f"{self.folder}/run", "www": str(ROOT / "www"),
                "stateDirectory": f"{self.folder}/state"},
            "shutdown": {"command": [self.script("shutdown"), *arguments]}}
        if broker:
            own["mqtt"] = {"host": "127.0.0.1", "port": broker.port, "id": "e2e"}
        return own

    def script(self, name, code=0):
        """A shutdown command that notes its run under `name` and exits with the code."""
        text = _COMMAND.format(log=f"{self.folder}/{name}.runs", code=code)
        return self.place.write(f"{self.folder}/{name}.sh", text, 0o755)

    def configure(self, **groups):
        """Writes the configuration with these changes; a running daemon does not notice."""
        self.groups = merged(self._base, groups)
        self.place.write(self.path, text_of(self.groups))

    # Its life

    def start(self, *arguments, stderr=None, wrapper=()):
        """Returns once the port answers."""
        self.launch(*arguments, stderr=stderr, wrapper=wrapper)
        wait_until(self._answers)
        return self

    def launch(self, *arguments, stderr=None, wrapper=()):
        """Returns at once."""
        words = arguments or ("--config", self.path)
        with open(self.log, "ab") as log:
            self.program = self.place.start(
                *wrapper, BINARY, *words, stderr=stderr or log, nice=-10)

    def start_linked(self, **options):
        """Returns once there are values of the UPS."""
        self.start(**options)
        wait_until(lambda: self.status()["soc"] is not None)
        return self

    def _answers(self):
        assert self.program.runs, f"it ended: {self.errors()}"
        try:
            return get(self.port, "/healthz")[0] == 200
        except OSError:
            return False

    def kill(self):
        self.program.kill()

    def stop(self):
        return self.program.stop()

    def reload(self):
        self.program.send(signal.SIGHUP)

    # What it says

    def status(self):
        return get_json(self.port, "/api/status")

    @property
    def shutdown(self):
        return self.status()["shutdown"]

    def events(self, name=None):
        """Oldest first."""
        events = get_json(self.port, "/api/events?limit=1000")["events"][::-1]
        return [event for event in events if name in (None, event["event"])]

    def nis(self):
        return nis_values(self.port)

    def control(self, name, **members):
        return ask_control(self.socket, {"cmd": name, **members})

    def command(self, *arguments):
        """A subcommand of ups-server that finds this daemon."""
        return command_line(self.place, *arguments, "--config", self.path)

    def errors(self):
        """Its standard error so far."""
        return pathlib.Path(self.log).read_text(encoding="utf-8", errors="replace")

    def logged(self, text):
        return text in self.errors()

    # What it did

    def shutdowns(self, name="shutdown"):
        """The runs of the command so far."""
        try:
            words = pathlib.Path(f"{self.folder}/{name}.runs").read_text().split("\0")[:-1]
        except FileNotFoundError:
            return []
        runs = []
        while words:
            time, reason, incident, count, *words = words
            count = int(count)
            runs.append(Shutdown(float(time), reason, incident, words[:count]))
            words = words[count:]
        return runs

    def wait_for_shutdown(self, timeout=10):
        return wait_until(lambda: self.shutdowns(), timeout)[0]
