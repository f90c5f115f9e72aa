"""What outlives the daemon: the last outage for NIS, and the capacitors' values when new."""

import json

from harness import Daemon, wait_until

NUMBERS = ("NUMXFERS", "LASTXFER", "XONBATT", "XOFFBATT", "CUMONBATT", "TONBATT", "SERIALNO")


def test_the_last_outage_outlives_a_restart(place, ups):
    groups = {"server": {"shutdownDelay": 600}, "poll": {"slow": 1.0}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    first = daemon.nis()
    assert (first["NUMXFERS"], first["XONBATT"], first["XOFFBATT"]) == ("0", "N/A", "N/A")
    assert first["LASTXFER"] == "No transfers since turnon"
    wait_until(lambda: "TIMELEFT" in daemon.nis(), timeout=0.5)
    ups.power(False)
    wait_until(lambda: daemon.nis()["TONBATT"] not in ("0 Seconds", "1 Seconds"), timeout=10)
    ups.power(True)
    wait_until(lambda: daemon.nis()["STATUS"] == "ONLINE")
    wait_until(lambda: daemon.status()["capacityWhenNew"])
    before = daemon.nis()
    assert (before["NUMXFERS"], before["LASTXFER"]) == ("1", "Low line voltage")
    daemon.kill()
    daemon.start_linked()
    after = daemon.nis()
    assert {key: after[key] for key in NUMBERS} == {key: before[key] for key in NUMBERS}


def test_worn_capacitors(place, ups):
    daemon = Daemon(place, ups.link, poll={"slow": 1.0}).start_linked()
    wait_until(lambda: daemon.status()["capacityWhenNew"])
    assert (daemon.status()["capacityWhenNew"], daemon.status()["esrWhenNew"]) == (25000, 34)
    path = f"{daemon.folder}/state/ups.json"
    wait_until(lambda: json.loads(place.read(path))["capacity"] == 25000)
    daemon.stop()
    kept = json.loads(place.read(path))
    place.write(path, json.dumps({**kept, "capacity": 40000}))
    daemon.start_linked()
    wait_until(lambda: "REPLACEBATT" in daemon.nis()["STATUS"])
    text = daemon.events("warning")[-1]["text"]
    assert text.startswith("The capacitors should be replaced: 62 % of the capacitance and 100 %")
    assert "replaced" in daemon.status()["problem"]
