"""What a person does in Home Assistant reaches the decision, and the result comes back."""

import contextlib
import datetime
import json
import time

from harness import Subscriber, wait_until


def result(world):
    return world.shown.state("command_result")


def press(world, key):
    world.home.act("button", "press", entity_id=world.shown.entity(key))


def set_delay(world, seconds):
    world.home.act(
        "number", "set_value", entity_id=world.shown.entity("delay"), value=seconds)


def deadline(world):
    """In seconds since 1970; None: there is none."""
    state = world.shown.state("shutdown")
    return None if state == "unknown" else datetime.datetime.fromisoformat(state).timestamp()


def test_the_button_cancels_an_outage(world):
    with world.outage():
        press(world, "cancel")
        wait_until(lambda: world.shown.state("shutdown_phase") == "cancelled")
        wait_until(lambda: result(world).startswith("Cancelled"))
        assert world.daemon.shutdown["phase"] == "cancelled"
        assert world.shown.state("power") == "off" and world.shown.state("discharging") == "on"
    assert world.daemon.shutdowns() == []


def test_the_number_changes_the_deadline(world):
    with world.outage():
        wait_until(lambda: deadline(world))
        asked = time.time()
        set_delay(world, 900)
        wait_until(lambda: abs(deadline(world) - asked - 900) < 3)
        wait_until(lambda: "900 s" in result(world))
        wait_until(lambda: world.shown.state("delay") == "900")
        assert 880 < world.daemon.shutdown["remaining"] <= 900
        # Over MQTT it only gets longer.
        set_delay(world, 60)
        wait_until(lambda: "900 s" not in result(world))
        wait_until(lambda: world.shown.state("delay") == "900")
        assert abs(deadline(world) - asked - 900) < 3


def test_on_line_the_button_is_refused_and_says_why(world):
    press(world, "cancel")
    wait_until(lambda: result(world) == "There is no outage, so there is nothing to cancel.")


def test_a_command_carries_its_outage_and_a_name_of_its_own(world):
    subscriber = Subscriber(world.broker, "ups/workhorse/command")
    # Home Assistant may write there, not read; the daemon may.
    assert subscriber.messages() == []
    with world.outage():
        seen = Subscriber(world.broker, "ups/workhorse/command/result")
        press(world, "cancel")
        press(world, "cancel")
        wait_until(lambda: len(seen.objects("command/result")) == 2)
        first, second = seen.objects("command/result")
        assert first["id"] and second["id"] and first["id"] != second["id"]
        incident = world.daemon.shutdown["incident"]
        state = world.home.states()[world.shown.entity("cancel")]
        assert state["attributes"]["incident"] == incident
        # The same, some other time: it belongs to the outage that was on the screen.
        payload = json.dumps({"command": "delay", "seconds": 3000, "incident": f"{incident}0"})
        world.broker.publish("ups/workhorse/command", payload)
        wait_until(lambda: len(seen.objects("command/result")) == 3)
        assert not seen.objects("command/result")[-1]["ok"]


def test_the_event_entity_shows_what_happened(world):

    def event():
        return world.home.states()[world.shown.entity("event")]["attributes"]
    with world.outage():
        wait_until(lambda: event()["event_type"] == "shutdown_pending")
        assert event()["incident"] == world.daemon.shutdown["incident"]
        assert event()["text"] and event()["values"]["charge"] is not None
    assert event()["event_type"] in ("power_good", "shutdown_cancelled")


def test_measuring(world):
    # The charge that was told before power came back does not count.
    def begins():
        press(world, "measure")
        with contextlib.suppress(AssertionError):
            return wait_until(lambda: result(world).startswith("The measurement"), 2)
    wait_until(begins, 15)
    wait_until(lambda: world.daemon.events("measurement_done"), 15)
    world.ups.say("charge 100")
    world.shown.wait_for_all()
