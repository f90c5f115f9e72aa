"""A whole outage on the page: the countdown, cancel, delay, the commit, and a drill."""

import subprocess

import pytest
from axe import violations
from chromium import DESKTOP, NARROW, PHONE
from harness import Daemon, wait_until

from selenium.webdriver.common.keys import Keys


def icon(name):
    return f"icons/{name}.svg"


@pytest.fixture
def outage(browser, daemon, ups):
    """The page in an outage that has a minute left."""
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in", timeout=2)


def test_the_countdown(browser, daemon, outage):
    assert (browser.text("word"), browser.tone) == ("On battery", "warn")
    first = browser.seconds_left
    assert 57 <= first <= 60
    browser.wait(lambda: browser.seconds_left <= first - 2, timeout=4)
    assert abs(browser.seconds_left - daemon.shutdown["remaining"]) <= 1
    assert browser.title.startswith("0:5") and "On battery" in browser.title
    browser.wait(lambda: browser.icon == icon("on-battery"))
    moments = browser.text("moments")
    assert "Power failed" in moments and "Shutdown: end of the delay in" in moments
    assert "Power failed" in browser.text("events")


def test_power_that_returns_ends_it(browser, ups, outage):
    ups.power(True)
    browser.wait_for_text("word", "On line")
    browser.wait(lambda: not browser.is_shown("outage"))
    assert browser.tone == "ok" and browser.icon == icon("ok")
    browser.wait(lambda: {"power_good", "shutdown_cancelled"} <= set(browser.events()))


def test_past_outages_are_listed(browser, ups, daemon):
    browser.open(daemon)
    browser.wait_for_text("outages-note", "None has been seen.")
    ups.power(False)
    browser.wait_for_text("outages", "goes on")
    ups.power(True)
    browser.wait_for_text("outages", "power came back")
    assert browser.text("outages-note") == ""
    assert violations(browser) == []


def test_cancel(browser, daemon, outage):
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "✓ Cancelled.")
    browser.wait_for_text("plan", "Cancelled; it still powers off at low charge or runtime")
    assert daemon.shutdown["phase"] == "cancelled"
    assert not browser.is_shown("countdown") and not browser.is_enabled("cancel")
    assert browser.text("word") == "On battery, shutdown cancelled"
    assert browser.title.startswith("On battery, shutdown cancelled")
    browser.wait(lambda: "shutdown_cancelled" in browser.events())
    browser.wait_for_text("moments", "Shutdown cancelled (the page)")


@pytest.fixture(params=["Liberation Sans", "DejaVu Sans"])
def font(request, browser):
    """A narrow and a wide one: which font a reader has is not known. Call it on an open page."""
    def use():
        browser.run(f"document.body.style.fontFamily = '{request.param}'")
    found = subprocess.check_output(["fc-match", "-f", "%{family}", request.param], text=True)
    assert found == request.param
    return use


