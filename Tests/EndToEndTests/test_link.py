"""The serial line: pulled, plugged in again, and held by somebody else."""

from harness import Daemon, boot_time, no_shutdown_until, shutdown_on_time, wait_until


def test_unplugged_on_line(daemon, ups):
    wait_until(lambda: daemon.status()["serial"])
    ups.say("unplug")
    wait_until(lambda: daemon.status()["link"] == "lost", 3)
    status = daemon.status()
    assert status["status"] == "comm_lost"
    assert status["soc"] is None and status["inputVoltage"] is None
    assert status["serial"] == "SIM00001"
    assert daemon.nis()["STATUS"] == "COMMLOST"
    no_shutdown_until(daemon, boot_time() + 3)
    plugged = ups.say("plug")
    wait_until(lambda: daemon.status()["link"] == "ok", 2)
    wait_until(lambda: daemon.status()["soc"] == 100, 2)
    assert boot_time() < plugged + 3
    names = [event["event"] for event in daemon.events()]
    assert names[-2:] == ["link_lost", "link_restored"]
    assert daemon.shutdown["phase"] == "idle"


def test_unplugged_on_battery(place, ups):
    groups = {"server": {"shutdownDelay": 60}, "shutdown": {"deadTime": 3}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    pulled = ups.say("unplug")
    # Counted from the last valid reading, up to a status interval before.
    run = shutdown_on_time(daemon, pulled + 2.7, latest=pulled + 3)
    assert run.reason == "link_lost"


def test_an_earlier_deadline_holds(place, ups):
    groups = {"server": {"shutdownDelay": 3}, "shutdown": {"deadTime": 10}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    ups.say("unplug")
    assert shutdown_on_time(daemon, started + 3).reason == "time"


def test_plugged_in_again_on_battery(place, ups):
    groups = {"server": {"shutdownDelay": 5}, "shutdown": {"deadTime": 4}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    ups.say("unplug 1")
    wait_until(lambda: boot_time() > started + 2.5)
    assert daemon.status()["link"] == "ok"
    assert shutdown_on_time(daemon, started + 5).reason == "time"


def test_power_returns_while_unplugged(place, ups):
    groups = {"server": {"shutdownDelay": 60}, "shutdown": {"deadTime": 5}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    ups.say("unplug 2")
    ups.power(True)
    wait_until(lambda: daemon.shutdown["phase"] == "idle", 6)
    no_shutdown_until(daemon, started + 6)


def test_the_port_is_held_by_one(place, ups, daemon):
    second = Daemon(place, ups.link).start()
    wait_until(lambda: second.logged("is in use"))
    assert f"{ups.link} is in use: process {daemon.program.pid} (ups-server) holds it" \
        in second.errors()
    assert second.status()["link"] == "lost"
    assert daemon.status()["link"] == "ok"
    daemon.stop()
    wait_until(lambda: second.status()["link"] == "ok", 3)
