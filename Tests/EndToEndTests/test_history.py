"""/api/history: a sample a second, outages, and the same again after a restart of the daemon,
whatever is found in the state directory."""

import datetime
import os

import pytest
from harness import Daemon, get_json, wait_until

QUIET = {"server": {"shutdownDelay": 600}}


def history(daemon, seconds=900):
    return get_json(daemon.port, f"/api/history?seconds={seconds}")


def column(answer, name):
    position = answer["columns"].index(name)
    return [row[position] for row in answer["rows"]]


def moment(text):
    return datetime.datetime.fromisoformat(text)


def test_a_row_a_second(daemon):
    wait_until(lambda: len(history(daemon)["rows"]) >= 4, timeout=10)
    answer = history(daemon)
    status = daemon.status()
    assert (answer["seconds"], answer["step"], answer["outages"]) == (900, 1, [])
    assert answer["columns"][0] == "time" and set(answer["columns"][:16]) <= set(status)
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])
    times = [moment(text) for text in column(answer, "time")]
    second = datetime.timedelta(seconds=1)
    assert all(later - earlier == second for earlier, later in zip(times, times[1:]))
    assert abs(times[-1] - moment(status["time"])) <= 2 * second
    last = dict(zip(answer["columns"], answer["rows"][-1]))
    assert (last["inputVoltage"], last["outputCurrent"], last["soc"]) == (12.6, 1000, 100)
    assert last["outputLoad"] == status["outputLoad"]


def test_outages_and_a_lost_link(daemon, ups):
    wait_until(lambda: column(history(daemon), "soc")[-1:] == [100])
    ups.power(False)
    wait_until(lambda: daemon.status()["status"] == "on_battery")
    (outage,) = history(daemon)["outages"]
    assert outage["to"] is None
    ups.power(True)
    wait_until(lambda: daemon.status()["status"] == "online")
    (ended,) = history(daemon)["outages"]
    assert ended["from"] == outage["from"] and moment(ended["to"]) >= moment(ended["from"])
    ups.say("unplug")
    wait_until(lambda: column(history(daemon), "soc")[-1:] == [None], timeout=10)


def rows(daemon, seconds=900):
    answer = history(daemon, seconds)
    return [dict(zip(answer["columns"], row)) for row in answer["rows"]]


def drawn(daemon):
    return history(daemon)["outages"]


def test_a_restart(daemon, ups):
    """What was measured before is there, in each step; an outage is one and has its end."""
    wait_until(lambda: len(rows(daemon)) >= 2)
    ups.power(False)
    wait_until(lambda: drawn(daemon) and rows(daemon)[-1]["inputVoltage"] < 1)
    assert drawn(daemon)[0]["to"] is None
    ups.power(True)
    wait_until(lambda: drawn(daemon)[0]["to"])
    # The last one is not over.
    before = rows(daemon)[:-1]
    daemon.stop()
    daemon.start_linked()
    wait_until(lambda: rows(daemon)[:1] == before[:1])
    after = {row["time"]: row for row in rows(daemon)}
    assert all(after[row["time"]] == row for row in before)
    # The second may be told otherwise by the clocks of another start.
    assert len(drawn(daemon)) == 1
    for seconds in (86400, 2592000):
        sag = min(rows(daemon, seconds), key=lambda row: row["inputVoltageMin"])
        assert sag["inputVoltageMin"] < 1 < sag["inputVoltage"] < sag["inputVoltageMax"]


def test_before_this_host_goes_down(daemon, ups):
    """Power may be gone before there is an orderly end."""
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "committed", 20)
    began = rows(daemon)[0]
    wait_until(lambda: os.path.exists(f"{daemon.folder}/state/history"))
    daemon.kill()
    daemon.start_linked()
    wait_until(lambda: rows(daemon)[:1] == [began])


@pytest.mark.parametrize("kept", [b"", b"nonsense", b"ups-server history 1\n" + b"\xff" * 5000])
def test_what_is_not_understood(place, ups, kept):
    daemon = Daemon(place, ups.link)
    with open(f"{daemon.folder}/state/history", "wb") as file:
        file.write(kept)
    daemon.start_linked()
    wait_until(lambda: len(rows(daemon)) >= 2)
    assert daemon.logged("is no history") == (not kept.startswith(b"ups-server"))
    daemon.stop()
    daemon.start_linked()
    wait_until(lambda: len(rows(daemon)) >= 3)


def test_what_cannot_be_read(place, ups):
    """It is said, and never replaced by what is known since."""
    daemon = Daemon(place, ups.link)
    os.mkdir(f"{daemon.folder}/state/history")
    daemon.start_linked()
    wait_until(lambda: daemon.logged("The history is not kept: cannot read"))
    wait_until(lambda: len(rows(daemon)) >= 2)
    daemon.stop()
    assert os.listdir(f"{daemon.folder}/state/history") == []
    assert not daemon.logged("cannot create")


def outages(daemon, limit=20):
    return get_json(daemon.port, f"/api/outages?limit={limit}")["outages"]


def test_past_outages(place, ups):
    """On the port, on the command line, and again after a restart."""
    daemon = Daemon(place, ups.link, **QUIET).start_linked()
    assert outages(daemon) == []
    assert daemon.command("outages").stdout == "No outage has been seen.\n"
    ups.power(False)
    wait_until(lambda: outages(daemon) and outages(daemon)[0]["lowestCharge"] is not None)
    assert outages(daemon)[0]["to"] is None and outages(daemon)[0]["end"] is None
    ups.power(True)
    wait_until(lambda: outages(daemon)[0]["end"] == "returned")
    wait_until(lambda: daemon.control("drill", seconds=2)["ok"], 15)
    wait_until(lambda: [o["drill"] for o in outages(daemon)] == [True, False], 10)
    wait_until(lambda: outages(daemon)[0]["end"] == "returned", 20)
    before = outages(daemon)
    assert outages(daemon, 1) == before[:1]
    lines = daemon.command("outages").stdout.splitlines()
    assert len(lines) == 2 and lines[0].endswith("power came back")
    assert lines[1].endswith("power came back  drill")
    daemon.stop()
    daemon.start()
    after = outages(daemon)
    for old, new in zip(before, after, strict=True):
        for key in ("from", "to"):
            assert abs(moment(old.pop(key)) - moment(new.pop(key))) <= datetime.timedelta(seconds=1)
        assert old == new