@pytest.mark.parametrize("language", ["en-US", "de-DE"])
@pytest.mark.parametrize("size", [DESKTOP, (900, 700), (740, 900), PHONE, NARROW], ids=str)
def test_what_is_to_be_pressed_stands_still(browser, place, ups, font, size, language):
    """Neither what the outage brings in its first seconds nor a countdown that gets shorter moves a
    button away under the pointer."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 601}).start_linked()
    browser.language(language)
    browser.size(size)
    browser.open(daemon)
    font()
    browser.run("""
        window.places = new Set();
        window.countdowns = new Set();
        const look = () => {
          const countdown = document.getElementById('countdown');
          if (countdown.checkVisibility()) {
            places.add(['cancel', 'delay'].map((id) => {
              const { x, y } = document.getElementById(id).getBoundingClientRect();
              return `${x}, ${y + scrollY}`;
            }).join(' and '));
            countdowns.add(countdown.textContent);
          }
          requestAnimationFrame(look);
        };
        look();""")
    ups.power(False)
    browser.wait(lambda: browser.is_shown("track"))
    browser.wait(lambda: browser.seconds_left <= 598)
    places, countdowns = browser.run("return [[...places], [...countdowns]]")
    assert {"10:00", "9:59"} <= set(countdowns) and len(places) == 1, (places, countdowns)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=str)
@pytest.mark.parametrize("delay", [3000, 86400])
def test_a_long_countdown_fits(browser, place, ups, font, size, delay):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": delay}).start_linked()
    browser.size(size)
    browser.open(daemon)
    font()
    ups.power(False)
    browser.wait(lambda: browser.is_shown("countdown"))
    inner, outer, lines = browser.run("""
        const countdown = document.getElementById('countdown');
        const range = document.createRange();
        range.selectNodeContents(countdown);
        return [range.getBoundingClientRect().right, innerWidth, range.getClientRects().length]""")
    assert inner < outer and lines == 1
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")


def test_delay(browser, daemon, outage):
    browser.type("seconds", "300")
    browser.click("delay")
    browser.wait_for_text("shutdown-result", "✓ Shutdown in 300 s. Holds until")
    browser.wait(lambda: 290 <= browser.seconds_left <= 300)
    assert daemon.shutdown["delay"] >= 300
    browser.wait_for_text("word", "On battery, shutdown delayed")
    browser.wait_for_text("moments", "Shutdown delayed (the page)")
    browser.type("seconds", "1")
    browser.click("delay")
    browser.wait_for_text("shutdown-result", "Refused: ")
    assert browser.seconds_left > 280


def test_cancel_by_keyboard(browser, daemon, outage):
    browser.run("document.getElementById('heading').focus()")
    for _ in range(30):
        browser.press(Keys.TAB)
        if browser.run("return document.activeElement.id") == "cancel":
            break
    browser.press(Keys.ENTER)
    browser.wait_for_text("shutdown-result", "✓ Cancelled.")


def test_the_latest_moment_of_the_ups(browser, place, ups):
    groups = {"server": {"shutdownDelay": 10}, "ups": {"maxBackupTime": 60}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("moments", "Latest moment that the UPS’s own timer leaves in")
    browser.click("cancel")
    # 60 s less the 1 s of the host and the reserve of 5 s.
    browser.wait_for_text("plan", "Cancelled; at the latest it powers off in")
    assert 45 <= browser.seconds_left <= 54
    assert "Shutdown: the UPS is about to cut its output" in browser.text("moments")


def test_to_the_commit(browser, place, ups):
    groups = {"server": {"shutdownDelay": 2}, "shutdown": {"dryRun": True}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    browser.open(daemon)
    assert "Dry run: ups-server does everything" in browser.text("notices")
    ups.power(False)
    browser.wait_for_text("plan", "This host would power off in")
    browser.wait_for_text("word", "Dry run: shutting down")
    assert browser.text("sentence").startswith("Dry run: this host would be powering off.")
    browser.wait_for_text("moments", "Shutdown began: end of the delay")
    assert browser.tone == "warn" and browser.title.startswith("Dry run: shutting down")
    browser.wait(lambda: browser.icon == icon("on-battery"))
    assert not browser.is_shown("cancel")
    assert browser.text("why") == (
        "The shutdown has begun and cannot be cancelled any more.")
    ups.power(True)
    browser.wait_for_text("word", "On line", timeout=15)
    assert daemon.shutdowns() == []


def test_a_drill_is_marked(browser, daemon):
    browser.open(daemon)
    assert not browser.is_shown("is-drill")
    assert daemon.control("drill", seconds=4)["ok"]
    browser.wait_for_text("sentence", "The outage below is a drill.")
    assert browser.text("word") == "On line" and browser.is_shown("is-drill")
    browser.wait_for_text("plan", "This host would power off in")
    assert "Drill · On line" in browser.title
    assert browser.text("notices").startswith("Drill: the outage shown here is played.")
    browser.wait(lambda: not browser.is_shown("is-drill"), timeout=20)


def test_a_screen_reader_is_told(browser, ups, daemon):
    browser.open(daemon)
    browser.wait_for_text("announcement", "On line. Input power is present.")
    ups.power(False)
    browser.wait_for_text("announcement", "On battery. Input power is absent.")
    browser.wait_for_text("announcement", "This host powers off in")
    told = browser.text("announcement")
    assert told.endswith(" s.")
    browser.wait(lambda: browser.seconds_left < 56)
    # Not every second.
    assert browser.text("announcement") == told
    assert daemon.control("delay", seconds=12)["ok"]
    browser.wait_for_text("announcement", "10 s left.")


def test_a_reload_in_an_outage(browser, daemon, outage):
    before = browser.seconds_left
    browser.open(daemon)
    browser.wait_for_text("moments", "Power failed")
    assert before - 6 <= browser.seconds_left <= before
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
