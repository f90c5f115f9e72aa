"""`make ha-screenshots`: the pictures of `homeassistant/README.md`, from a real Home Assistant."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from browser import Browser  # noqa: E402
from harness import ROOT, Place, wait_until  # noqa: E402
from world import World  # noqa: E402

_FOLDER = ROOT / "homeassistant/pictures"
#: Until everything that moves stands still.
_SETTLING = 5


def main():
    _FOLDER.mkdir(exist_ok=True)
    place = Place()
    try:
        world = World(place)
        world.start()
        world.settle()
        browser = Browser(world.home)
        try:
            _take(world, browser)
        finally:
            browser.close()
        world.home.stop()
    finally:
        place.close()


def _take(world, browser):
    device = next(device for device in world.home.devices() if device["name"] == "UPS workhorse")
    _save(browser, f"/config/devices/device/{device['id']}", "ha-device-entities-card", "device")
    _save(browser, "/ups-workhorse/ups", "hui-tile-card", "dashboard")
    world.ups.power(False)
    wait_until(lambda: world.shown.state("shutdown_phase") == "pending")
    world.home.act("number", "set_value", entity_id=world.shown.entity("delay"), value=900)
    time.sleep(20)
    _save(browser, "/ups-workhorse/ups", "hui-tile-card", "outage")


def _save(browser, path, element, name):
    browser.open(path)
    browser.wait_for(element)
    time.sleep(_SETTLING)
    browser.save(_FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
