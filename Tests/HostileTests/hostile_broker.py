"""A broker that breaks MQTT in every way that we know, a new one for each connection."""

import itertools
import random
import select
import socket
import threading
import time

#: CONNACK of MQTT 5 and 3.1.1: yes.
WELCOME = bytes.fromhex("2003000000")
WELCOME_3 = bytes.fromhex("20020000")
#: The unknown property that ends libmosquitto 2.0.11 with an assertion.
FATAL = bytes.fromhex("20050000027f00")
_TOPIC = b"ups/e2e/command"


def packet(head, body=b"", length=None):
    """`length` is the remaining length that is told, as bytes or a number."""
    if not isinstance(length, bytes):
        length = _varint(len(body) if length is None else length)
    return bytes([head]) + length + body


def _varint(number):
    encoded = b""
    while True:
        number, digit = divmod(number, 128)
        encoded += bytes([digit | (0x80 if number else 0)])
        if not number:
            return encoded


def _string(text, length=None):
    return (len(text) if length is None else length).to_bytes(2, "big") + text


def _publish(topic, payload=b"x", flags=0, number=b"", properties=b"\0"):
    return packet(0x30 | flags, _string(topic) + number + properties + payload)


def _connacks():
    for identifier in [*range(0x00, 0x2C), 0x7E, 0x7F, 0x80, 0xFF]:
        for value in (b"", b"\0", b"\xff\xff\xff\xff", b"\0\3abc\0\1x"):
            properties = bytes([identifier]) + value
            yield packet(0x20, b"\0\0" + _varint(len(properties)) + properties)
    for code in (1, 5, 0x7F, 0x80, 0x84, 0x87, 0x97, 0x9C, 0xFF):
        yield packet(0x20, bytes([0, code, 0]))
    for body in (b"", b"\0", b"\0\0", b"\xff\xff\0", b"\0\0\xff\xff\xff\xff\xff",
                 b"\0\0\5\x21", b"\0\0\0extra", b"\1\0\0"):
        yield packet(0x20, body)
    for length in (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff\x01", b"\x80\x80\x80\x80", b"\x80"):
        yield packet(0x20, b"\0\0\0", length)
    for head in range(0x00, 0x100, 0x10):
        yield packet(head, b"\0\1\0")
        yield packet(head | 0x0F, b"\0\1\0")
        yield packet(head)


def _acknowledgements():
    for head in (0x40, 0x50, 0x62, 0x70, 0x90, 0xB0, 0x60):
        for body in (b"", b"\0", b"\0\0", b"\0\1", b"\xff\xff", b"\xff\xff\0\0", b"\0\1\x87",
                     b"\0\1\0\2\x7f\0", b"\0\1\0\xff\xff\xff\xff", b"\0\1\0\5\x1f\0\2ab"):
            yield WELCOME + packet(head, body)
    for number in range(1, 60):
        yield WELCOME + b"".join(
            packet(0x40, each.to_bytes(2, "big")) for each in range(number, number + 60))


def _publications():
    for topic in (
            b"", b"#", b"ups/+/command", b"\0", b"\xff\xfe", b"a" * 65535, b"ups/e2e/command\0"):
        yield WELCOME + _publish(topic)
    yield WELCOME + packet(0x30, _string(_TOPIC, length=65535) + b"\0x")
    for flags in (6, 8, 0xF):
        yield WELCOME + _publish(_TOPIC, flags=flags, number=b"\0\1")
    yield WELCOME + _publish(_TOPIC, flags=2, number=b"\0\0")
    for properties in (
            b"\3\x23\0\0", b"\3\x23\xff\xff", b"\2\x7f\0", b"\xff\xff\xff\xff", b"\5\x0b"):
        yield WELCOME + _publish(_TOPIC, properties=properties)
        yield WELCOME + _publish(b"", properties=properties)
    yield WELCOME + _publish(_TOPIC, b"{" * 16000) * 200
    # Of another incident: whoever publishes a command that holds is obeyed, and the outage of the
    # test would end without a commit.
    yield WELCOME + _publish(_TOPIC, b'{"command": "cancel", "incident": "another"}') * 20000
    yield WELCOME + _publish(_TOPIC, b"", flags=1) * 20000
    yield WELCOME + packet(0x30, b"\0\1a" + b"x" * 4000000, 268435455)
    yield WELCOME + _publish(_TOPIC, b"x" * 1000000)


def _others():
    yield b""
    yield WELCOME
    yield WELCOME_3
    yield WELCOME * 2
    yield WELCOME + packet(0xD0) * 100000
    for code in (0, 0x04, 0x81, 0x8B, 0x8D, 0x8E, 0x93, 0x97, 0xFF):
        yield WELCOME + packet(0xE0, bytes([code]))
        yield WELCOME + packet(0xE0, bytes([code, 2, 0x7F, 0]))
    for body in (b"", b"\x18", b"\x18\0", b"\x18\5\x15\0\2ab"):
        yield packet(0xF0, body)
        yield WELCOME + packet(0xF0, body)
    source = random.Random(20050000027)
    for length in (1, 2, 5, 50, 5000, 500000):
        for _ in range(6):
            yield source.randbytes(length)
            yield WELCOME + source.randbytes(length)


def scripts():
    """What is said, all at once, to whoever connects."""
    return [FATAL, *_connacks(), *_acknowledgements(), *_publications(), *_others()]


class HostileBroker:
    """Listens on loopback until it is closed. `scripts` are played one a connection, the last of
    them for ever."""

    def __init__(self, scripts, patience=0.1):
        self._left = iter(scripts)
        self._script = b""
        self._patience = patience
        self.played = 0
        self.is_done = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Closing alone would not end accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            following = next(self._left, None)
            self.is_done = following is None
            self._script = self._script if following is None else following
            with connection:
                self._play(connection)
            self.played += 1

    def _play(self, connection):
        connection.settimeout(2)
        try:
            connection.recv(65536)
            connection.sendall(self._script)
            end = time.monotonic() + self._patience
            while (left := end - time.monotonic()) > 0:
                if select.select([connection], [], [], left)[0] and not connection.recv(65536):
                    return
        except OSError:
            return


def crash_loop():
    """The same fatal answer for ever."""
    return itertools.repeat(FATAL)
