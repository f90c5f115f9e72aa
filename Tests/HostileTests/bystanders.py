"""Clients of this host that were there before the attack and do nothing wrong: a WebSocket, a raw
one, and one of the control socket. Nobody may end them."""

import json
import socket
import struct

from harness import WebSocket


class Bystanders:
    def __init__(self, daemon):
        self._websocket = WebSocket(daemon.port)
        self._raw = socket.create_connection(("127.0.0.1", daemon.port), 5)
        self._control = socket.socket(socket.AF_UNIX)
        self._control.settimeout(5)
        self._control.connect(daemon.socket)
        self.are_served()

    def are_served(self):
        """Each of them, on the connection that it has had from the start."""
        assert self._websocket.status()["link"] == "ok"
        assert not self._websocket.command("delay", seconds=0)["ok"]
        assert self._asked_raw().startswith(b"APC      : 001,")
        self._control.sendall(b'{"cmd":"nothing"}\n')
        assert not json.loads(_line(self._control))["result"]["ok"]

    def _asked_raw(self):
        """The first record of the status; the rest is read as well."""
        self._raw.sendall(b"\0\x06status")
        records = []
        while not records or records[-1]:
            length = struct.unpack(">H", _exactly(self._raw, 2))[0]
            records.append(_exactly(self._raw, length))
        return records[0]

    def close(self):
        self._websocket.close()
        self._raw.close()
        self._control.close()


def _exactly(connection, count):
    text = b""
    while len(text) < count:
        piece = connection.recv(count - len(text))
        assert piece, "the connection was ended"
        text += piece
    return text


def _line(connection):
    text = b""
    while not text.endswith(b"\n"):
        text += _exactly(connection, 1)
    return text
