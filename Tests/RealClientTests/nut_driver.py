"""NUT's driver for this UPS (bicker_ser), real, on the simulated one: in the daemon's place."""

import os
import pathlib
import re
import socket
import time

from harness import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2] / ".build" / "nut-driver"
_LIBRARIES = ROOT / "usr/lib/x86_64-linux-gnu"
_PROGRAM = ROOT / "usr/libexec/nut/bicker_ser"
_VARIABLE = re.compile(r'SETINFO (\S+) "(.*)"')
_RANGE = re.compile(r"ADDRANGE (\S+) (\d+) (\d+)")
_FLAGS = re.compile(r"SETFLAGS (\S+) (.*)")


class NUTDriver:
    """Speaks the protocol between NUT's drivers and upsd."""

    def __init__(self, place, link):
        assert _PROGRAM.exists(), "make client-test unpacks NUT's driver"
        folder = place.file("nut")
        os.mkdir(folder)
        variables = [f"{name}={folder}" for name in
                     ("NUT_STATEPATH", "NUT_ALTPIDPATH", "NUT_CONFPATH")]
        self.program = place.start(
            "env", *variables, _LIBRARIES / "ld-linux-x86-64.so.2", "--library-path", _LIBRARIES,
            _PROGRAM, "-s", "ups", "-x", f"port={link}", "-x", "pollinterval=1", "-u", "root", "-F")
        path = f"{folder}/bicker_ser-ups"
        wait_until(lambda: os.path.exists(path), 10)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._socket.settimeout(5)
        wait_until(lambda: self.variables().get("ups.status"), 10)

    def say(self, line):
        self._socket.sendall(f"{line}\n".encode())

    def dump(self):
        self.say("DUMPALL")
        text = b""
        while b"DUMPDONE" not in text:
            text += self._socket.recv(65536)
        return text.decode()

    def variables(self):
        return dict(_VARIABLE.findall(self.dump()))

    def ranges(self):
        return {name: (int(least), int(most)) for name, least, most in
                _RANGE.findall(self.dump())}

    def writable(self):
        return {name for name, flags in _FLAGS.findall(self.dump()) if "RW" in flags.split()}

    def is_stale(self):
        return "DATASTALE" in self.dump()

    def set(self, name, value):
        """What the variable is then; empty: it is switched off."""
        self.say(f'SET {name} "{value}"')
        time.sleep(1)
        return self.variables().get(name, "")
