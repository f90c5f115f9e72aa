"""`make screenshots`: every state of the page on a phone, a queue and a wall, taken from the real
page on the real daemon, into .build/screenshots; some of them are the pictures of README.md and
docs/http.md. Not a test: they are there to be looked at."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from chromium import PHONE, TELEVISION, Chromium  # noqa: E402
from harness import ROOT, Daemon, Place, Simulator, get_json, wait_until  # noqa: E402
from measurements import write_history  # noqa: E402

FOLDER = ROOT / ".build" / "screenshots"
PICTURES = pathlib.Path(__file__).parent / "screenshots"
SIZES = (PHONE, (1280, 800), TELEVISION)
#: The pictures of README.md and docs/http.md, by the state and the width they are taken from.
SHOWN = {
    "on-line": ("on-line", 1280), "wall": ("on-line", 1920), "outage": ("outage", 1280),
    "committed": ("committed", 1280), "link-lost": ("link-lost", 1280),
    "dark": ("dark", 1280), "phone": ("outage-german-dark", 390),
}
#: The daemon names its host: a made-up one, in a namespace of its own. In a user namespace the page
#: may say that the memory is not locked.
_USER = () if os.geteuid() == 0 else ("--map-root-user",)
ON_ANOTHER_HOST = ("unshare", *_USER, "--uts", "sh", "-c", 'hostname workhorse; exec "$0" "$@"')


def show(browser, daemon, size):
    browser.size(size, touch=size == PHONE)
    browser.driver.get(f"http://127.0.0.1:{daemon.port}/")
    browser.wait(lambda: browser.text("word") != "ups-server")
    # Charts are drawn when they are seen.
    browser.run("document.getElementById('chart-grid').scrollIntoView()")
    time.sleep(1.5)
    browser.run("scrollTo(0, 0)")
    time.sleep(0.5)


def picture(browser, path, whole=False):
    browser.picture(path, whole=whole)
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "64", path], check=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB", flush=True)


class Stage:
    """A daemon with a month behind it, and its page."""

    count = 0

    def __init__(self, browser, place, **groups):
        self.browser = browser
        Stage.count += 1
        self.ups = Simulator(place, name=f"ups{Stage.count}")
        self.daemon = Daemon(place, self.ups.link, **{
            "server": {"shutdownDelay": 60, **groups.get("server", {})},
            "ups": {"maxBackupTime": 120},
            "shutdown": {"hostShutdownTime": 5, **groups.get("shutdown", {})}})
        write_history(f"{self.daemon.folder}/state", 30 * 86400)
        self.daemon.start_linked(wrapper=ON_ANOTHER_HOST)
        wait_until(lambda: len(get_json(self.daemon.port, "/api/history")["rows"]) > 880, 20)
        wait_until(lambda: self.daemon.status()["remainTime"] is not None, 20)

    def take(self, state, sizes=SIZES, whole=False):
        """The state that there is, in each size: what the window shows, or the whole page."""
        for size in sizes:
            show(self.browser, self.daemon, size)
            path = FOLDER / f"{state}-{size[0]}.png"
            picture(self.browser, path, whole)

    def fail(self):
        self.ups.power(False)
        wait_until(lambda: self.daemon.shutdown["phase"] == "pending", 5)

    def ask(self, command, **members):
        assert self.daemon.control(command, **members)["ok"]

    def end(self):
        self.daemon.stop()


def on_line(browser, place):
    stage = Stage(browser, place, shutdown={"hostShutdownTime": 25})
    stage.take("on-line", whole=True)
    browser.language("de-DE")
    stage.take("on-line-german", whole=True)
    browser.language("en-US")
    browser.media(dark=True)
    stage.take("dark")
    browser.media()
    stage.ups.say("load 6")
    wait_until(lambda: stage.daemon.status()["problem"], 20)
    stage.take("problem")
    stage.ups.say("load 1")
    stage.ups.say("unplug")
    wait_until(lambda: stage.daemon.status()["link"] == "lost", 10)
    stage.take("link-lost")
    stage.end()


def outage(browser, place):
    stage = Stage(browser, place)
    stage.fail()
    stage.take("outage")
    browser.media(dark=True)
    browser.language("de-DE")
    stage.take("outage-german-dark", (PHONE,))
    browser.language("en-US")
    browser.media()
    stage.ask("delay", seconds=90)
    stage.take("delayed")
    stage.ask("cancel")
    stage.take("cancelled")
    stage.end()


def committed(browser, place):
    for state, is_dry in (("committed", False), ("committed-dry", True)):
        stage = Stage(
            browser, place, server={"shutdownDelay": 2}, shutdown={"dryRun": is_dry})
        stage.ups.power(False)
        wait_until(lambda daemon=stage.daemon: daemon.shutdown["phase"] == "committed", 10)
        stage.take(state)
        # The script that stands for the shutdown was run, and nothing else.
        assert (len(stage.daemon.shutdowns()) >= 1) != is_dry
        stage.end()


def drill(browser, place):
    stage = Stage(browser, place)
    stage.ask("drill", seconds=60)
    wait_until(lambda: stage.daemon.status()["drill"], 5)
    stage.take("drill")
    stage.end()


def never_answered(browser, place):
    daemon = Daemon(place, place.file("nothing")).start()
    for size in SIZES:
        show(browser, daemon, size)
        picture(browser, FOLDER / f"never-answered-{size[0]}.png")
    daemon.stop()


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    for part in (on_line, outage, committed, drill, never_answered):
        place, browser = Place(), Chromium()
        try:
            browser.begin()
            part(browser, place)
        finally:
            browser.quit()
            place.close()
    for name, (state, width) in SHOWN.items():
        shutil.copy(FOLDER / f"{state}-{width}.png", PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
