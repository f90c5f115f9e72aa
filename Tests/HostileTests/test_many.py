"""Connections without end: as many as there are, as fast as they come, and those that never become
one."""

import contextlib
import os
import resource
import socket

import pytest
from harness import get, nis, wait_until
from siege import KEPT, RAW_CLIENTS

_TIMES = 10_000
_STATUS = b"\0\6status"


def _resident(siege):
    """(kB) Once all connections are over."""
    siege.wait_until_left()
    return siege.kilobytes("VmRSS")


@pytest.mark.parametrize(("first", "manners"), [
    (b"", "once"), (_STATUS, "once,reset"), (b"GET /api/status HTTP/1.1\r\n\r\n", "once")])
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
    attack = siege.attack(5000, _STATUS)
    wait_until(lambda: siege.counter("ups_refused_clients_total") - refused >= 5000 - places, 20)
    assert siege.counter('ups_clients{kind="nis"}') == places + 1
    with contextlib.ExitStack() as stack:
        for number in range(KEPT + 1):
            connection = stack.enter_context(
                socket.create_connection(("127.0.0.1", siege.daemon.port), 5))
            connection.sendall(_STATUS)
            assert bool(connection.recv(100)) == (number < KEPT), number
    attack.program.send(15)
    result = attack.result()
    assert result["closed"] == 5000 - places and result["open"] == places
    assert siege.counter("ups_refused_clients_total") - refused == 5000 - places + 1
    siege.is_as_before()


def test_more_clients_than_are_allowed(siege):
    """While those who were closed come again at once."""
    siege.endure(lambda: [siege.attack(2000), siege.attack(16, total=10_000_000)])
    assert siege.counter("ups_refused_clients_total") > 1000


def test_more_clients_of_nis_than_are_allowed(siege):
    """The same for raw ones."""
    siege.endure(lambda: [
        siege.attack(1000, _STATUS), siege.attack(16, _STATUS, total=10_000_000)])
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
