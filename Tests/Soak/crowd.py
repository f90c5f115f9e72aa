"""Clients that come and go, as a process of its own: it must not slow down who dates the decisions.
`crowd.py PORT SOCKET SEED`; `rest` on standard input sends all away and is answered once they are
gone, `go` lets them in again, and at the end of the input it tells how many were served."""

import json
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from harness import WebSocket, ask_control, get, nis, open_idle  # noqa: E402

_APCACCESS = shutil.which("apcaccess") or "/sbin/apcaccess"
_PAGES = (
    "/", "/api/status", "/api/events?limit=1000", "/api/events?limit=5", "/api/history",
    "/api/history?seconds=86400", "/metrics", "/healthz", "/scripts/language.js")
_AT_ONCE = 4


class Crowd:
    def __init__(self, port, control, seed):
        self._port, self._control = port, control
        self.random = random.Random(f"{seed}-crowd")
        self._open = threading.Event()
        self._open.set()
        self._ends = False
        self._lock = threading.Condition()
        self._inside = 0
        self.served = 0
        self._visitors = [threading.Thread(target=self._come_and_go) for _ in range(_AT_ONCE)]
        for visitor in self._visitors:
            visitor.start()

    def _come_and_go(self):
        while True:
            self._open.wait()
            with self._lock:
                if self._ends:
                    return
                if not self._open.is_set():
                    continue
                self._inside += 1
                visit = self.random.choice(
                    [self._page, self._page, self._dashboard, self._tab_closed, self._nis,
                     self._apcaccess, self._socket, self._rude, self._deaf])
                pause = self.random.uniform(0.05, 0.6)
            self._visit(visit)
            self._wait(pause)

    def _visit(self, visit):
        try:
            visit()
        except Exception as error:  # told to who judges
            tell({"failed": f"{visit.__name__.strip('_')}: {error!r}"})
        with self._lock:
            self._inside -= 1
            self.served += 1
            self._lock.notify_all()

    def _wait(self, seconds):
        threading.Event().wait(seconds)

    # Who comes

    def _page(self):
        path = self.random.choice(_PAGES)
        code, body = get(self._port, path)
        assert code == 200 and body, (path, code)

    def _dashboard(self):
        with WebSocket(self._port) as client:
            for _ in range(self.random.randint(1, 3)):
                assert client.status()["version"]

    def _tab_closed(self):
        connection = open_idle(self._port, websocket=True)
        connection.recv(100)
        reset(connection)

    def _nis(self):
        word = self.random.choice([b"status", b"events", b"status"])
        records = nis(self._port, word, self.random.randint(1, 8))
        assert word == b"events" or records[-1].startswith("END APC"), records[-1:]

    def _apcaccess(self):
        words = [_APCACCESS, "status", f"127.0.0.1:{self._port}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=10)
        assert done.returncode == 0 and "STATFLAG" in done.stdout, done

    def _socket(self):
        for name in ("status", "events"):
            assert ask_control(self._control, {"cmd": name}) is not None

    def _rude(self):
        """Half a request, and gone."""
        words = (b"GET / HTTP/1.1\r\nHo", b"\0", struct.pack(">H", 60000), b"\0\6sta", b"PUT / x")
        connection = socket.create_connection(("127.0.0.1", self._port), 5)
        connection.sendall(self.random.choice(words))
        reset(connection)

    def _deaf(self):
        """Asks for a lot and reads nothing of it."""
        connection = open_idle(self._port)
        connection.sendall(b"GET /api/history?seconds=86400 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        self._wait(self.random.uniform(0, 0.5))
        reset(connection)

    # The door

    def rest(self):
        self._open.clear()
        with self._lock:
            self._lock.wait_for(lambda: self._inside == 0)

    def go(self):
        self._open.set()

    def close(self):
        with self._lock:
            self._ends = True
        self._open.set()
        for visitor in self._visitors:
            visitor.join()


def reset(connection):
    """Without a farewell."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def tell(words):
    """One write, so that the lines of several threads stay whole."""
    os.write(1, f"{json.dumps(words)}\n".encode())


def main(port, control, seed):
    crowd = Crowd(int(port), control, seed)
    for line in sys.stdin:
        crowd.rest() if line.strip() == "rest" else crowd.go()
        tell({"done": line.strip(), "served": crowd.served})
    crowd.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
