"""Home Assistant's own apcupsd integration, which reads the port: for who has no broker."""

import contextlib

from harness import wait_until

#: It asks each minute by itself; when asked to, not more often than every 5 s.
_PATIENCE = 20


@contextlib.contextmanager
def integration(world):
    """Its entities that are not disabled by itself: {domain.key: entity id}."""
    home = world.home
    home.trouble("apcupsd")
    entry = home.set_up("apcupsd", {"host": "127.0.0.1", "port": world.daemon.port})
    try:
        entities = home.ask("config/entity_registry/list")
        yield {f"{found['entity_id'].split('.')[0]}.{found['unique_id'].split('_', 1)[1]}":
               found["entity_id"] for found in entities
               if found["platform"] == "apcupsd" and found["disabled_by"] is None}
    finally:
        home.remove(entry)


def wait_for(home, entity, state):
    def shows():
        home.act("homeassistant", "update_entity", entity_id=entity)
        return home.state(entity) == state
    wait_until(shows, _PATIENCE, interval=1)


def test_it_shows_the_ups_and_an_outage(world):
    home = world.home
    with integration(world) as entities:
        is_online, status = entities["binary_sensor.statflag"], entities["sensor.status"]
        wait_until(lambda: None not in map(home.state, entities.values()), _PATIENCE, interval=1)
        states = {key: home.state(entity) for key, entity in entities.items()}
        assert len(states) > 25 and "unavailable" not in states.values(), states
        assert home.state(is_online) == "on" and home.state(status) == "ONLINE", states
        assert float(states["sensor.bcharge"]) == 100, states
        with world.outage():
            wait_for(home, is_online, "off")
            wait_for(home, status, "ONBATT")
        wait_for(home, is_online, "on")
        wait_for(home, status, "ONLINE")
    # It names at its start the keys that no UPS of APC has.
    trouble = [line for line in home.trouble("apcupsd") if "Invalid resource" not in line]
    assert trouble == []
