"""What others reach, in the same run: Debian's apcupsd, and NUT's upsd where its packages were
unpacked. Each runs in the foreground, with files of its own, and without the right or the means to
power anything off."""

import contextlib
import os
import socket
import subprocess

import nut_programs
from apcupsd import prepared
from harness import Daemon, Simulator, free_port, nis, wait_until

#: About as many variables as a report of ours has lines.
_NUT_VARIABLES = {
    **{f"{place}.{name}": "12.6" for place in ("input", "output", "battery")
       for name in ("voltage", "voltage.nominal", "current", "frequency")},
    **{f"{place}.{name}": "100" for place in ("battery", "ups")
       for name in ("temperature", "date", "mfr.date")},
    "battery.charge": "100", "battery.runtime": "92", "battery.type": "SUC-1011", "ups.load": "21",
    "ups.mfr": "Bicker", "ups.model": "UPSIC", "ups.serial": "SIM00001", "ups.firmware": "1.1",
    "ups.status": "OL",
}


class _Peer:
    """The programs that it takes run until the place ends or `stop`."""

    name = protocol = None

    def __init__(self):
        self.port = free_port()
        self.programs = []

    def _start(self, place, *words, **environment):
        # No capability but those for changing to the user that it is anyway, whoever starts it.
        drop = ["setpriv", "--bounding-set=-all,+setuid,+setgid", "--inh-caps=-all",
                "--no-new-privs"]
        wrapper = drop if os.geteuid() == 0 else []
        variables = [f"{name}={value}" for name, value in environment.items()]
        log = place.file(f"{self.name}-{self.port}.log")
        with open(log, "ab") as output:
            self.programs.append(place.start(
                *wrapper, "env", *variables, *words, stdout=output, stderr=subprocess.STDOUT))

    @property
    def pids(self):
        return [program.pid for program in self.programs]

    def stop(self):
        for program in reversed(self.programs):
            program.stop()


class Apcupsd(_Peer):
    name, protocol = "apcupsd", "nis"

    def __init__(self, place):
        super().__init__()
        self._ups = Simulator(place, name=f"master-{self.port}")
        self._master = Daemon(place, self._ups.link).start_linked()
        folder = place.file(f"apcupsd-{self.port}")
        self._start(place, *prepared(place, folder, self._master.port, {
            "POLLTIME": 60, "NETSERVER": "on", "NISIP": "127.0.0.1", "NISPORT": self.port}))

    def has_values(self):
        """Everything that it tells of a UPS."""
        with contextlib.suppress(ConnectionRefusedError):
            return any(record.startswith("LINEV") for record in nis(self.port))

    def stop(self):
        super().stop()
        self._master.stop()
        self._ups.program.stop()


class Upsd(_Peer):
    """upsd and the driver dummy-ups, from the unpacked packages."""

    name, protocol = "NUT", "nut"

    def __init__(self, place):
        super().__init__()
        upsd = nut_programs.Upsd(place, _NUT_VARIABLES, "bench")
        self.port, self.programs = upsd.port, upsd.programs

    def has_values(self):
        with contextlib.suppress(ConnectionRefusedError):
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"GET VAR bench ups.status\n")
                return connection.recv(100) == b'VAR bench ups.status "OL"\n'


@contextlib.contextmanager
def running(place):
    """All of them that this machine has; their values come within some seconds."""
    with contextlib.ExitStack() as stack:
        peers = []
        for kind in [Apcupsd, *([Upsd] if nut_programs.PROGRAMS.exists() else [])]:
            peers.append(kind(place))
            stack.callback(peers[-1].stop)
        yield peers


def wait_for_values(peers):
    for peer in peers:
        wait_until(peer.has_values, 20)
