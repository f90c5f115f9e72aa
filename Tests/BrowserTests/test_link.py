"""Honesty: what is old is grey and says since when, whichever connection is gone."""

import re
import signal
import time

import pytest
from harness import Daemon, boot_time

#: Seconds within which old values are grey, and what the browser and its driver may add.
LIMIT, SLACK = 2.0, 0.4


@pytest.fixture
def page(browser, daemon):
    browser.open(daemon)
    return browser


def lost_within(browser, since):
    """Seconds until the values were grey."""
    browser.wait(lambda: browser.is_grey, timeout=4)
    return boot_time() - since


def test_the_ups_is_lost_and_comes_back(page, ups):
    assert lost_within(page, ups.say("unplug")) < LIMIT + SLACK
    page.wait_for_text("word", "Link to the UPS lost")
    page.wait_for_text("sentence", "Since ")
    assert re.match(r"Since [\d:]+ [AP]M, for \d s\. The values below are the last ones known\.",
                    page.text("sentence"))
    assert page.tone == "off" and page.value("inputVoltage") == "12.60 V"
    assert page.text("age").endswith(" old") and "Live" not in page.text("age")
    colour = page.run(
        "return getComputedStyle(document.querySelector('[data-key=inputVoltage]')).color")
    assert colour == "rgb(86, 98, 92)"
    ups.say("plug")
    page.wait(lambda: not page.is_grey)
    assert page.text("word") == "On line"


def test_a_link_lost_in_an_outage(page, ups):
    ups.power(False)
    page.wait_for_text("plan", "This host powers off in")
    ups.say("unplug")
    page.wait_for_text("word", "Link to the UPS lost")
    # 15 s without an answer on battery commit (rule 7).
    page.wait_for_text("moments", "Shutdown: no answer from the UPS on battery")
    assert page.tone == "bad" and 5 <= page.seconds_left <= 15
    ups.say("plug")
    page.wait_for_text("word", "On battery")


def test_the_daemon_is_restarted(page, daemon):
    began = boot_time()
    daemon.kill()
    assert lost_within(page, began) < LIMIT + SLACK
    assert page.text("word") == "No connection to ups-server"
    assert page.text("sentence").startswith("Since ") and page.tone == "off"
    assert not page.is_enabled("measure")
    daemon.start_linked()
    page.wait(lambda: not page.is_grey, timeout=12)
    assert page.text("word") == "On line"
    page.wait(lambda: page.events()[:1] == ["link_restored"])
    assert page.icon == "icons/ok.svg"
    failed = page.console()
    assert all("ERR_CONNECTION_REFUSED" in message for message in failed)


def test_a_daemon_that_hangs(page, daemon):
    began = boot_time()
    daemon.program.send(signal.SIGSTOP)
    try:
        assert lost_within(page, began) < LIMIT + SLACK
        assert page.text("word") == "No connection to ups-server"
    finally:
        daemon.program.send(signal.SIGCONT)
    page.wait(lambda: not page.is_grey, timeout=12)


def test_pauses_between_attempts_grow(page, daemon):
    daemon.stop()
    time.sleep(5)
    failed = [message for message in page.console() if "WebSocket" in message]
    # After 0.5, 1 and 2 s; every attempt is told once.
    assert 2 <= len(failed) <= 4


def test_the_last_plan_is_told(browser, place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 60}).start_linked()
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in")
    daemon.kill()
    browser.wait_for_text("sentence", "When the connection was lost, the shutdown was due at")
    assert not browser.is_shown("outage") and ":" not in browser.title.split(" ")[0]
    browser.console()
