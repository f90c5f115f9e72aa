"""NUT's own programs against the port: the same words as its upsd, every value, and upsmon, which
shuts its machine down when this one does, and at no other time."""

import os
import re
import time

import nut_programs
import pytest
from harness import Daemon, NUTClient, get_json, wait_until
from nut_programs import Upsd

#: Each with an answer of its own from both.
LINES = """VER 1
NETVER
PROTVER x
help me
NOSUCH
LIST
LIST FOO ups
LIST UPS
LIST VAR
LIST VAR ups
LIST VAR ups more
LIST VAR nosuch
LIST RW nosuch
LIST ENUM ups nosuch
LIST ENUM ups ups.status
LIST ENUM ups
LIST RANGE ups ups.status
LIST CLIENT ups
LIST CLIENT nosuch
LIST CLIENTS ups
GET
GET FOO ups x
GET VAR ups
GET VAR ups ups.status
GET VAR UPS Ups.Status
get var ups ups.status
GET VAR nosuch ups.status
GET VAR ups nosuch
GET VAR ups server.nope
GET VAR whatever server.version
GET TYPE ups nosuch
GET TYPE ups battery.charge
GET DESC ups nosuch
GET CMDDESC ups nosuch
GET UPSDESC nosuch
GET NUMLOGINS ups
GET NUMLOGINS nosuch
GET TRACKING
GET TRACKING abc
STARTTLS
LOGIN ups
FSD ups
SET VAR ups x 1
INSTCMD ups x
USERNAME
USERNAME monitor
USERNAME monitor
LOGIN ups
PASSWORD x y
PASSWORD right
PASSWORD right
LOGIN
LOGIN nosuch
LOGIN ups
LOGIN ups
LIST CLIENT ups
GET NUMLOGINS ups
PRIMARY ups
MASTER ups
FSD ups
PRIMARY nosuch
SET
SET VAR ups
SET VAR nosuch a 1
SET VAR ups ups.status OL
SET TRACKING MAYBE
SET TRACKING ON
GET TRACKING
GET TRACKING 1bd31808-cb49-4aec-9d75-d056e6f018d2
SET TRACKING OFF
INSTCMD ups
INSTCMD nosuch x
INSTCMD ups nosuch
# comment
GET "VAR" "ups" ups.status
  GET  VAR\tups ups.status
GET VAR u\\ps ups.status#x
GET VAR ups ups.st\xc3\xa4tus
LOGOUT now
LOGOUT""".split("\n")
#: Both have them; what dummy-ups lets clients set has no place here.
VALUES = {"battery.charge": "100", "ups.status": "OL"}


def _shape(answer):
    """Without what belongs to one UPS: values, descriptions, versions."""
    if isinstance(answer, list):
        return sorted({_shape(line).rsplit(" ", 2)[0] for line in answer})
    return re.sub(r'"[^"]*"', '"…"', answer).replace(" RW ", " ").replace("STRING:32", "NUMBER")


def test_the_same_words_as_upsd(daemon, place):
    upsd = Upsd(place, VALUES)
    wait_until(lambda: _value(upsd.port) == "OL", timeout=20)
    with NUTClient(upsd.port) as theirs, NUTClient(daemon.port) as ours:
        for line in LINES:
            told = [client.ask(line) for client in (theirs, ours)]
            assert _shape(told[0]) == _shape(told[1]), line
        assert theirs.line() == ours.line() == "", "the connection ends behind LOGOUT"


def _value(port):
    try:
        with NUTClient(port) as client:
            return client.value("ups.status")
    except ConnectionRefusedError:
        return None


def test_upsc(daemon, ups):
    where = f"ups@127.0.0.1:{daemon.port}"
    wait_until(lambda: daemon.status()["firmware"] and daemon.status()["serial"])
    assert nut_programs.run("upsc", "-l", f"127.0.0.1:{daemon.port}")[:2] == (0, "ups\n")
    code, output, _ = nut_programs.run("upsc", where)
    values = dict(line.split(": ", 1) for line in output.splitlines())
    status = get_json(daemon.port, "/api/status")
    assert code == 0 and values["device.serial"] == status["serial"]
    assert int(values["battery.charge"]) == status["soc"] and values["ups.status"] == "OL"
    with NUTClient(daemon.port) as client:
        assert {line.split(" ", 3)[2] for line in client.ask("LIST VAR ups")} == set(values)
    assert nut_programs.run("upsc", where, "ups.mfr")[1] == "Bicker Elektronik GmbH\n"
    assert nut_programs.run("upsc", "-c", where)[:2] == (0, "")
    ups.say("unplug")
    wait_until(lambda: daemon.status()["link"] == "lost")
    code, _, error = nut_programs.run("upsc", where)
    assert code == 1 and "Data stale" in error


