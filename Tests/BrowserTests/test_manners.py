"""Manners: accessible, small, quick, narrow, printed, installed, behind a proxy, and alone."""

import json

import pytest
from axe import violations
from chromium import DESKTOP, NARROW, PHONE, TELEVISION
from harness import Daemon
from proxy import Proxy

LOOKS = [(size, dark) for size in (DESKTOP, PHONE) for dark in (False, True)]


def outage(browser, ups):
    ups.power(False)
    browser.wait_for_text("moments", "Power failed")


def lost(browser, ups):
    ups.say("unplug")
    browser.wait_for_text("word", "Link to the UPS lost")


STATES = [lambda browser, ups: None, outage, lost]


@pytest.mark.parametrize("size, dark", LOOKS)
def test_axe(browser, daemon, ups, size, dark):
    browser.size(size, touch=size == PHONE)
    browser.media(dark=dark, reduced=True)
    browser.open(daemon)
    for change in STATES:
        change(browser, ups)
        assert violations(browser) == []


def test_axe_read_only_and_committed(browser, place, ups):
    groups = {"server": {"shutdownDelay": 1, "webCommands": "off"}, "shutdown": {"dryRun": True}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    browser.media(reduced=True)
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("word", "Dry run: shutting down")
    assert violations(browser) == []


@pytest.mark.parametrize("tag", ["en-US", "de-DE"])
def test_nothing_scrolls_sideways(browser, daemon, ups, tag):
    browser.language(tag)
    browser.size(NARROW)
    browser.open(daemon)
    for change in [STATES[0], lambda browser, ups: ups.power(False)]:
        change(browser, ups)
        browser.wait(lambda: change is STATES[0] or browser.is_shown("outage"))
        assert browser.run("return document.documentElement.scrollWidth") == NARROW[0]
        cut = browser.run(
            "return [...document.querySelectorAll('main *')].filter(node => "
            "node.checkVisibility() && !node.closest('.unseen, .chart') "
            "&& node.getBoundingClientRect().right > innerWidth + 1).map(node => node.outerHTML)")
        assert cut == []


@pytest.mark.parametrize("size", [DESKTOP, TELEVISION, PHONE])
def test_the_essentials_need_no_scrolling(browser, daemon, size):
    browser.size(size)
    browser.open(daemon)
    keys = ["soc", "remainTime", "outputLoad", "inputVoltage", "outputVoltage", "inputPower",
            "outputCurrent"]
    bottoms = [browser.run(
        "return document.querySelector(`[data-key=${arguments[0]}]`)"
        ".getBoundingClientRect().bottom", key) for key in keys]
    assert max(bottoms) <= size[1]


@pytest.mark.alone
def test_first_paint(browser, daemon):
    times = []
    for _ in range(7):
        browser.command("Network.clearBrowserCache")
        browser.open(daemon)
        times.append(browser.run(
            "return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    # What else runs on this host makes a paint later, and never earlier.
    assert min(times) < 300, times


def test_weight_and_nothing_from_elsewhere(browser, daemon):
    browser.open(daemon)
    browser.wait(lambda: browser.run("return document.querySelectorAll('canvas').length") > 0)
    loaded = browser.run(
        "return [...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')].map("
        "entry => [entry.name, entry.transferSize, entry.decodedBodySize])")
    own = f"http://127.0.0.1:{daemon.port}/"
    assert [name for name, _, _ in loaded if not name.startswith(own)] == []
    assert sum(sent for _, sent, _ in loaded) < 120_000
    assert sum(size for _, _, size in loaded) < 260_000, loaded


def test_a_second_visit_loads_nothing_again(browser, daemon):
    browser.open(daemon)
    browser.run("location.reload()")
    browser.wait_for_text("age", "Live")
    unchanged = browser.run(
        "return performance.getEntriesByType('resource').filter("
        "entry => /[.](js|css)$/.test(entry.name)).map(entry => entry.responseStatus)")
    assert len(unchanged) > 15 and set(unchanged) <= {200, 304}
    sent = browser.run(
        "return performance.getEntriesByType('resource').filter("
        "entry => /[.](js|css)$/.test(entry.name)).reduce("
        "(sum, entry) => sum + entry.transferSize, 0)")
    assert sent < 20_000


def test_it_can_be_installed(browser, daemon):
    browser.open(daemon, host="localhost")
    manifest = browser.command("Page.getAppManifest")
    assert manifest["errors"] == [] and json.loads(manifest["data"])["display"] == "standalone"
    assert browser.command("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_calm_for_those_who_want_it(browser, daemon):
    browser.media(reduced=True)
    browser.open(daemon)
    assert browser.run("return getComputedStyle(document.body).transitionDuration") == "0s"
    assert browser.run("return document.getAnimations().length") == 0


def test_on_paper(browser, daemon, ups):
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in")
    browser.media(printed=True, reduced=True)
    assert browser.is_shown("word") and browser.is_shown("moments")
    assert not any(browser.is_shown(id) for id in ["cancel", "delay", "measure", "ranges"])
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)")
    assert len(browser.command("Page.printToPDF")["data"]) > 10_000


def test_icons_tell_the_state(browser, daemon, ups):
    browser.open(daemon)
    browser.wait(lambda: browser.icon == "icons/ok.svg")
    ups.say("unplug")
    browser.wait(lambda: browser.icon == "icons/unknown.svg")
    assert browser.title.startswith("Link to the UPS lost – UPS of ")


def test_behind_a_proxy_under_a_path(browser, place, ups):
    token = place.write("token", "correct horse battery\n", 0o600)
    daemon = Daemon(place, ups.link, server={
        "webCommands": "token", "controlTokenFile": token, "shutdownDelay": 60}).start_linked()
    proxy = Proxy("/power/ups/", daemon.port)
    place.at_end(proxy.close)
    browser.open(proxy, path="/power/ups/")
    browser.wait(lambda: browser.run("return document.querySelectorAll('canvas').length") > 0)
    browser.type("token", "correct horse battery")
    browser.run("document.getElementById('token-form').requestSubmit()")
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in")
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "✓ Cancelled.")
    browser.run("sessionStorage.clear()")
