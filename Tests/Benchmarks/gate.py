"""A port in front of a broker that can be shut and opened: to the daemon behind it, the broker is
away and comes back, at a moment that is known and with its subscribers already there."""

import select
import socket
import threading

from harness import boot_time, free_port

_BYTES = 65536
_PAUSE = 0.05


class Gate:
    """Shut at first. One connection at a time, as the daemon has one."""

    def __init__(self, target):
        self.port = free_port()
        self._target = target
        self._ends = threading.Event()
        self._thread = None

    def open(self):
        """The moment from which on it takes connections, on CLOCK_BOOTTIME."""
        self._ends.clear()
        listener = socket.create_server(("127.0.0.1", self.port))
        moment = boot_time()
        self._thread = threading.Thread(target=self._serve, args=(listener,))
        self._thread.start()
        return moment

    def shut(self):
        """The connection ends, and new ones are refused."""
        if self._thread:
            self._ends.set()
            self._thread.join()
            self._thread = None

    def _serve(self, listener):
        with listener:
            while not self._ends.is_set():
                if select.select([listener], [], [], _PAUSE)[0]:
                    near = listener.accept()[0]
                    with near, socket.create_connection(("127.0.0.1", self._target)) as far:
                        self._hand_on(near, far)

    def _hand_on(self, near, far):
        others = {near: far, far: near}
        for end in others:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not self._ends.is_set():
            for end in select.select([near, far], [], [], _PAUSE)[0]:
                try:
                    data = end.recv(_BYTES)
                    others[end].sendall(data)
                except ConnectionError:
                    return
                if not data:
                    return
