"""`make screenshots`: the pictures of the README, taken from the real page on the real daemon. Not
a test."""

import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEndTests"))

from chromium import PHONE, Chromium  # noqa: E402
from harness import Daemon, Place, Simulator, get_json, wait_until  # noqa: E402
from measurements import write_measurements  # noqa: E402

FOLDER = pathlib.Path(__file__).parent / "screenshots"
SIZE = (1120, 760)
#: The daemon names its host: a made-up one, in a namespace of its own. In a user namespace the page
#: may say that the memory is not locked.
_USER = () if os.geteuid() == 0 else ("--map-root-user",)
ON_ANOTHER_HOST = ("unshare", *_USER, "--uts", "sh", "-c", 'hostname workhorse; exec "$0" "$@"')


def begin(place, ups, **groups):
    daemon = Daemon(place, ups.link, **{
        "server": {"shutdownDelay": 30, "logToFile": True, **groups.get("server", {})},
        "ups": {"maxBackupTime": 60}, "shutdown": {"hostShutdownTime": 5,
                                                   **groups.get("shutdown", {})}})
    write_measurements(f"{daemon.folder}/log", 900, step=1)
    daemon.start_linked(wrapper=ON_ANOTHER_HOST)
    wait_until(lambda: len(get_json(daemon.port, "/api/history")["rows"]) > 880, 20)
    wait_until(lambda: daemon.status()["remainTime"] is not None, 20)
    return daemon


def take(browser, name, whole=False):
    path = FOLDER / f"{name}.png"
    time.sleep(1)
    browser.picture(path, whole=whole)
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "64", path], check=True)
    print(f"{path.relative_to(FOLDER.parents[2])}: {path.stat().st_size // 1024} kB")


def whole_outage(browser, place):
    ups = Simulator(place)
    daemon = begin(place, ups)
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("moments", "Power failed")
    browser.wait(lambda: browser.seconds_left <= 23, timeout=20)
    take(browser, "outage")
    browser.media(dark=True)
    browser.size(PHONE)
    browser.language("de-DE")
    browser.open(daemon)
    browser.wait_for_text("moments", "Netz ausgefallen")
    take(browser, "phone")
    browser.language("en-US")
    browser.size(SIZE)
    ups.power(True)
    browser.open(daemon)
    browser.wait_for_text("sentence", "The capacitors are full", timeout=60)
    take(browser, "dark")
    browser.media()
    take(browser, "on-line", whole=True)
    browser.size(SIZE)
    ups.say("unplug")
    browser.wait_for_text("word", "Link to the UPS lost")
    browser.wait_for_text("sentence", "for 5 s")
    take(browser, "link-lost")
    daemon.stop()


def commit(browser, place):
    ups = Simulator(place, name="second")
    daemon = begin(place, ups, server={"shutdownDelay": 6})
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("moments", "Shutdown began", timeout=15)
    take(browser, "committed")
    # The script that stands for the shutdown was run, and nothing else.
    assert len(daemon.shutdowns()) >= 1


def main():
    os.makedirs(FOLDER, exist_ok=True)
    place, browser = Place(), Chromium()
    try:
        browser.begin()
        browser.size(SIZE)
        whole_outage(browser, place)
        commit(browser, place)
    finally:
        browser.quit()
        place.close()


if __name__ == "__main__":
    main()
