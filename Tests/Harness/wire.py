"""Bytes that no proper client sends: HTTP and WebSocket by hand, over a plain socket."""

import re
import socket
import struct
import time

KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
#: What is sent to a new connection is also sent as the second and the third request of one.
BEFORE = (0, 1, 2)
_MASK = b"\1\2\3\4"


def exchange(port, text, patience=0.5, before=0):
    """(what came, whether the connection was ended) after `text`; patience is how long (s) nothing
    may come before it counts as all. So many proper requests are answered `before` it."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        for _ in range(before):
            connection.sendall(request())
            answer = b""
            while not answer.endswith(b"being watched.\n"):
                piece = connection.recv(65536)
                assert piece, "ended although nothing was wrong"
                answer += piece
        try:
            connection.sendall(text)
        except OSError:
            pass  # ended before it had all been said; what came is looked at all the same
        return received(connection, patience)


def received(connection, patience=0.5):
    connection.settimeout(patience)
    text = b""
    try:
        while piece := connection.recv(65536):
            text += piece
    except TimeoutError:
        return text, False
    except ConnectionError:
        pass
    return text, True


def request(line="GET /healthz HTTP/1.1", *headers, host=b"Host: a"):
    """A request; all but the line may be bytes."""
    lines = [line, host, *headers]
    lines = [line if isinstance(line, bytes) else line.encode("latin-1") for line in lines if line]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def statuses(text):
    """Of all answers in it."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", text)]


def handshake(port, *headers, line="GET / HTTP/1.1", version=b"Sec-WebSocket-Version: 13",
              key=KEY, subprotocol=b"Sec-WebSocket-Protocol: broadcast", host=None):
    """Of a WebSocket that may command; None leaves a header out."""
    host = host or f"127.0.0.1:{port}"
    return request(
        line, f"Origin: http://{host}", "Upgrade: websocket", "Connection: Upgrade", version, key,
        subprotocol, *headers, host=f"Host: {host}")


def frame(opcode, payload=b"", *, final=True, reserved=0, mask=_MASK, length=None, wide=0):
    """`length` is what it announces, `wide` how many bytes (2, 8) say so."""
    length = len(payload) if length is None else length
    wide = wide or (0 if length < 126 else 2 if length < 65536 else 8)
    short = {0: length, 2: 126, 8: 127}[wide]
    head = bytes((final << 7 | reserved << 4 | opcode, (0x80 if mask else 0) | short))
    head += {0: b"", 2: struct.pack(">H", length & 0xFFFF), 8: struct.pack(">Q", length)}[wide]
    if not mask:
        return head + payload
    key = (mask * (len(payload) // 4 + 1))[:len(payload)]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + masked.to_bytes(len(payload), "big")


def opened(port):
    """A WebSocket after its handshake, as a plain socket."""
    connection = socket.create_connection(("127.0.0.1", port), 5)
    connection.sendall(handshake(port))
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(1)
    assert head.startswith(b"HTTP/1.1 101"), head
    return connection


def frames(text):
    """[(opcode, payload)] of whole frames, as a server sends them."""
    found = []
    while len(text) >= 2:
        length, start = text[1] & 127, 2
        if length == 126:
            length, start = struct.unpack(">H", text[2:4])[0], 4
        elif length == 127:
            length, start = struct.unpack(">Q", text[2:10])[0], 10
        found.append((text[0] & 15, text[start:start + length]))
        text = text[start + length:]
    return found


def ended(connection, timeout):
    """Whether the other side ends it in time (s); what comes before is thrown away."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if received(connection, 0.5)[1]:
            return True
    return False
