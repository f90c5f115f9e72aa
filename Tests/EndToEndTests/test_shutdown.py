"""The one thing that counts: the shutdown command, its moment and its arguments."""

import json

import pytest
from harness import (
    Daemon, Simulator, Subscriber, boot_time, no_shutdown_until, shutdown_on_time, wait_until)

ARGUMENTS = (
    "-P", "two words", "it's", 'say "now"', "$HOME `id` $(id)", "", " ", "a;b|c&d>e", "*", "\\n",
    "back\\slash", "ärger", "--")


def test_exact_arguments_at_outage_plus_delay(place, ups):
    daemon = Daemon(place, ups.link, arguments=ARGUMENTS).start_linked()
    run = shutdown_on_time(daemon, ups.power(False) + 2)
    assert run.arguments == list(ARGUMENTS)
    assert run.reason == "time"
    assert run.incident == daemon.shutdown["incident"]


@pytest.mark.parametrize("delay", [1, 3])
def test_delay_is_kept(place, ups, delay):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": delay}).start_linked()
    shutdown_on_time(daemon, ups.power(False) + delay)
    names = [event["event"] for event in daemon.events()]
    assert names[-3:] == ["power_fail", "shutdown_pending", "shutdown_committed"]
    assert daemon.status()["status"] == "shutting_down"


def test_return_in_time(daemon, ups):
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    wait_until(lambda: boot_time() > started + 1.5)
    ups.power(True)
    wait_until(lambda: daemon.shutdown["phase"] == "idle")
    no_shutdown_until(daemon, started + 4)
    names = [event["event"] for event in daemon.events()]
    assert names[-2:] == ["power_good", "shutdown_cancelled"]


def test_failing_again_goes_on_with_the_incident(daemon, ups):
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    incident = daemon.shutdown["incident"]
    ups.power(True)
    wait_until(lambda: daemon.shutdown["phase"] == "idle")
    again = ups.power(False)
    run = shutdown_on_time(daemon, started + 2, latest=max(started + 2, again + 0.2))
    assert run.incident == incident


def test_low_charge(place, ups):
    server = {"shutdownByTime": False, "shutdownBySoc": True, "shutdownSocPercent": 25}
    daemon = Daemon(place, ups.link, server=server).start_linked()
    ups.power(False)
    wait_until(lambda: daemon.status()["status"] == "on_battery")
    low = ups.say("charge 20")
    # Two readings, a values interval of 1 s apart from the change and the hold of 2 s.
    run = shutdown_on_time(daemon, low + 2, latest=low + 1 + 2 + 1)
    assert run.reason == "low_charge"
    assert daemon.events("low_charge")


def test_already_out_at_the_start(place, ups):
    daemon = Daemon(place, ups.link)
    ups.power(False)
    started = boot_time()
    daemon.start()
    shutdown_on_time(daemon, started + 2, latest=boot_time() + 2.2)
    assert daemon.events("power_fail")


def test_started_before_its_ups(place):
    daemon = Daemon(place, place.file("ups.tty")).start()
    assert daemon.status()["link"] == "lost"
    assert daemon.status()["soc"] is None
    ups = Simulator(place)
    wait_until(lambda: daemon.status()["link"] == "ok", 3)
    wait_until(lambda: daemon.status()["soc"] == 100)
    shutdown_on_time(daemon, ups.power(False) + 2)


def test_escalation(place, ups):
    daemon = Daemon(place, ups.link)
    first, second = daemon.script("first", code=1), daemon.script("second")
    daemon.configure(
        shutdown={"command": [first], "escalation": ([place.file("missing")], [second, "-f"])})
    daemon.start_linked()
    due = ups.power(False) + 2
    wait_until(lambda: daemon.shutdowns("second"))
    assert len(daemon.shutdowns("first")) == 1
    run = daemon.shutdowns("second")[0]
    assert run.arguments == ["-f"]
    assert due <= run.time < due + 1
    wait_until(lambda: daemon.logged("ended with exit code 1"))


def test_a_command_without_effect_is_followed_by_the_next(place, ups):
    daemon = Daemon(place, ups.link)
    second = daemon.script("second")
    daemon.configure(shutdown={"escalation": ([second],)})
    daemon.start_linked()
    run = shutdown_on_time(daemon, ups.power(False) + 2)
    wait_until(lambda: daemon.shutdowns("second"), 7)
    assert 4.9 < daemon.shutdowns("second")[0].time - run.time < 5.5


def test_dry_run(place, ups, broker):
    subscriber = Subscriber(broker)
    daemon = Daemon(place, ups.link, broker, shutdown={"dryRun": True}).start_linked()
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "committed")
    assert daemon.status()["dryRun"] is True
    subscriber.wait_for("dry_run", "ON")
    assert int(daemon.nis()["STATFLAG"], 16) & 0x200 == 0
    no_shutdown_until(daemon, boot_time() + 1)
    ups.power(True)
    wait_until(lambda: daemon.shutdown["phase"] == "idle")


def test_drill(place, ups, broker):
    subscriber = Subscriber(broker)
    daemon = Daemon(place, ups.link, broker).start_linked()
    assert daemon.command("drill", 4).returncode == 0
    wait_until(lambda: daemon.shutdown["phase"] == "committed")
    status = daemon.status()
    assert (status["drill"], status["deviceStatus"]) == (True, 0b1100)
    assert int(daemon.nis()["STATFLAG"], 16) & 0x250 == 0
    subscriber.wait_for("drill", "ON")
    assert subscriber.latest("power") == "ON"
    wait_until(lambda: not daemon.status()["drill"], 6)
    assert not daemon.shutdowns()
    texts = [event["text"] for event in daemon.events() if event["text"].startswith("Drill: ")]
    assert len(texts) >= 4 and texts[-1] == "Drill: over"


def test_drill_ends_with_a_real_outage(daemon, ups):
    assert daemon.control("drill", seconds=30)["ok"]
    wait_until(lambda: daemon.shutdown["phase"] == "committed")
    shutdown_on_time(daemon, ups.power(False) + 2)
    assert daemon.status()["drill"] is False


def test_the_others_learn_of_it(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker).start_linked()
    due = ups.power(False) + 2
    assert subscriber.wait_for("power", "OFF", 1) < due - 1.5
    subscriber.wait_for("shutdown_phase", "pending", 1)
    wait_until(lambda: subscriber.latest("shutdown_phase") == "committed")
    assert json.loads(subscriber.latest("shutdown"))["reason"] == "time"
    assert int(daemon.nis()["STATFLAG"], 16) & 0x210 == 0x210
