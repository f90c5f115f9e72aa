"""Floods over connections that are there: frames, requests, commands, as fast as they are taken."""

import pytest
from wire import frame, handshake, request

_EMPTY = frame(0, b"", final=False)

#: What WebSockets say over and over, once their handshake is answered; and whether that counts as
#: commands that were ignored.
FRAMES = {
    "pings and pongs": (
        [frame(9, b"a" * 125) * 100, frame(10, b"a" * 125) * 100, frame(9, b"") * 1000], False),
    "messages": (
        [frame(1, b"") * 1000, frame(1, b'{"cmd":"delay","seconds":1}') * 100,
         frame(1, b'{"cmd":"delay","seconds":1,"id":"x"}') * 100], True),
    "without end": (
        [frame(1, b"", final=False) + _EMPTY * 50_000 + frame(0, b"{}"),
         frame(2, b"a" * 65536, length=(1 << 63) - 1),
         frame(2, b"", final=False) + _EMPTY * 50_000],
        None),
    # After each of these the connection ends, and the next one begins.
    "of which each is the last": (
        [frame(8, b"\3\xe8"), frame(1, b"a" * 10_000_000), frame(1, b"{}", reserved=7),
         frame(9, b"a" * 126)], False),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_frames(siege, kind):
    texts, is_ignored = FRAMES[kind]
    ignored = siege.counter("ups_ignored_commands_total")
    opening = handshake(siege.daemon.port, host=f"{siege.outside.HERE}:{siege.daemon.port}")
    siege.endure(lambda: [
        siege.attack(4, opening, text, manners="polite", total=1_000_000) for text in texts])
    if is_ignored is not None:
        assert (siege.counter("ups_ignored_commands_total") > ignored) == is_ignored


#: What is said at once, on one connection after the other.
REQUESTS = {
    "without end": [
        b"GET / HTTP/1.1\r\nX-A: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 100_000,
        request("POST / HTTP/1.1", "Content-Length: 100000000") + b"a" * 100_000],
    "of another protocol": [
        b"\xff\xff" + b"a" * 100_000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 1000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 512],
}


@pytest.mark.parametrize("kind", REQUESTS)
def test_requests(siege, kind):
    siege.endure(lambda: [siege.attack(4, text, total=1_000_000) for text in REQUESTS[kind]])


#: (connections, what each says, its manners) on the control socket.
CONTROL = {
    "commands": [(8, b'{"cmd":"delay","seconds":0}\n' * 10, "again")],
    "nobody reads": [(16, b'{"cmd":"status"}\n' * 1000, "mute"), (12, b"a" * 100_000, "plain")],
    "connections": [(24, b"", "once")],
}


@pytest.mark.parametrize("kind", CONTROL)
def test_control_socket(siege, kind):
    def start(number, text, manners):
        first, again = (b"", text) if manners == "again" else (text, b"")
        return siege.attack(number, first, again, address=siege.daemon.socket, total=10_000_000,
                            manners=manners)

    siege.endure(lambda: [start(*words) for words in CONTROL[kind]])
