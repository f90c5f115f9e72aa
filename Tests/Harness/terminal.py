"""A terminal with a program in it, as a person sees it: what is on the screen, in which colours,
and what is typed."""

import fcntl
import os
import pty
import select
import struct
import termios
import time

import pyte
from place import wait_until


class Terminal:
    """Runs the words in a terminal of that size (columns, rows)."""

    def __init__(self, place, *words, columns=90, rows=28):
        self._ours, self._theirs = pty.openpty()
        self._stream = pyte.ByteStream(screen := pyte.Screen(columns, rows))
        self.screen = screen
        self.raw = b""
        self.resize(columns, rows)
        self.before = self.settings
        environment = dict(place.environment, TERM="xterm-256color")
        environment.pop("NO_COLOR", None)
        place.environment, kept = environment, place.environment
        self.program = place.start(
            *words, stdin=self._theirs, stdout=self._theirs, stderr=self._theirs)
        place.environment = kept
        place.at_end(self.close)

    def resize(self, columns, rows):
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    @property
    def settings(self):
        return termios.tcgetattr(self._theirs)

    def type(self, text):
        os.write(self._ours, text.encode())

    def listen(self, seconds=0.0):
        """Takes what the program writes, for so long."""
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._ours], [], [], left)[0]:
                return
            self.raw += (piece := os.read(self._ours, 65536))
            self._stream.feed(piece)

    @property
    def lines(self):
        self.listen()
        return [line.rstrip() for line in self.screen.display]

    def shows(self, text):
        return any(text in line for line in self.lines)

    def wait_for(self, text, timeout=5):
        wait_until(lambda: self.shows(text), timeout)

    def close(self):
        os.close(self._ours)
        os.close(self._theirs)