def test_upscmd_and_upsrw(daemon):
    where = f"ups@127.0.0.1:{daemon.port}"
    code, output, _ = nut_programs.run("upscmd", "-l", where)
    assert code == 0 and "shutdown.stop - Stop a shutdown in progress" in output
    code, output, _ = nut_programs.run("upsrw", where)
    assert code == 0 and "[experimental.shutdown.delay]" in output
    assert "Type: RANGE" in output and "Option: \"1-86400\"" in output
    credentials = ("-u", "admin", "-p", "secret")
    for name, arguments in (("upscmd", (where, "shutdown.stop")),
                            ("upsrw", ("-s", "experimental.shutdown.delay=1", where))):
        # upsrw has its options before the UPS.
        code, output, error = nut_programs.run(name, *credentials, *arguments)
        # upscmd 2.8.0 shows the answer to a login that was refused as it came.
        assert code == 1 and re.search("Access denied|ACCESS-DENIED", error + output)


class Upsmon:
    """A secondary, on its defaults or quicker; its shutdown is the time in a file."""

    def __init__(self, place, port, name="secondary", role="secondary", quick=True):
        self._file = place.file(f"{name}.down")
        folder = place.file(name)
        os.mkdir(folder, 0o755)
        quickly = "POLLFREQ 1\nPOLLFREQALERT 1\nFINALDELAY 0\nHOSTSYNC 5\n" if quick else ""
        user = "RUN_AS_USER root\n" if os.geteuid() == 0 else ""
        place.write(f"{folder}/upsmon.conf", f"""\
MONITOR ups@127.0.0.1:{port} 1 monitor secret {role}
MINSUPPLIES 1
SHUTDOWNCMD "cat /proc/uptime > {self._file}"
POWERDOWNFLAG {folder}/killpower
{quickly}{user}""", 0o600)
        self.program = nut_programs.start(place, folder, "upsmon", "-D", "-p")

    @property
    def down_at(self):
        """Seconds since boot; None: it is up."""
        try:
            with open(self._file, encoding="ascii") as file:
                return float(file.read().split()[0])
        except (FileNotFoundError, IndexError):
            return None


def _followers(port):
    with NUTClient(port) as client:
        return client.ask("LIST CLIENT ups")


@pytest.mark.parametrize("quick", [True, False])
def test_a_secondary_goes_down_with_this_host(place, ups, quick):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 3}).start_linked()
    upsmon = Upsmon(place, daemon.port, quick=quick)
    wait_until(lambda: _followers(daemon.port) == ["CLIENT ups 127.0.0.1"], timeout=15)
    ups.power(False)
    wait_until(lambda: upsmon.down_at, timeout=30)
    shutdown = daemon.wait_for_shutdown()
    late = upsmon.down_at - shutdown.time
    assert -0.1 < late < (3 if quick else 11.5), f"{late} s after this host's command"
    # It logs out when its shutdown begins.
    wait_until(lambda: _followers(daemon.port) == [], timeout=15)


def test_nothing_else_brings_a_secondary_down(place, ups):
    """Power that returns, a drill, a lost link on line power, a restart, a measurement's words."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 4}).start_linked()
    upsmon = Upsmon(place, daemon.port)
    wait_until(lambda: _followers(daemon.port) != [], timeout=15)
    ups.power(False)
    time.sleep(2.5)
    ups.power(True)
    wait_until(lambda: daemon.shutdown["phase"] == "idle", timeout=20)
    wait_until(lambda: daemon.control("drill", seconds=7)["ok"], timeout=20)
    wait_until(lambda: daemon.shutdown["phase"] == "committed", timeout=20)
    time.sleep(2.5)
    wait_until(lambda: daemon.shutdown["phase"] == "idle", timeout=20)
    ups.say("unplug 4")
    time.sleep(6)
    daemon.stop()
    daemon.start_linked()
    wait_until(lambda: _followers(daemon.port) != [], timeout=15)
    time.sleep(3)
    assert upsmon.down_at is None and upsmon.program.process.poll() is None
    # And yet it follows.
    ups.power(False)
    wait_until(lambda: upsmon.down_at, timeout=30)


def test_a_dry_run_brings_no_secondary_down(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 2},
                    shutdown={"dryRun": True}).start_linked()
    upsmon = Upsmon(place, daemon.port)
    wait_until(lambda: _followers(daemon.port) != [], timeout=15)
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "committed", timeout=20)
    time.sleep(5)
    assert upsmon.down_at is None


def test_a_primary_by_mistake_shuts_nobody_down(place, ups):
    """It follows all the same."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 4}).start_linked()
    upsmon = Upsmon(place, daemon.port, role="primary")
    time.sleep(5)
    assert daemon.shutdown["phase"] == "idle" and not daemon.shutdowns()
    assert upsmon.down_at is None
    ups.power(False)
    daemon.wait_for_shutdown()
    wait_until(lambda: upsmon.down_at, timeout=40)
