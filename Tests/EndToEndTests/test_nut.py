"""NUT's clients on the port: told apart from the others, right in every state, and harmless."""

import socket
import time

import pytest
from harness import Daemon, NUTClient, free_port, get_json, metric, nis_values, wait_until


def first_answer(port, text, pause=0.0):
    """To a text that is sent after a pause, at once or, with a pause, letter by letter."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        time.sleep(pause)
        for piece in ([text] if not pause else text):
            connection.sendall(piece.encode())
            time.sleep(pause / 20)
        return connection.makefile("rb").readline().decode()


@pytest.mark.parametrize("pause", [0.0, 0.2])
@pytest.mark.parametrize("text, answer", [
    ("GET VAR ups ups.id\n", "ERR VAR-NOT-SUPPORTED\n"), ("NETVER\n", "1.3\n"),
    ("netver\r\r\n", "1.3\n"), ("STARTTLS\n", "ERR FEATURE-NOT-CONFIGURED\n"),
    ("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200 OK\r\n"),
])
def test_told_apart(daemon, text, answer, pause):
    assert first_answer(daemon.port, text, pause) == answer


@pytest.mark.parametrize("first, rest", [
    ("L", "IST UPS"), ("LIST", " UPS"), ("LIST UPS", ""), ("GET ", "VAR ups x"),
    ("GET VAR", " ups x"), ("PASSWOR", "D x"), ("STARTTLS", "")])
def test_a_command_in_two_pieces(daemon, first, rest):
    """Its first piece may be there when the connection is accepted, or not yet."""
    for pause in (0, 0.05) * 5:
        with socket.create_connection(("127.0.0.1", daemon.port), 5) as connection:
            time.sleep(pause)
            connection.sendall(first.encode())
            time.sleep(0.05)
            connection.sendall((rest + "\n").encode())
            answer = connection.makefile("rb").readline()
            assert answer.split()[0] in (b"BEGIN", b"ERR", b"OK"), answer


@pytest.mark.parametrize("text", ["HELO x\n", "LISTS UPS\n", "\x16\x03\x01\x02\x00\x01\x00"])
def test_what_is_no_protocol_of_ours_ends(daemon, text):
    assert first_answer(daemon.port, text) == ""


def test_values_agree(daemon):
    wait_until(lambda: daemon.status()["firmware"] and daemon.status()["serial"])
    with NUTClient(daemon.port) as client:
        variables = {}
        for line in client.ask("LIST VAR ups"):
            _, _, name, value = line.split(" ", 3)
            variables[name] = value.strip('"')
            assert client.value(name)
        status = get_json(daemon.port, "/api/status")
        assert float(variables["battery.charge"]) == status["soc"]
        assert abs(float(variables["input.voltage"]) - status["inputVoltage"]) < 0.06
        assert variables["device.serial"] == status["serial"] == nis_values(daemon.port)["SERIALNO"]
        assert variables["ups.status"].split()[0] == "OL"
        assert client.ask("LIST UPS") == ['UPS ups "UPSIC Series"']


def test_every_state(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 3}).start_linked()
    with NUTClient(daemon.port) as client:
        assert client.value("ups.status") == "OL"
        ups.power(False)
        wait_until(lambda: daemon.status()["status"] == "on_battery")
        assert client.value("ups.status") == "OB DISCHRG"
        daemon.wait_for_shutdown()
        assert client.value("ups.status") == "FSD OB LB DISCHRG"
        ups.say("unplug")
        wait_until(lambda: daemon.status()["link"] == "lost")
        assert client.value("ups.status") == "FSD OB LB DISCHRG"
        assert client.value("battery.charge") == "VAR-NOT-SUPPORTED"


def test_a_lost_link(place, ups):
    daemon = Daemon(place, ups.link, shutdown={"deadTime": 60}).start_linked()
    with NUTClient(daemon.port) as client:
        ups.say("unplug")
        wait_until(lambda: client.value("ups.status") == "DATA-STALE")
        assert client.ask("LIST UPS") and client.ask("LIST VAR ups") == "ERR DATA-STALE"
        ups.say("plug")
        wait_until(lambda: client.value("ups.status") == "OL")


def test_drill_and_dry_run_shut_nobody_down(place, ups):
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 1}, shutdown={"dryRun": True}).start_linked()
    with NUTClient(daemon.port) as client:
        assert daemon.control("drill", seconds=3)["ok"]
        wait_until(lambda: daemon.shutdown["phase"] == "committed")
        assert client.value("ups.status") == "OL"
        wait_until(lambda: daemon.shutdown["phase"] == "idle", timeout=20)
        ups.power(False)
        wait_until(lambda: daemon.shutdown["phase"] == "committed")
        assert client.value("ups.status") == "OB DISCHRG"


def test_who_is_logged_in(daemon):
    def names():
        with NUTClient(daemon.port) as client:
            return client.ask("LIST CLIENT ups")
    clients = [NUTClient(daemon.port) for _ in range(18)]
    answers = []
    for client in clients:
        assert client.ask("USERNAME monuser") == client.ask("PASSWORD secret") == "OK"
        answers.append(client.ask("LOGIN ups"))
    assert answers == ["OK"] * 16 + ["ERR ACCESS-DENIED"] * 2
    assert clients[0].ask("GET NUMLOGINS ups") == "NUMLOGINS ups 16"
    clients[0].close()
    wait_until(lambda: names() == ["CLIENT ups 127.0.0.1"] * 15)
    assert clients[1].ask("LOGOUT") == "OK Goodbye" and clients[1].line() == ""
    wait_until(lambda: names() == ["CLIENT ups 127.0.0.1"] * 14)
    assert clients[17].ask("LOGIN ups") == "OK"
    for client in clients:
        client.close()
    wait_until(lambda: names() == [])


def test_nobody_brings_a_shutdown_forward(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    with NUTClient(daemon.port) as client:
        for request in ("USERNAME admin", "PASSWORD x", "LOGIN ups"):
            assert client.ask(request) == "OK"
        for request in ("FSD ups", "PRIMARY ups", "MASTER ups", "INSTCMD ups shutdown.stop",
                        "SET VAR ups experimental.shutdown.delay 1"):
            assert client.ask(request) == "ERR ACCESS-DENIED"
        assert client.ask("INSTCMD ups shutdown.return") == "ERR CMD-NOT-SUPPORTED"
        assert client.value("ups.status") == "OL"
    assert daemon.shutdown["phase"] == "idle" and not daemon.shutdowns()


def test_a_page_in_a_browser_is_not_obeyed(daemon):
    """A browser posts to any port what a page wants."""
    body = "USERNAME admin\nPASSWORD x\nLOGIN ups\nGET NUMLOGINS ups\n"
    for start in ("POST / HTTP/1.1", "GET VAR HTTP/1.1", "LIST / HTTP/1.1"):
        text = f"{start}\r\nHost: ups\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        with socket.create_connection(("127.0.0.1", daemon.port), 5) as connection:
            connection.sendall(text.encode())
            told = connection.makefile("rb").read()
        assert b"NUMLOGINS" not in told and b"OK" not in told
    with NUTClient(daemon.port) as client:
        assert client.ask("LIST CLIENT ups") == []


def test_pipelined_and_split(daemon):
    with NUTClient(daemon.port) as client:
        client.send("NETVER\n" * 2000)
        assert [client.line() for _ in range(2000)] == ["1.3"] * 2000
        for piece in "GET VAR ups ups.mfr\nNETVER\n":
            client.send(piece)
        assert client.line() == 'VAR ups ups.mfr "Bicker Elektronik GmbH"'
        assert client.line() == "1.3"
        client.send("a\nb\nc\n")
        assert [client.line() for _ in range(3)] == ["ERR UNKNOWN-COMMAND"] * 2 + [""]


def test_a_listener_of_its_own(place, ups):
    port = free_port()
    daemon = Daemon(place, ups.link, nut={
        "ip": ["127.0.0.1", "::1", "192.0.2.55"], "port": port, "name": "rack",
        "aliases": ["qnapups"]}).start_linked()
    assert daemon.logged(f"NUT: port {port} on 192.0.2.55 cannot be used")
    for name in ("rack", "RACK", "qnapups"):
        with NUTClient(port) as client:
            assert client.value("ups.status", name) == "OL"
    with NUTClient(port) as client:
        wait_until(lambda: client.ask("LIST UPS") == ['UPS rack "UPSIC Series"'])
        assert client.value("ups.status", "ups") == "UNKNOWN-UPS"
        assert metric(daemon.port, 'ups_clients{kind="nut"}') == 1
    wait_until(lambda: metric(daemon.port, 'ups_clients{kind="nut"}') == 0)
    with NUTClient(daemon.port) as client:
        assert client.value("ups.status", "rack") == "OL"
    with socket.create_connection(("::1", port), 5) as connection:
        connection.sendall(b"NETVER\n")
        assert connection.recv(10) == b"1.3\n"
    for text in ("GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\nUSERNAME a\n",
                 "\x16\x03\x01", "\0\6status\n\n\nx\ny\nz\n"):
        assert first_answer(port, text).removeprefix("ERR UNKNOWN-COMMAND\n") == ""


def test_an_address_that_comes_later(place, ups):
    """Another program has it at first."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        daemon = Daemon(place, ups.link, nut={"port": port}).start_linked()
        assert daemon.logged(f"NUT: port {port} on 127.0.0.1 is in use; it is tried again")

    def answers():
        try:
            with NUTClient(port) as client:
                return client.ask("NETVER") == "1.3"
        except OSError:
            return False
    wait_until(answers, timeout=15)
