"""One TCP connection to the daemon, for as many requests as wanted; ends with its block."""

import socket


class Connection:
    def __init__(self, port, timeout=5):
        self._connection = socket.create_connection(("127.0.0.1", port), timeout)
        self._stream = self._connection.makefile("rb")

    def close(self):
        self._stream.close()
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
