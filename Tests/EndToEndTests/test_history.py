"""/api/history: a sample a second, outages, and the same again after a restart of the daemon."""

import datetime

from harness import Daemon, get_json, wait_until

QUIET = {"server": {"shutdownDelay": 600, "logToFile": True}}


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
    assert answer["columns"][0] == "time" and set(answer["columns"]) <= set(status)
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


def test_a_restart_reads_the_measurement_log(place, ups):
    daemon = Daemon(place, ups.link, **QUIET).start_linked()
    ups.power(False)
    wait_until(lambda: 0.1 in column(history(daemon), "inputVoltage"), timeout=10)
    ups.power(True)
    wait_until(lambda: column(history(daemon), "inputVoltage")[-1:] == [12.6], timeout=10)
    before = history(daemon)
    daemon.stop()
    daemon.start_linked()

    def rows():
        return {row[0]: row[1] for row in history(daemon)["rows"] if row[1] is not None}
    seen = [row[1] for row in before["rows"] if row[1] is not None]
    wait_until(lambda: len(rows()) > len(seen) - 2 and 0.1 in rows().values(), timeout=10)
    (outage,) = history(daemon)["outages"]
    assert outage == before["outages"][0]
    day = history(daemon, 86400)
    assert day["step"] == 10 and day["outages"] == [outage]
