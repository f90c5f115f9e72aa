"""Clients that take their time or say nothing at all: each has its limit, and costs the others
nothing."""

import contextlib
import socket

import pytest
from harness import get_text, wait_until
from siege import CLIENTS, KEPT, SHARE
from nis_client import STATUS_REQUEST
from wire import ended, frame, handshake, opened, request

_HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"

#: More than the kernel takes from the daemon for a client that reads slowly, or not at all.
_PAGE = "/lib/dygraph.js"

#: Arguments of slowhttptest beside those that are always the same. (Its slow bodies hold nothing
#: here, and it gives up; see OWN.)
TOOL = {
    "headers": ("-H",),
    "reading": ("-X", "-w", 8, "-y", 16, "-n", 1, "-z", 8),
}
#: So many of its 500 connections are open, or it is no attack: it has one address, and so a share.
_HELD = SHARE - 50


@pytest.mark.parametrize("kind", TOOL)
def test_slowhttptest(siege, kind):
    url = f"http://{siege.outside.HERE}:{siege.daemon.port}{_PAGE}"
    siege.endure(lambda: [siege.start(
        "slowhttptest", *TOOL[kind], "-u", url, "-c", 500, "-r", 1000, "-i", 1, "-l", 30, "-p", 3,
        is_there=lambda: siege.connections() >= _HELD)])


#: (connections, what they say at first, again, and with what pause in ms)
OWN = {
    "headers": [(300, _HEAD, b"X", 50), (300, _HEAD, b"X-A: b\r\n", 500)],
    "bodies": [(16, request(f"POST {_PAGE} HTTP/1.1", "Content-Length: 8192"), b"X", 50)],
    "never a word": [(CLIENTS - KEPT, b"", b"", 0)],
    "NIS": [(250, b"\0\6sta", b"", 0), (250, b"\0", b"\x01", 500)],
    "handshakes": [(500, handshake(1)[:-2], b"X", 500)],
}


@pytest.mark.parametrize("kind", OWN)
def test_slow_clients(siege, kind):
    attacks = siege.endure(lambda: [
        siege.attack(number, first, again, pause=pause, total=10_000_000)
        for number, first, again, pause in OWN[kind]])
    for attack, (number, *_) in zip(attacks, OWN[kind]):
        result = attack.result()
        assert result["connected"] >= number and result["failed"] == 0


@pytest.mark.parametrize("kind", ["NIS", "pages", "WebSocket"])
def test_clients_that_never_read(siege, kind):
    page = request(f"GET {_PAGE} HTTP/1.1")
    assert len(get_text(siege.daemon.port, _PAGE)) > 100_000
    number, first, again = {
        "NIS": (500, STATUS_REQUEST * 5000, b""),
        "pages": (500, page, b""),
        "WebSocket": (200, handshake(1, host=siege.outside.HERE), frame(9, b"a" * 125)),
    }[kind]
    siege.endure(lambda: [siege.attack(number, first, again, pause=1, manners="mute")])


def test_every_silence_has_its_limit(daemon):
    """Nobody keeps a place for good without saying something sensible."""
    beginnings = (
        b"", b"G", _HEAD, b"\0", b"\0\6sta", b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r",
        request(), b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", handshake(1)[:-2])
    with contextlib.ExitStack() as stack:
        connections = {}
        for text in beginnings:
            connection = socket.create_connection(("127.0.0.1", daemon.port), 5)
            connections[text] = stack.enter_context(connection)
            connection.sendall(text)
        # A close that this client never answers to.
        faulty = connections["close"] = stack.enter_context(opened(daemon.port))
        faulty.sendall(frame(3))
        for text, connection in connections.items():
            assert ended(connection, 30), text
    wait_until(lambda: daemon.status()["link"] == "ok")


def test_a_websocket_that_stops_reading_is_dropped_and_counted(siege):
    # libwebsockets ends most of those that send so much at once; others come in their place.
    siege.attack(20, handshake(1, host=siege.outside.HERE),
                 frame(9, b"a" * 125) * 200, manners="mute", total=5000)
    wait_until(lambda: siege.counter("ups_dropped_clients_total") > 0, 30, 0.5)
    siege.bystanders.are_served()
