"""The daemon with a library between it and the C library: calls on the serial line and on files
fail, fall short or hang, and the wall clock is stepped, while a test wants it. faults.c is that
library, compiled for each test. (libfaketime moves the environment, and Swift finds the arguments
of the process beside it.)"""

import mmap
import pathlib
import struct

from harness import compiled

_SOURCE = pathlib.Path(__file__).with_name("faults.c")
#: The words of the page, as in faults.c.
_RULES = ("line_read", "line_write", "line_poll", "line_open", "line_close", "disk_error",
          "disk_delay", "sync_delay", "every", "wall_step")
_HITS = ("read", "write", "poll", "open", "close", "error", "delay", "sync")
#: Only a part is read or written.
SHORT = -1
#: Not before the test says so.
HANG = -2


class Faults:
    """Rules for one daemon, which starts with `wrapper` in front. They may be changed at any time;
    at first there are none."""

    def __init__(self, place, daemon, line):
        """The disk is the folders of `daemon` for measurements and state; `line` is its port."""
        library = compiled(place.file("faults.so"), _SOURCE, "-shared", "-fPIC", "-ldl")
        path = place.file("faults.page")
        with open(path, "w+b") as file:
            file.truncate(mmap.PAGESIZE)
            self._page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        folders = ":".join(f"{daemon.folder}/{name}/" for name in ("log", "state"))
        folders += f":{daemon.folder}/log:{daemon.folder}/state"
        self.wrapper = ("env", f"LD_PRELOAD={library}", f"FAULTS_PAGE={path}",
                        f"FAULTS_LINE={line}", f"FAULTS_FOLDERS={folders}")
        place.at_end(self.clear)

    def set(self, **rules):
        """Such as line_read=errno.EIO, disk_delay=3000 (ms) or wall_step=-86400 (s)."""
        for name, value in rules.items():
            struct.pack_into("i", self._page, 4 * _RULES.index(name), value)

    def clear(self):
        """What hangs goes on."""
        self.set(**dict.fromkeys(_RULES, 0))

    def hits(self, name):
        """How many calls of a kind were not what they should have been."""
        return struct.unpack_from("i", self._page, 4 * (len(_RULES) + _HITS.index(name)))[0]
