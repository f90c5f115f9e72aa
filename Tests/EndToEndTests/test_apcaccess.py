"""apcupsd's own client against the port: all keys, a thousand times in a row, 64 at once."""

import concurrent.futures
import shutil
import subprocess

import pytest
from harness import nis, wait_until

APCACCESS = shutil.which("apcaccess") or "/usr/sbin/apcaccess"
KEYS = (
    "APC DATE HOSTNAME VERSION UPSNAME CABLE DRIVER UPSMODE STARTTIME MODEL STATUS LINEFAIL LINEV "
    "LINEA LOADPCT BCHARGE TIMELEFT MBATTCHG MINTIMEL MAXTIME OUTPUTV OUTPUTA DWAKE DSHUTD RETPCT "
    "ITEMP BATTV BATTA OUTCURNT LASTXFER NUMXFERS XONBATT TONBATT CUMONBATT XOFFBATT SELFTEST "
    "STATFLAG REG1 REG2 REG3 SERIALNO NOMINV NOMBATTV NOMPOWER FIRMWARE ENDAPC").split()


@pytest.fixture(autouse=True)
def complete(daemon):
    wait_until(lambda: len(daemon.nis()) == len(KEYS) + 1)


def apcaccess(port, *arguments):
    """(exit code, output)"""
    done = subprocess.run(
        [APCACCESS, *arguments, "-h", f"127.0.0.1:{port}"], capture_output=True, text=True,
        timeout=10)
    return done.returncode, done.stdout


def test_all_keys(daemon):
    code, output = apcaccess(daemon.port, "status")
    lines = output.splitlines()
    assert code == 0
    assert [line[:9].rstrip() for line in lines] == [*KEYS, "END APC"]
    assert all(line[9:11] == ": " for line in lines)
    count, size = len(lines) - 1, sum(len(line) + 1 for line in lines[1:])
    assert lines[0] == f"APC      : 001,{count:03},{size:04}"


def test_one_key(daemon):
    assert apcaccess(daemon.port, "-p", "STATUS") == (0, "ONLINE\n")
    assert apcaccess(daemon.port, "-u", "-p", "BCHARGE") == (0, "100\n")


def test_a_thousand_in_a_row(daemon):
    for _ in range(1000):
        code, output = apcaccess(daemon.port, "-p", "STATUS")
        assert (code, output) == (0, "ONLINE\n")


def test_64_at_once(daemon):
    command = [APCACCESS, "status", "-h", f"127.0.0.1:{daemon.port}"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(64)]
    for process in running:
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert len(output.splitlines()) == len(KEYS) + 1


def test_64_raw_connections_that_stay(daemon):
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: nis(daemon.port, times=20), range(64)))
    assert {len(answer) for answer in answers} == {len(KEYS) + 1}


def test_events_and_unknown_words(daemon, ups):
    ups.power(False)
    wait_until(lambda: daemon.events("power_fail"))
    assert any("Input power failed" in record for record in nis(daemon.port, b"events"))
    assert nis(daemon.port, b"reboot") == ["Invalid command\n\0"]
