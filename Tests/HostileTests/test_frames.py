"""The WebSocket's frames, one by one, as the strict ones of the Autobahn suite have them: what is
allowed is answered, what is not ends this connection, with the right code where one is sent."""

import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import get
from nis_client import STATUS_REQUEST
from wire import ended, exchange, frame, frames, handshake, opened, received

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
#: Answered with a result: the sign that the connection is all right.
_COMMAND = b'{"cmd":"nonsense","id":"x"}'
_ASK = frame(TEXT, _COMMAND)
_BAD = frame(TEXT, b"\xce", final=False)
#: A connection that is reset may lose the code that was on its way: so often it is asked for.
_TIMES = 4


def _code(code, reason=b""):
    return frame(CLOSE, struct.pack(">H", code) + reason)


#: What ends the connection, and the code that says why.
PROTOCOL_ERRORS = {
    **{f"reserved bits {bits}": frame(TEXT, _COMMAND, reserved=bits) for bits in range(1, 8)},
    "reserved bit of a ping": frame(PING, b"", reserved=4),
    "reserved bit of a close": frame(CLOSE, b"\3\xe8", reserved=1),
    **{f"opcode {code}": frame(code, b"abc") for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a ping in fragments": frame(PING, b"a", final=False),
    "a pong in fragments": frame(PONG, b"a", final=False),
    "a close in fragments": frame(CLOSE, b"\3\xe8", final=False),
    "continuation at first": frame(0, _COMMAND),
    "continuation at first, not final": frame(0, _COMMAND, final=False),
    "continuation behind a message": frame(TEXT, b"{}") + frame(0, b"{}"),
    "continuation behind a ping": frame(PING, b"a") + frame(0, b"a"),
    "text within a message": frame(TEXT, b"a", final=False) + frame(TEXT, _COMMAND),
    "binary within a message": frame(TEXT, b"a", final=False) + frame(BINARY, b"a"),
    "HTTP": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "NIS": STATUS_REQUEST,
    "only zeros": b"\0" * 1000,
    "only ones": b"\xff" * 1000,
    **{f"close {code}": _code(code)
       for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999)},
}
INVALID_TEXT = {
    "no UTF-8": frame(TEXT, b"\xff\xfe"),
    "a surrogate": frame(TEXT, b"\xed\xa0\x80"),
    "an overlong slash": frame(TEXT, b"\xc0\xaf"),
    "above Unicode": frame(TEXT, b"\xf4\x90\x80\x80"),
    "half a character": frame(TEXT, b"\xce"),
    "half a character, then nothing": _BAD + frame(0, b""),
    "half a character, then another": _BAD + frame(0, b"\xce\xba"),
    "in the second fragment": frame(TEXT, b"abc", final=False) + frame(0, b"\xff"),
    "before the message is complete": frame(TEXT, b"abc\xff", final=False),
}
TOO_LONG = {
    "more than a command": frame(TEXT, b"a" * 4097),
    "16 bits of length": frame(TEXT, b"a" * 65535),
    "ten million bytes": frame(TEXT, b"a" * 10_000_000),
    "announced 2^32": frame(TEXT, b"a" * 5000, length=1 << 32),
    "announced 2^63 - 1": frame(TEXT, b"a" * 5000, length=(1 << 63) - 1),
    # Nothing behind the byte that is too much: it would reset the connection.
    "fragments": frame(TEXT, b"a", final=False) + frame(0, b"a" * 16, final=False) * 256,
}
#: Dropped, with or without a word.
DROPPED = {
    "a ping of 126 bytes": frame(PING, b"a" * 126),
    "a pong of 126 bytes": frame(PONG, b"a" * 126),
    "a close of 126 bytes": frame(CLOSE, b"\3\xe8" + b"a" * 124),
    "a ping of 65536 bytes": frame(PING, b"a" * 65536),
    "announced 2^63": frame(TEXT, b"abc", length=1 << 63),
    "announced 2^64 - 1": frame(TEXT, b"abc", length=(1 << 64) - 1),
    "binary, announced 2^63": frame(BINARY, b"abc", length=1 << 63),
    "a close with half a code": frame(CLOSE, b"\3"),
    "a close with bad UTF-8": _code(1000, b"\xff\xfe"),
    "a close with another code": _code(65535),
}
#: Allowed: the command behind it gets its result, and a pong comes with what the ping had.
ALLOWED = {
    "a command": (b"", None),
    "an empty text": (frame(TEXT, b""), None),
    "binary": (frame(BINARY, b"\xff\xfe"), None),
    "many binary bytes": (frame(BINARY, b"a" * 50_000), None),
    "a ping": (frame(PING, b"hello"), b"hello"),
    "an empty ping": (frame(PING, b""), b""),
    "a ping of 125 bytes": (frame(PING, b"a" * 125), b"a" * 125),
    "a ping of any bytes": (frame(PING, b"\0\xff\xfe\r\n"), b"\0\xff\xfe\r\n"),
    "a pong nobody asked for": (frame(PONG, b"a"), None),
    "a mask of zeros": (frame(TEXT, b"{}", mask=b"\0\0\0\0"), None),
    "a length of 16 bits for 2": (frame(TEXT, b"{}", wide=2), None),
    "a length of 64 bits for 2": (frame(TEXT, b"{}", wide=8), None),
    "two fragments": (frame(TEXT, b"{", final=False) + frame(0, b"}"), None),
    "empty fragments": (
        frame(TEXT, b"", final=False) + frame(0, b"", final=False) * 200 + frame(0, b"{}"), None),
    "a ping between fragments": (
        frame(TEXT, b"{", final=False) + frame(PING, b"p") + frame(0, b"}"), b"p"),
    "a character in two fragments": (_BAD + frame(0, b"\xba"), None),
    "the longest command": (frame(TEXT, b"a" * 4096), None),
}


