"""Requests that two programs may read in two ways: what hides in the body of one must never be
answered as another, or a proxy in front would hand the answer to somebody else."""

import socket
import time

import pytest
from harness import get
from wire import BEFORE, exchange, handshake, received, request, statuses

_HIDDEN = request()
_LENGTH = f"Content-Length: {len(_HIDDEN)}"
_CHUNKED = "Transfer-Encoding: chunked"
_CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_HIDDEN), _HIDDEN)
_STATUS = "GET /api/status HTTP/1.1"
_POST = "POST /api/status HTTP/1.1"

#: What is sent with a hidden request behind it, and the statuses that may come. No status: the
#: connection is ended, or what was sent is an unfinished request.
HIDING = {
    "length": (request(_STATUS, _LENGTH), [413]),
    "length and chunks": (request(_STATUS, "Content-Length: 4", _CHUNKED) + b"0\r\n\r\n", [413]),
    "chunks and length": (request(_STATUS, _CHUNKED, _LENGTH) + _CHUNKS, [413]),
    "chunks": (request(_STATUS, _CHUNKED) + _CHUNKS, [413]),
    "chunks, other case": (request(_STATUS, "TRANSFER-encoding: CHUNKED") + _CHUNKS, [413]),
    "chunks, a tab": (request(_STATUS, "Transfer-Encoding:\tchunked") + _CHUNKS, [413]),
    "chunks, misspelt": (request(_STATUS, "Transfer-Encoding: xchunked") + _CHUNKS, [413]),
    "chunks twice": (request(_STATUS, _CHUNKED, _CHUNKED) + _CHUNKS, [413]),
    "chunks, then identity": (
        request(_STATUS, _CHUNKED, "Transfer-Encoding: identity") + _CHUNKS, [413]),
    "an extension of a chunk": (request(_STATUS, _CHUNKED) + b"0;a=\n\r\n\r\n", [413]),
    "a chunk that is too long": (request(_STATUS, _CHUNKED) + b"f" * 16 + b"\r\n", [413]),
    "two lengths, 0 first": (request(_STATUS, "Content-Length: 0", _LENGTH), [413]),
    "two lengths, 0 last": (request(_STATUS, _LENGTH, "Content-Length: 0"), [413]),
    "a list of lengths": (request(_STATUS, "Content-Length: 0, 5"), [413]),
    "a sign": (request(_STATUS, "Content-Length: +0"), [413]),
    "zeros": (request(_STATUS, "Content-Length: 00"), [413]),
    "a hexadecimal length": (request(_STATUS, "Content-Length: 0x0"), [413]),
    "a negative length": (request(_STATUS, "Content-Length: -1"), [413]),
    "a giant length": (request(_STATUS, "Content-Length: 18446744073709551616"), [413]),
    "length 0": (request(_STATUS, "Content-Length: 0"), [200]),
    "no length": (request(_STATUS, "Content-Length:"), [200]),
    "a blank behind the name": (request(_STATUS, f"Content-Length : {len(_HIDDEN)}"), [400]),
    "a tab behind the name": (request(_STATUS, f"Content-Length\t: {len(_HIDDEN)}"), [400]),
    "chunks, a blank": (request(_STATUS, "Transfer-Encoding : chunked") + _CHUNKS, [400]),
    "two blanks": (request(_STATUS, f"Content-Length  : {len(_HIDDEN)}"), [200]),
    "no colon": (request(_STATUS, "Content-Length"), [200]),
    "length behind LF": (request(_STATUS, f"X-A: b\n{_LENGTH}"), [200]),
    "length behind CR": (request(_STATUS, f"X-A: b\r{_LENGTH}"), [200]),
    "length behind NUL": (request(_STATUS, f"X-A\0: b\0\r\n{_LENGTH}"), [413]),
    "only LF": (b"GET /api/status HTTP/1.1\nHost: a\n" + _LENGTH.encode() + b"\n\n", [413]),
    "the end is LF": (b"GET /api/status HTTP/1.1\r\nHost: a\r\nX-A: b\n\n", [200]),
    "the end is CR": (b"GET /api/status HTTP/1.1\r\nHost: a\r\nX-A: b\r\r", [200]),
    "folded": (request(_STATUS, f"X-A: b\r\n {_LENGTH}"), [200]),
    "a folded length": (request(_STATUS, f"Content-Length:\r\n {len(_HIDDEN)}"), [200]),
    "folded chunks": (request(_STATUS, "Transfer-Encoding:\r\n chunked") + _CHUNKS, [200]),
    "the first line folded": (request(_STATUS, _LENGTH, host=b" Host: a"), [413]),
    "nothing hidden": (request(_STATUS), [200]),
    "close": (request(_STATUS, "Connection: close"), [200]),
    "HTTP/1.0": (request("GET /api/status HTTP/1.0", "Connection: keep-alive"), [200]),
    "HTTP/0.9": (b"GET /api/status\r\n\r\n", [200]),
    "two requests in one": (b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + request(_STATUS), []),
    "POST with length": (request(_POST, _LENGTH), [405]),
    "POST with chunks": (request(_POST, _CHUNKED) + _CHUNKS, [405]),
    "POST that waits": (request(_POST, _LENGTH, "Expect: 100-continue"), [405]),
    "HEAD with length": (request("HEAD /api/status HTTP/1.1", _LENGTH), [413]),
    "TRACE": (request("TRACE / HTTP/1.1"), []),
    "CONNECT": (request("CONNECT a:80 HTTP/1.1"), []),
    "two hosts": (request(_STATUS, "Host: b"), [400]),
    "HTTP/2 offered": (
        request(_STATUS, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAAP__"), [200]),
    "HTTP/2 offered with length": (
        request(_STATUS, "Connection: Upgrade", "Upgrade: h2c", _LENGTH), [413]),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0", []),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 512, []),
    "WebSocket with length": (handshake(1, _LENGTH), [400]),
    "WebSocket by POST": (handshake(1, line="POST / HTTP/1.1"), [400]),
    "WebSocket of version 99": (handshake(1, version="Sec-WebSocket-Version: 99"), [426]),
    "WebSocket without version": (handshake(1, version=None), [426]),
    "WebSocket without key": (handshake(1, key=None), [400]),
    "WebSocket with a short key": (handshake(1, key="Sec-WebSocket-Key: x"), [400]),
    "WebSocket with a long key": (handshake(1, key="Sec-WebSocket-Key: " + "x" * 3000), [400]),
    "WebSocket for NIS": (handshake(1, subprotocol="Sec-WebSocket-Protocol: nis"), [400]),
    "another upgrade": (request(_STATUS, "Connection: Upgrade", "Upgrade: raw-skt"), [403]),
    "two upgrades": (request(_STATUS, "Upgrade: websocket, h2c"), [403]),
    "an upgrade without name": (request(_STATUS, "Upgrade:"), [200]),
    "a long upgrade": (request(_STATUS, "Upgrade: " + "x" * 3000), [403]),
}


@pytest.mark.parametrize("before", BEFORE)
def test_nothing_hidden_is_answered(daemon, before):
    wrong = {}
    for name, (text, expected) in HIDING.items():
        answer, _ = exchange(daemon.port, text + _HIDDEN, before=before)
        if statuses(answer) != expected or b"being watched" in answer:
            wrong[name] = statuses(answer)
    assert not wrong
    assert daemon.program.runs and get(daemon.port, "/healthz")[0] == 200


@pytest.mark.parametrize("before", BEFORE)
def test_what_is_refused_ends_the_connection(daemon, before):
    """Its body may still be on the way, and must not be read as a request when it comes."""
    refused = {name: text for name, (text, codes) in HIDING.items() if codes and codes[0] >= 400}
    assert len(refused) > 30
    for name, text in refused.items():
        answer, is_over = exchange(daemon.port, text, 5, before)
        assert is_over and len(statuses(answer)) == 1, name
    assert daemon.program.runs


def test_a_second_request_in_pieces(daemon):
    """The first piece of it was there before the answer, the rest comes behind it."""
    for split in (1, 10, len(_HIDDEN) - 1):
        with socket.create_connection(("127.0.0.1", daemon.port), 5) as connection:
            connection.sendall(request(_STATUS) + _HIDDEN)
            assert len(statuses(received(connection)[0])) == 1, split


def test_requests_one_after_the_other_are_answered(daemon):
    assert statuses(exchange(daemon.port, _HIDDEN, before=50)[0]) == [200]


#: More than a request may be, and the bytes of one line of it.
LONG = {
    "a hundred thousand headers": (b"X-A: b\r\n", 100_000),
    "a hundred thousand that are known": (b"Accept: */*\r\n", 100_000),
    "a giant header": (b"X-A: " + b"b" * 10_000_000, 1),
    "a giant name": (b"a" * 10_000_000 + b": b", 1),
    "a giant cookie": (b"Cookie: a=" + b"b" * 1_000_000, 1),
    "a header without end": (b"X-A: b\r\n b", 50_000),
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("name", LONG)
def test_a_request_without_end(daemon, name, before):
    line, times = LONG[name]
    began = time.monotonic()
    text = b"GET / HTTP/1.1\r\nHost: a\r\n" + line * times
    answer, is_over = exchange(daemon.port, text, 3, before)
    assert is_over and statuses(answer) in ([], [400], [403], [431])
    # It is not the time limit of libwebsockets that ends it.
    assert time.monotonic() - began < 10
    assert daemon.program.runs and get(daemon.port, "/healthz")[0] == 200
