"""What talks to the daemon's port and its control socket: HTTP, WebSocket, JSON lines. NIS is in
nis_client.py, and what no proper client sends in wire.py."""

import asyncio
import contextlib
import http.client
import json
import socket

import websockets
from wire import handshake


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


class ControlClient:
    """One connection to the control socket."""

    def __init__(self, path, timeout=5):
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(timeout)
        self._connection.connect(path)
        self._stream = self._connection.makefile("rb")

    def ask(self, request):
        """The `result` that it answers to one object."""
        self._connection.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(self._stream.readline())["result"]

    def close(self):
        self._stream.close()
        self._connection.close()


def ask_control(path, request, timeout=5):
    """Of a connection for this one request."""
    with contextlib.closing(ControlClient(path, timeout)) as client:
        return client.ask(request)


def open_idle(port, *, websocket=False, receive_buffer=4096):
    """A connection whose owner never reads: a WebSocket after its handshake, else a raw one."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(5)
    connection.connect(("127.0.0.1", port))
    if websocket:
        connection.sendall(handshake(port))
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
