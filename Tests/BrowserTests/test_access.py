"""Who may command: with a token, without one, and pages that may only read."""

import pytest
from axe import violations
from harness import Daemon

TOKEN = "correct horse battery"


@pytest.fixture
def guarded(place, ups):
    """A daemon that wants a token."""
    path = place.write("token", TOKEN + "\n", 0o600)
    return Daemon(place, ups.link, server={
        "webCommands": "token", "controlTokenFile": path, "shutdownDelay": 60}).start_linked()


def give(browser, token):
    browser.type("token", token)
    browser.run("document.getElementById('token-form').requestSubmit()")


def test_a_token_is_asked_for_before_it_is_needed(browser, guarded, ups):
    browser.open(guarded)
    assert browser.is_shown("token-form") and not browser.is_enabled("measure")
    assert browser.text("measure-why") == "Commands from here need the control token."
    assert violations(browser) == []
    give(browser, "a wrong one, but long enough")
    browser.wait_for_text("token-result", "Refused: The token is wrong.")
    assert browser.is_shown("token-form") and not browser.is_enabled("measure")
    give(browser, TOKEN)
    browser.wait(lambda: browser.is_enabled("measure"))
    assert not browser.is_shown("token-form")


def test_a_token_that_has_become_wrong(browser, guarded, ups):
    browser.open(guarded)
    browser.run("sessionStorage.setItem('ups-server token', 'that of last month')")
    browser.open(guarded)
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in")
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "Refused: The token is wrong.")
    assert browser.is_shown("token-form") and guarded.shutdown["phase"] == "pending"
    give(browser, TOKEN)
    # The command that was refused is sent again with it.
    browser.wait_for_text("shutdown-result", "✓ Cancelled.")
    assert guarded.shutdown["phase"] == "cancelled"
    browser.open(guarded)
    assert not browser.is_shown("token-form"), "it is kept as long as the tab"
    browser.run("sessionStorage.clear()")


@pytest.mark.parametrize("groups, host, reason", [
    ({"webCommands": "off"}, "127.0.0.1", "commands through the page are switched off"),
    ({}, "ups.example", "only on the host itself, opened as localhost")])
def test_read_only(browser, place, ups, groups, host, reason):
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 60, **groups}).start_linked()
    browser.open(daemon, host=host)
    assert reason in browser.text("measure-why") and not browser.is_enabled("measure")
    ups.power(False)
    browser.wait_for_text("plan", "This host powers off in")
    assert reason in browser.text("why")
    assert not any(browser.is_enabled(id) for id in ["cancel", "delay", "seconds"])


def test_a_daemon_that_is_no_demo_has_no_panel(browser, daemon):
    browser.open(daemon)
    assert not browser.is_shown("demo") and not browser.is_shown("is-demo")