def _said(daemon, text):
    """([frames that came], whether the connection was ended); the answer to a close is sent."""
    with opened(daemon.port) as connection:
        connection.settimeout(5)
        try:
            connection.sendall(text)
            came, is_over = received(connection)
            if not is_over:
                connection.sendall(_code(1000))
                rest, is_over = received(connection, 5)
                came += rest
        except ConnectionError:
            return [], True
    return frames(came), is_over


def _all_said(daemon, table):
    """{name: what _said returns}, all at the same time: each waits for a while."""
    with ThreadPoolExecutor(16) as pool:
        return dict(zip(table, pool.map(lambda text: _said(daemon, text), table.values())))


def _codes(came):
    return [struct.unpack(">H", text[:2])[0] for opcode, text in came
            if opcode == CLOSE and len(text) >= 2]


@pytest.mark.parametrize(("table", "code"), [
    (PROTOCOL_ERRORS, 1002), (INVALID_TEXT, 1007), (TOO_LONG, 1009)])
def test_what_is_not_allowed_is_told(daemon, table, code):
    silent, wrong = table, {}
    for _ in range(_TIMES):
        said = _all_said(daemon, silent)
        for name, (came, is_over) in said.items():
            if _codes(came)[:1] not in ([code], []) or not is_over or _results(came):
                wrong[name] = (_codes(came), is_over, _results(came))
        silent = {name: table[name] for name, (came, _) in said.items() if not _codes(came)}
    assert not wrong
    assert not silent, f"no code: {list(silent)}"
    assert daemon.program.runs and get(daemon.port, "/healthz")[0] == 200


def _results(came):
    return [text for opcode, text in came if opcode == TEXT and b'"result"' in text]


def test_what_is_dropped(daemon):
    for name, text in DROPPED.items():
        with opened(daemon.port) as connection:
            connection.sendall(text)
            assert ended(connection, 5), name
    assert daemon.program.runs


def test_what_is_allowed(daemon):
    wrong = {}
    said = _all_said(daemon, {name: text + _ASK for name, (text, _) in ALLOWED.items()})
    for name, (came, _) in said.items():
        pong = ALLOWED[name][1]
        pongs = [payload for opcode, payload in came if opcode == PONG]
        if len(_results(came)) != 1 or pongs != ([] if pong is None else [pong]):
            wrong[name] = (_results(came), pongs, _codes(came))
    assert not wrong


def test_a_close_is_returned(daemon):
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1011, 3000, 3999, 4999):
        with opened(daemon.port) as connection:
            connection.sendall(_code(code, b"bye"))
            came, is_over = received(connection, 5)
        assert is_over and _codes(frames(came)) == [code]


def test_nothing_is_done_behind_a_close(daemon):
    for behind in (_ASK, frame(PING, b"a"), _code(1000)):
        came, is_over = _said(daemon, _code(1000) + behind)
        assert is_over and _codes(came) == [1000] and not _results(came)


def test_a_mask_that_is_wrong_makes_other_bytes(daemon):
    text = frame(TEXT, b'{"cmd":"delay","seconds":0,"id":"x"}')
    came, is_over = _said(daemon, text[:2] + b"\7\7\7\7" + text[6:])
    assert is_over and not _results(came)


def test_a_frame_without_mask_is_taken_as_any_other(daemon):
    """It should end the connection; libwebsockets takes it. Nothing that matters here depends on
    the mask, which protects proxies from what a page in a browser sends."""
    came, is_over = _said(daemon, frame(TEXT, _COMMAND, mask=None))
    assert is_over and len(_results(came)) == 1 and _codes(came) == [1000]


def test_a_frame_byte_by_byte(daemon):
    with opened(daemon.port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in frame(PING, b"slow") + _ASK:
            connection.sendall(bytes([byte]))
        came = frames(received(connection)[0])
    assert (PONG, b"slow") in came and len(_results(came)) == 1


GARBAGE = {
    "words": b"garbage " * 10, "zeros": b"\0" * 5000, "ones": b"\xff" * 100_000,
    "HTTP": b"GET / HTTP/1.1\r\n\r\n", "pings": frame(PING) * 1000,
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_right_behind_the_handshake(daemon, kind):
    """A client has to wait for the answer; whoever does not gets nothing out of it."""
    came, _ = exchange(daemon.port, handshake(daemon.port) + GARBAGE[kind])
    assert came.count(b"HTTP/1.1") <= 1
    assert daemon.program.runs and get(daemon.port, "/healthz")[0] == 200
