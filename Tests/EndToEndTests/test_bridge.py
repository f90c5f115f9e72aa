"""The sample `homeassistant/mosquitto/bridge.conf`: the UPS of a site on the broker of all."""

import pytest
from harness import ROOT, Broker, Daemon, Subscriber, wait_until

_SAMPLE = ROOT / "homeassistant" / "mosquitto" / "bridge.conf"
_PREFIX = "berlin/ups"
#: What is different here: no TLS, no passwords, another address.
_NOT_HERE = ("address", "bridge_cafile", "remote_username", "remote_password")
#: It waits for at least a second before it tries again, and Debian 12's loop adds to that.
_PATIENCE = 30


def _bridge(centre):
    lines = [line for line in _SAMPLE.read_text().splitlines() if not line.startswith(_NOT_HERE)]
    connection = lines.index("connection berlin")
    return (
        "allow_anonymous true", "persistence false", *lines[:connection + 1],
        f"address 127.0.0.1:{centre.port}", *lines[connection + 1:])


@pytest.fixture
def centre(place):
    return Broker(place)


@pytest.fixture
def site(place, centre):
    return Broker(place, _bridge(centre))


@pytest.fixture
def daemon(place, ups, site):
    mqtt = {"host": "127.0.0.1", "port": site.port, "prefix": _PREFIX, "id": "workhorse"}
    return Daemon(place, ups.link, server={"shutdownDelay": 600}, mqtt=mqtt).start_linked()


def test_the_centre_sees_what_the_site_tells_and_commands_it(centre, daemon, ups):
    reader = Subscriber(centre)
    reader.wait_for(f"{_PREFIX}/workhorse/power", "ON", _PATIENCE)
    wait_until(
        lambda: reader.latest("homeassistant/device/ups_SIM00001/config"), _PATIENCE)
    ups.power(False)
    reader.wait_for("shutdown_phase", "pending")
    centre.publish(f"{_PREFIX}/workhorse/command", '{"command": "cancel", "id": "c1"}')
    wait_until(lambda: reader.objects("command/result"))
    result = reader.objects("command/result")[-1]
    assert (result["id"], result["ok"]) == ("c1", True), result


def test_events_wait_for_the_centre(centre, daemon, ups):
    Subscriber(centre).wait_for("power", "ON", _PATIENCE)
    centre.stop()
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    centre.start()
    reader = Subscriber(centre)
    wait_until(lambda: "power_fail" in [event["event"] for event in reader.objects("event")],
               _PATIENCE)
    reader.wait_for("power", "OFF", _PATIENCE)


def test_no_command_waits_for_the_site(centre, site, daemon, ups):
    reader = Subscriber(centre)
    reader.wait_for("power", "ON", _PATIENCE)
    ups.power(False)
    reader.wait_for("shutdown_phase", "pending")
    site.stop()
    centre.publish(f"{_PREFIX}/workhorse/command", "cancel")
    site.start()

    def is_answered():
        centre.publish(f"{_PREFIX}/workhorse/command", "delay 900")
        return reader.objects("command/result")
    wait_until(is_answered, _PATIENCE, interval=1)
    assert {result["command"] for result in reader.objects("command/result")} == {"delay"}
    assert daemon.shutdown["phase"] == "pending"
