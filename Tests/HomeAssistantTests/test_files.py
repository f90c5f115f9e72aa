"""The files of `homeassistant/`, loaded into a real Home Assistant and used."""

import os
import re

import pytest
from browser import Browser
from harness import ROOT, wait_until
from phone import Phone

_BLUEPRINTS = ROOT / "homeassistant/blueprints/automation/ups-server"
#: Of Home Assistant's own frontend; others would have to be installed.
_CORE_CARDS = {
    "entities", "gauge", "grid", "heading", "history-graph", "logbook", "markdown", "tile"}


@pytest.fixture
def phone(world):
    phone = Phone(world.home)
    yield phone
    phone.close()


@pytest.fixture
def automation(world):
    """Makes automations from blueprints, as the page does; they go with the test."""
    made = []

    def make(blueprint, **inputs):
        name = f"test_{blueprint}"
        world.home.post(f"/api/config/automation/config/{name}", {
            "alias": name, "use_blueprint": {
                "path": f"ups-server/{blueprint}.yaml", "input": inputs}})
        made.append(name)
        wait_until(lambda: world.home.state(f"automation.{name}") == "on")
    yield make
    for name in made:
        world.home.delete(f"/api/config/automation/config/{name}")
    trouble = world.home.trouble("automation") + world.home.trouble("template")
    assert not trouble, trouble


def notes(world):
    """The persistent notifications: (title, message)."""
    return [(note["title"], note["message"])
            for note in world.home.ask("persistent_notification/get")]


def clear_notes(world):
    world.home.act("persistent_notification", "dismiss_all")


def outage_inputs(world, phone, **others):
    keys = {"power": "power", "deadline": "shutdown", "cancel": "cancel", "delay": "delay"}
    return {name: world.shown.entity(key) for name, key in keys.items()} \
        | {"phone": phone.device_id} | others


def test_every_blueprint_is_tried_here():
    text = (ROOT / "Tests/HomeAssistantTests/test_files.py").read_text(encoding="utf-8")
    for path in _BLUEPRINTS.iterdir():
        assert f'"{path.stem}", ' in text, path


def test_the_outage_is_cancelled_on_the_phone(world, phone, automation):
    automation("notify_on_outage", **outage_inputs(world, phone))
    with world.outage():
        wait_until(lambda: phone.notifications)
        note = phone.notifications[-1]
        assert note["title"] == "UPS workhorse: power failure"
        assert re.fullmatch(r"It shuts down at \d\d:\d\d:\d\d\.", note["message"]), note
        assert [action["title"] for action in note["data"]["actions"]] == ["Cancel", "600 s more"]
        phone.tap("Cancel")
        wait_until(lambda: world.daemon.shutdown["phase"] == "cancelled")


def test_the_outage_is_delayed_on_the_phone(world, phone, automation):
    automation("notify_on_outage", **outage_inputs(world, phone, seconds=1800))
    with world.outage():
        wait_until(lambda: phone.notifications)
        phone.tap("1800 s more")
        wait_until(lambda: world.daemon.shutdown["delay"] == 1800)


def test_the_return_is_told_with_its_duration(world, automation):
    automation("notify_on_return", power=world.shown.entity("power"))
    with world.outage():
        pass
    wait_until(lambda: notes(world))
    (title, message), = notes(world)
    assert title == "UPS workhorse: power is back"
    seconds = re.fullmatch(r"It was away for (\d+) s\.", message)
    assert seconds and int(seconds[1]) < 30


def test_a_lost_link_and_a_lost_daemon_are_warned_of(world, automation):
    automation("warn_on_link_loss", link=world.shown.entity("link"), patience={"seconds": 1})
    world.ups.say("unplug")
    wait_until(lambda: notes(world), 10)
    assert notes(world) == [("UPS workhorse is not watched", "The link to the UPS is lost.")]
    clear_notes(world)
    world.ups.say("plug")
    world.shown.wait_for_all()
    world.daemon.stop()
    wait_until(lambda: notes(world), 10)
    assert notes(world)[0][1] == "ups-server does not answer, or the MQTT broker."
    clear_notes(world)
    world.daemon.start_linked()
    world.shown.wait_for_all()


