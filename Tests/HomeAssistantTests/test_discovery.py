"""What Home Assistant is told changes: it follows, and keeps nothing that is gone."""

from harness import Simulator, wait_until
from shown import ACTIVE, Shown


def known(world, identifier="ups_SIM00001"):
    """The keys of the entities that it knows."""
    return {unique.removeprefix(f"{identifier}_") for unique in world.home.entities()
            if unique.startswith(f"{identifier}_")}


def test_a_component_that_is_not_offered_any_more_is_forgotten(world):
    everything = known(world)
    world.reload(mqtt={"commands": False})
    wait_until(lambda: known(world) == everything - (ACTIVE.keys() - {"event"}), 10)
    world.reload()
    world.shown.wait_for_all()


def test_discovery_is_switched_off(world):
    world.reload(mqtt={"discovery": False})
    wait_until(lambda: not known(world) and not discovered(world), 10)
    world.reload()
    world.shown.wait_for_all()


def test_everything_is_purged(world):
    world.daemon.stop()
    done = world.daemon.command("mqtt-purge")
    assert done.returncode == 0, done.stderr
    wait_until(lambda: not known(world) and not discovered(world), 10)
    trouble = world.home.trouble()
    assert not trouble, trouble
    assert not [topic for topic in world.broker.retained() if "workhorse" in topic]
    world.daemon.start_linked()
    world.shown.wait_for_all()


def discovered(world):
    """Its devices, without the one that stands in a file."""
    return [device for device in world.home.devices() if device["name"] != "UPS by hand"]


def test_two_on_one_broker(world):
    """Each its own device and its own ids, and the command of one does nothing to the other."""
    ups = Simulator(world.place, "spare", seed=2)
    spare = world.make_daemon("spare", ups).start_linked()
    shown = Shown(world.home, spare, "ups_SIM00002", "spare")
    shown.wait_for_all()
    world.shown.wait_for_all()
    ups.power(False)
    wait_until(lambda: shown.state("shutdown_phase") == "pending")
    with world.outage():
        world.home.act("button", "press", entity_id=shown.entity("cancel"))
        wait_until(lambda: shown.state("shutdown_phase") == "cancelled")
        assert world.shown.state("shutdown_phase") == "pending"
    spare.stop()
    ups.program.stop()
    assert spare.command("mqtt-purge").returncode == 0
    wait_until(lambda: not known(world, "ups_SIM00002"), 10)
    world.shown.wait_for_all()
