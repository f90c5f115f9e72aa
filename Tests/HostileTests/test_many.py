"""Connections without end: as many as there are, as fast as they come, and those that never become
one."""

import contextlib
import os
import resource
import socket
import sys

import pytest
from harness import get, nis, wait_until
from nis_client import STATUS_REQUEST
from siege import KEPT, RAW_CLIENTS, RAW_SHARE, SHARE
from wire import handshake, request

_TIMES = 10_000
#: A client over there: ADDRESS SERVER PORT WORDS. Prints how its answer begins, as hexadecimal.
_ASK = """
import socket, sys
own, server, port, words = sys.argv[1:]
with socket.create_connection((server, int(port)), 5, (own, 0)) as connection:
    connection.sendall(bytes.fromhex(words))
    print(connection.recv(12).hex())
"""


def _resident(siege):
    """(kB) Once all connections are over."""
    siege.wait_until_left()
    return siege.kilobytes("VmRSS")


@pytest.mark.parametrize(("first", "manners"), [
    (b"", "once"), (STATUS_REQUEST, "once,reset"), (b"GET /api/status HTTP/1.1\r\n\r\n", "once")])
def test_ten_thousand_come_and_go(siege, manners, first):
    """Memory is where it was."""
    sizes = []
    for _ in range(2):
        result = siege.attack(64, first, total=_TIMES, manners=manners).result()
        assert result["opened"] == _TIMES
        sizes.append(_resident(siege))
    siege.is_as_before()
    assert abs(sizes[1] - sizes[0]) <= 0.03 * sizes[0], sizes


@pytest.mark.parametrize("manners", ["once", "once,reset"])
def test_they_come_and_go_as_fast_as_they_can(siege, manners):
    siege.endure(lambda: [siege.attack(64, total=10_000_000, manners=manners)])


def test_five_thousand_clients_of_nis(siege):
    """As many as are allowed are answered; the others are closed and counted; there is always a
    place for this host."""
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 5100, "RLIMIT_NOFILE: raise it"
    refused = siege.counter("ups_refused_clients_total")
    # One place is a bystander's.
    places = RAW_CLIENTS - KEPT - 1
    attack = siege.attack(5000, STATUS_REQUEST)
    wait_until(lambda: siege.counter("ups_refused_clients_total") - refused >= 5000 - places, 20)
    assert siege.counter('ups_clients{kind="nis"}') == places + 1
    with contextlib.ExitStack() as stack:
        for number in range(KEPT + 1):
            connection = stack.enter_context(
                socket.create_connection(("127.0.0.1", siege.daemon.port), 5))
            connection.sendall(STATUS_REQUEST)
            assert bool(connection.recv(100)) == (number < KEPT), number
    attack.program.send(15)
    result = attack.result()
    assert result["closed"] == 5000 - places and result["open"] == places
    assert siege.counter("ups_refused_clients_total") - refused == 5000 - places + 1
    siege.is_as_before()


#: What one host says on as many connections as it gets, and the places that it then holds.
GREEDY = {
    "nothing": (b"", SHARE), "half a request": (b"GET / HTTP/1.1\r\n", SHARE),
    "WebSocket": (handshake(1, host="10.77.0.1"), SHARE), "NIS": (STATUS_REQUEST, RAW_SHARE),
}


@pytest.mark.parametrize("kind", GREEDY)
def test_one_host_leaves_places_for_the_others(siege, kind):
    """However many connections it begins, slaves and browsers elsewhere get theirs."""
    first, places = GREEDY[kind]
    refused = siege.counter("ups_refused_clients_total")
    attack = siege.attack(2000, first, hosts=1)
    wait_until(lambda: siege.counter("ups_refused_clients_total") - refused >= 2000 - places, 20)
    for place in (siege.outside.OTHERS[0], siege.outside.OTHERS[-1]):
        for words, start in ((STATUS_REQUEST, b"APC  "), (request(), b"HTTP/1.1 200")):
            answer = siege.outside.run(
                sys.executable, "-c", _ASK, place, siege.outside.HERE, siege.daemon.port,
                words.hex())
            assert start in bytes.fromhex(answer.strip()), (place, words, answer)
    attack.program.send(15)
    result = attack.result()
    assert result["closed"] == 2000 - places and result["open"] == places
    siege.is_as_before()


def test_more_clients_than_are_allowed(siege):
    """While those who were closed come again at once."""
    siege.endure(lambda: [siege.attack(2000), siege.attack(16, total=10_000_000)])
    assert siege.counter("ups_refused_clients_total") > 1000


def test_more_clients_of_nis_than_are_allowed(siege):
    """The same for raw ones."""
    siege.endure(lambda: [
        siege.attack(1000, STATUS_REQUEST), siege.attack(16, STATUS_REQUEST, total=10_000_000)])
    assert siege.counter("ups_refused_clients_total") > 1000


def _half_open(siege):
    """So many connections wait to be completed."""
    done = siege.place.run(
        "ss", "-Htn", "state", "syn-recv", "sport", "=", f":{siege.daemon.port}")
    assert done.returncode == 0, done.stderr
    return len(done.stdout.splitlines())


def test_connections_that_are_never_completed(siege):
    """SYNs from hosts that do not exist, more than may wait to be completed."""
    siege.endure(lambda: [siege.start(
        siege.tool("syns"), siege.outside.HERE, siege.daemon.port, 200_000, 5_000)])
    assert _half_open(siege) > 500


def test_the_daemon_answers_beside_half_open_ones(siege):
    """They are there after the last SYN, too."""
    attack = siege.start(siege.tool("syns"), siege.outside.HERE, siege.daemon.port, 2_000, 5_000)
    assert attack.program.wait(20) == 0
    assert _half_open(siege) > 500
    assert len(nis(siege.daemon.port)) > 10 and get(siege.daemon.port, "/healthz")[0] == 200
    assert os.path.isdir(f"/proc/{siege.pid}")