def test_worn_capacitors_are_warned_of(world, automation):
    states = world.home.states()
    farads, milliohms = (float(states[world.shown.entity(key)]["state"])
                         for key in ("capacitance", "esr"))
    automation(
        "warn_on_ageing", capacitance=world.shown.entity("capacitance"),
        esr=world.shown.entity("esr"), least_capacitance=farads + 1, most_esr=milliohms - 1,
        patience={"seconds": 1})
    # They fire on a change across the limit.
    world.daemon.stop()
    world.daemon.start_linked()
    wait_until(lambda: len(notes(world)) == 2, 10)
    assert {title for title, _ in notes(world)} == {"UPS workhorse: the capacitors are worn"}
    assert {message.split(" to ")[0] for _, message in notes(world)} == {
        "The capacitance has fallen", "The ESR has risen"}


def test_something_else_is_shut_down_too(world, automation):
    """When the host is, and never in a dry run or a drill."""
    action = {"action": "persistent_notification.create", "data": {"message": "down"}}
    automation(
        "shut_down_another_host", status=world.shown.entity("status"),
        dry_run=world.shown.entity("dry_run"), drill=world.shown.entity("drill"),
        shut_down=[action])
    assert world.daemon.control("drill", seconds=3)["ok"]
    world.daemon.control("delay", seconds=1)
    wait_until(lambda: world.shown.state("shutdown_phase") == "committed")
    wait_until(lambda: world.shown.state("drill") == "off", 10)
    assert notes(world) == []
    commit(world, is_dry=True)
    assert notes(world) == []
    commit(world, is_dry=False)
    wait_until(lambda: notes(world))
    assert [message for _, message in notes(world)] == ["down"]


def commit(world, is_dry):
    """An outage to its end, and the daemon of the next boot behind it."""
    world.reload(shutdown={"dryRun": is_dry})
    state = "on" if is_dry else "off"
    wait_until(lambda: world.shown.state("dry_run") == state)
    world.ups.power(False)
    wait_until(lambda: world.daemon.shutdown["phase"] == "pending")
    assert world.daemon.control("delay", seconds=1)["ok"]
    wait_until(lambda: world.shown.state("status") == "shutting_down")
    wait_until(lambda: world.shown.state("shutdown_phase") == "committed")
    world.daemon.stop()
    os.remove(f"{world.daemon.folder}/run/state")
    world.ups.power(True)
    world.ups.say("charge 100")
    world.configure()
    world.daemon.start_linked()
    world.shown.wait_for_all()


# Dashboard, manual entities, energy

def test_the_dashboard_shows_entities_that_are_there(world):
    view, = world.home.ask("lovelace/config", url_path="ups-workhorse")["views"]
    cards = [card for section in view["sections"] for card in section["cards"]]
    assert {card["type"] for card in cards} <= _CORE_CARDS
    text = (ROOT / "homeassistant/dashboard.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b[a-z_]+\.ups_workhorse_\w+", text))
    assert len(named) > 25
    assert named <= world.home.states().keys()


def test_the_dashboard_is_drawn(world):
    browser = Browser(world.home)
    try:
        with world.outage():
            browser.open("/ups-workhorse/ups")
            browser.wait_for("hui-gauge-card")
            browser.wait_for("hui-entities-card")
            assert len(browser.find("hui-tile-card")) > 8
            assert not browser.find("hui-error-card, hui-warning")
    finally:
        browser.close()


def test_entities_by_hand(world):
    states = world.home.states()
    by_hand = {entry["unique_id"]: states[entry["entity_id"]]["state"]
               for entry in world.home.entities().values()
               if entry["unique_id"].startswith("ups_workhorse_by_hand_")}
    assert len(by_hand) == 9
    assert "unavailable" not in by_hand.values()
    assert by_hand["ups_workhorse_by_hand_power"] == "on"
    assert by_hand["ups_workhorse_by_hand_status"] == "online"


def test_the_energy_dashboard_takes_both(world):
    """Its own rules find nothing; that there are no statistics of the first minutes is no rule."""
    known = {entry["statistic_id"]: entry
             for entry in world.home.ask("recorder/list_statistic_ids", statistic_type="sum")}
    for key in ("input_energy", "output_energy"):
        entity = world.shown.entity(key)
        assert known[entity]["unit_class"] == "energy", known
        world.home.ask("energy/save_prefs", device_consumption=[{"stat_consumption": entity}])
        found = world.home.ask("energy/validate")
        issues = [issue["type"] for source in found["device_consumption"] for issue in source]
        assert set(issues) <= {"statistics_not_defined"}, found
