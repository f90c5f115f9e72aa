"""`ups-server demo`: its panel plays the mains."""

import pytest
from axe import violations
from selenium.webdriver.common.keys import Keys

from harness import BINARY, free_port, get_json, wait_until


@pytest.fixture
def demo(browser, place):
    """The page of a demo, with values."""
    port = free_port()
    with open(place.file("demo.out"), "wb") as output:
        place.start(BINARY, "demo", "--port", port, stdout=output, stderr=output)

    def answers():
        try:
            return get_json(port, "/api/status")["soc"]
        except OSError:
            return None
    wait_until(answers, 15)
    browser.open(port)
    return browser


def test_a_whole_outage(demo):
    assert violations(demo) == []
    assert demo.is_shown("demo") and demo.is_shown("is-demo") and demo.is_shown("is-dry")
    demo.click("power-off")
    demo.wait_for_text("demo-result", "✓ The simulated UPS was told: power off")
    demo.wait_for_text("word", "On battery")
    demo.wait(lambda: not demo.is_enabled("power-off") and demo.is_enabled("power-on"))
    demo.wait_for_text("plan", "This host would power off in")
    demo.click("power-on")
    demo.wait_for_text("word", "On line")


def test_load_and_cable(demo):
    demo.run("document.getElementById('load').focus()")
    demo.press(Keys.ARROW_RIGHT * 25)
    assert demo.text("load-value") == "3.5 A"
    demo.wait(lambda: demo.value("outputCurrent") == "3.500 A")
    demo.click("unplug")
    demo.wait_for_text("word", "Link to the UPS lost")
    assert not demo.is_enabled("unplug")
    demo.wait_for_text("word", "On line", timeout=20)


def test_the_day_before(demo):
    """There is something to look at from the first moment."""
    demo.wait(lambda: demo.run("return document.querySelectorAll('#outages li').length") == 3)
    # What was kept is read while the daemon already runs.
    demo.wait(lambda: demo.driver.execute_async_script("""
        const done = arguments[0];
        fetch('api/history?seconds=86400').then((answer) => answer.json())
          .then(({ rows, outages }) => done(rows.length > 8600 && outages.length === 3));"""))
