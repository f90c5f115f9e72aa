"""All entities are there and right within 10 s, whatever is started again, and Home Assistant has
nothing to say about it."""

import re

import pytest
from harness import wait_until
from home_assistant import HomeAssistant
from shown import LIMIT, Shown

#: What Home Assistant says of every broker that goes.
_OF_THE_CONNECTION = re.compile("The connection was lost|failed to receive on socket")


def test_home_assistant_first(world):
    world.shown.wait_for_all()
    device = next(device for device in world.home.devices()
                  if device["identifiers"] == [["mqtt", "ups_SIM00001"]])
    assert (device["name"], device["manufacturer"]) == ("UPS workhorse", "Bicker Elektronik")
    assert (device["model"], device["serial_number"]) == ("UPSIC Series with SUC-1011", "SIM00001")
    assert device["hw_version"] == "A1, firmware 1.2.0"
    assert device["sw_version"].startswith("ups-server ")


def test_daemon_first(world):
    late = HomeAssistant(world.place, "late").start()
    try:
        late.connect_to_broker(world.broker.port, "homeassistant", "secret")
        Shown(late, world.daemon).wait_for_all()
    finally:
        late.stop()


def test_home_assistant_restarts(world):
    world.home.restart()
    world.shown.wait_for_all()


@pytest.mark.parametrize("keeps_store", [True, False])
def test_broker_restarts(world, keeps_store):
    world.broker.stop()
    try:
        wait_until(lambda: world.shown.state("power") == "unavailable")
        wait_until(lambda: world.daemon.events()[-1]["event"] == "broker_lost")
        if not keeps_store:
            world.broker.forget()
    finally:
        world.broker.start()
    trouble = world.home.trouble()
    assert all(_OF_THE_CONNECTION.search(line) for line in trouble), trouble
    # Home Assistant itself tries only every 10 s.
    world.shown.wait_for_all(10 + LIMIT)


def test_daemon_restarts(world):
    world.daemon.stop()
    wait_until(lambda: world.shown.state("status") == "unavailable")
    world.daemon.start_linked()
    world.shown.wait_for_all()


def test_daemon_is_killed(world):
    world.daemon.kill()
    wait_until(lambda: world.shown.state("status") == "unavailable")
    world.daemon.start_linked()
    world.shown.wait_for_all()


def test_ups_is_unplugged_and_back(world):
    world.ups.say("unplug")
    world.shown.wait_for_lost_link()
    assert world.shown.state("link") == "off" and world.shown.state("status") == "comm_lost"
    world.ups.say("plug")
    world.shown.wait_for_all()
