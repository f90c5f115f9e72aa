"""What Home Assistant is told over MQTT by the real daemon, and what a reload changes of it."""

import json

import pytest
from harness import Daemon, wait_until

TOPIC = "homeassistant/device/ups_SIM00001/config"


@pytest.fixture
def daemon(place, ups, broker):
    return Daemon(place, ups.link, broker).start_linked()


def test_the_document_has_everything_of_the_ups(daemon, subscriber):
    wait_until(lambda: subscriber.latest(TOPIC))
    document = json.loads(subscriber.latest(TOPIC))
    device = document["device"]
    assert device["identifiers"] == ["ups_SIM00001"] and device["name"] == "UPS e2e"
    assert {"model", "serial_number", "hw_version", "sw_version"} <= device.keys()
    published = {name for _, name, _ in subscriber.messages()}
    named = {component["state_topic"] for component in document["components"].values()
             if "state_topic" in component}
    assert named - published <= {"ups/e2e/event", "ups/e2e/command/result"}


def test_a_restart_says_the_same_at_once(daemon, subscriber, ups):
    wait_until(lambda: subscriber.latest(TOPIC))
    daemon.stop()
    ups.say("unplug")
    daemon.start()
    wait_until(lambda: len(subscriber.payloads(TOPIC)) == 2)
    first, second = subscriber.payloads(TOPIC)
    assert first == second


def test_discovery_off_and_on(daemon, broker, subscriber):
    wait_until(lambda: subscriber.latest(TOPIC))
    daemon.configure(mqtt={"discovery": False})
    daemon.reload()
    subscriber.wait_for(TOPIC, "")
    assert TOPIC not in broker.retained()
    daemon.configure()
    daemon.reload()
    wait_until(lambda: subscriber.latest(TOPIC))


def test_what_is_not_offered_any_more_is_taken_back(daemon, subscriber):
    wait_until(lambda: subscriber.latest(TOPIC))
    daemon.configure(mqtt={"commands": False})
    daemon.reload()
    wait_until(lambda: len(subscriber.payloads(TOPIC)) == 2)
    components = json.loads(subscriber.latest(TOPIC))["components"]
    assert components["cancel"] == {"platform": "button"}
    assert components["delay"] == {"platform": "number"}


def test_another_publisher_goes_on_behind_the_first(subscriber, daemon, ups):
    """MQTT off and on again: no event twice, and those of the time between."""
    wait_until(lambda: any(e["event"] == "broker_restored" for e in subscriber.objects("event")))
    daemon.configure(mqtt=None)
    daemon.reload()
    subscriber.wait_for("availability", "offline")
    count = len(daemon.events())
    ups.power(False)
    wait_until(lambda: daemon.events("power_fail"))
    ups.power(True)
    wait_until(lambda: daemon.events("power_good"))
    daemon.configure()
    daemon.reload()
    subscriber.wait_for("availability", "online")
    wait_until(lambda: subscriber.objects("event")[-1]["event"] == "broker_restored")
    told = [(e["event"], e["text"]) for e in subscriber.objects("event")]
    assert told == [(e["event"], e["text"]) for e in daemon.events()]
    assert len(told) > count
