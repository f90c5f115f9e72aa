"""apcupsd's slaves: in an outage, at low battery, when this host powers off, and on return."""

from harness import Daemon, Slave, wait_until


def daemon_with(place, ups, **groups):
    groups = {"server": {"shutdownDelay": 600}, **groups}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    wait_until(lambda: "TIMELEFT" in daemon.nis())
    return daemon


def follow(place, daemon, **settings):
    slave = Slave(place, daemon.port, **settings)
    wait_until(lambda: "startup succeeded" in slave.log, timeout=10)
    return slave


def test_outage_and_return(place, ups):
    slave = follow(place, daemon_with(place, ups))
    ups.power(False)
    slave.wait_for("onbattery")
    ups.power(True)
    slave.wait_for("offbattery")
    # Two at a time, in any order.
    wait_until(lambda: len(slave.actions) == 4)
    assert sorted(slave.actions) == ["mainsback", "offbattery", "onbattery", "powerout"]


def test_it_goes_down_with_this_host(place, ups):
    daemon = daemon_with(place, ups, server={"shutdownDelay": 8})
    slave = follow(place, daemon)
    ups.power(False)
    slave.wait_for("onbattery")
    assert not slave.has_shut_down
    daemon.wait_for_shutdown(timeout=15)
    slave.wait_for("remotedown")
    wait_until(lambda: slave.has_shut_down)


def test_never_in_a_dry_run_or_a_drill(place, ups):
    daemon = daemon_with(place, ups, shutdown={"dryRun": True}, server={"shutdownDelay": 2})
    slave = follow(place, daemon)
    assert daemon.control("drill", seconds=6)["ok"]
    wait_until(lambda: daemon.events("shutdown_committed"))
    wait_until(lambda: not daemon.status()["drill"], timeout=15)
    assert slave.actions == []
    ups.power(False)
    wait_until(lambda: len(daemon.events("shutdown_committed")) == 2)
    slave.wait_for("onbattery")
    ups.power(True)
    slave.wait_for("offbattery")
    assert not slave.has_shut_down


def test_low_battery(place, ups):
    """The capacitors last 150 s; this host needs 80 s, and goes down itself when 120 s are left."""
    ups.say("load 0.5")
    daemon = daemon_with(place, ups, shutdown={"hostShutdownTime": 80})
    slave = follow(place, daemon)
    ups.power(False)
    slave.wait_for("onbattery")
    assert daemon.nis()["STATUS"] == "ONBATT LOWBATT"
    slave.wait_for("failing", timeout=20)
    wait_until(lambda: slave.has_shut_down)
    assert daemon.shutdowns() == []


def test_the_minutes_of_apcupsds_sample_file_are_too_many(place, ups):
    """Capacitors last a minute or two: such a slave goes down as soon as it is on battery."""
    ups.say("load 5")
    daemon = daemon_with(place, ups)
    hasty, patient = follow(place, daemon, minutes=3), follow(place, daemon, minutes=0)
    wait_until(lambda: 0 < float(daemon.nis()["TIMELEFT"].split()[0]) < 3)
    ups.power(False)
    hasty.wait_for("runlimit", timeout=20)
    patient.wait_for("onbattery")
    # It calls the power-off only behind that event.
    wait_until(lambda: hasty.has_shut_down)
    assert not patient.has_shut_down
