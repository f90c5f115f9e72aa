"""What talks to the daemon's port and its control socket: HTTP, WebSocket, NIS, JSON lines."""

import asyncio
import base64
import http.client
import json
import os
import socket
import struct

import websockets


def get(port, path, headers=None, timeout=5):
    """(status, body) of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def get_text(port, path):
    status, body = get(port, path)
    assert status == 200, (path, status)
    return body.decode()


def get_json(port, path):
    return json.loads(get_text(port, path))


def metric(port, sample):
    """The value of one sample of /metrics, by its name with its labels."""
    for line in get_text(port, "/metrics").splitlines():
        if line.startswith(f"{sample} "):
            return float(line.split()[-1])
    raise LookupError(f"/metrics has no {sample}")


def ask_control(path, request, timeout=5):
    """The `result` that the control socket answers to one object."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        connection.connect(path)
        connection.sendall(json.dumps(request).encode() + b"\n")
        line = connection.makefile("rb").readline()
    return json.loads(line)["result"]


def nis(port, word=b"status", times=1, timeout=5):
    """The records of the last of so many requests over one connection."""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        stream = connection.makefile("rb")
        for _ in range(times):
            connection.sendall(struct.pack(">H", len(word)) + word)
            records = list(iter(lambda: _record(stream), b""))
    return [record.decode() for record in records]


def _record(stream):
    length = stream.read(2)
    assert len(length) == 2, "the connection ended within an answer"
    return stream.read(struct.unpack(">H", length)[0])


def nis_values(port):
    """The status as {key: value}."""
    pairs = (record.split(":", 1) for record in nis(port))
    return {key.strip(): value.strip() for key, value in pairs}


def open_idle(port, *, websocket=False, receive_buffer=4096):
    """A connection whose owner never reads: a WebSocket after its handshake, else a raw one."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(5)
    connection.connect(("127.0.0.1", port))
    if websocket:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            (f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: broadcast\r\n\r\n").encode())
        assert connection.recv(12) == b"HTTP/1.1 101"
    return connection


class WebSocket:
    """A client with subprotocol `broadcast`, for callers without an event loop."""

    def __init__(self, port, origin=True):
        """`origin`: True sends the right one, None sends none, a text sends that."""
        self._runner = asyncio.Runner()
        sent = f"http://127.0.0.1:{port}" if origin is True else origin
        self._connection = self._runner.run(self._connect(port, sent))

    @staticmethod
    async def _connect(port, origin):
        return await websockets.connect(
            f"ws://127.0.0.1:{port}/", subprotocols=["broadcast"], origin=origin,
            open_timeout=5, ping_interval=None, compression=None)

    def receive(self, timeout=5):
        """The next message as an object."""
        text = self._runner.run(asyncio.wait_for(self._connection.recv(), timeout))
        return json.loads(text)

    def status(self, timeout=5):
        """The next status object."""
        while "result" in (message := self.receive(timeout)):
            pass
        return message

    def send(self, text):
        self._runner.run(self._connection.send(text))

    def command(self, name, **members):
        """Sends a command with an id and returns its result."""
        self.send(json.dumps({"cmd": name, "id": "test", **members}))
        while "result" not in (message := self.receive()):
            pass
        return message["result"]

    def close(self):
        self._runner.run(self._connection.close())
        self._runner.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
