"""A reverse proxy on this host, as docs/installation.md has it: its clients are not of this host,
whatever they say of themselves."""

import json
import pathlib
import re
import socket

import pytest
from wire import KEY, frame, frames, received, request, statuses

_PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "installation.md"
_BLOCK = re.search(r"```nginx\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
_NAME = re.search(r"server_name (\S+);", _BLOCK)[1]
_SET = dict(re.findall(r"proxy_set_header (\S+)\s+([^;]+);", _BLOCK))
_CANCEL = frame(1, b'{"cmd":"cancel","id":"x"}')


def _handed_on(host, origin):
    """The handshake as nginx hands it on with the lines of the block."""
    values = {
        "$host": host.split(":")[0], "$http_host": host, "$server_name": _NAME,
        "$remote_addr": "192.0.2.1", "$http_upgrade": "websocket", "$connection_upgrade": "upgrade"}
    headers = [f"{name}: {values[value]}" for name, value in _SET.items() if name != "Host"]
    return request(
        "GET / HTTP/1.1", *headers, f"Origin: {origin}", KEY, "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: broadcast", host=f"Host: {values[_SET['Host']]}".encode())


def _answers(daemon, handshake):
    """(status of the handshake, [messages to a client that tries to cancel])."""
    with socket.create_connection(("127.0.0.1", daemon.port), 5) as connection:
        connection.sendall(handshake)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(1)
            assert piece, head
            head += piece
        if statuses(head) != [101]:
            return statuses(head)[0], []
        connection.sendall(_CANCEL)
        return 101, [json.loads(text) for _, text in frames(received(connection)[0])]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_no_client_of_the_proxy_is_of_this_host(daemon, name):
    for host in (name, f"{name}:{daemon.port}"):
        for scheme in ("http", "https"):
            status, messages = _answers(daemon, _handed_on(host, f"{scheme}://{host}"))
            assert (status, messages) == (403, []), (host, messages)


def test_the_page_of_the_proxy_may_read(daemon):
    status, messages = _answers(daemon, _handed_on(_NAME, f"https://{_NAME}"))
    assert status == 101 and messages[0]["control"] is False
    results = [message["result"] for message in messages if "result" in message]
    assert [result["ok"] for result in results] == [False] and "this host" in results[0]["message"]


def test_who_it_is_said_to_come_from_is_enough(daemon):
    """For a proxy that hands on the Host of its clients."""
    host = f"localhost:{daemon.port}"
    for name, value in _SET.items():
        if name in ("Host", "Upgrade", "Connection"):
            continue
        handshake = request(
            "GET / HTTP/1.1", f"Origin: http://{host}", "Upgrade: websocket",
            "Connection: Upgrade", KEY, "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: broadcast", f"{name}: {value}", host=f"Host: {host}".encode())
        status, messages = _answers(daemon, handshake)
        assert status == 101 and messages[0]["control"] is False, name
    assert len(_SET) > 3
