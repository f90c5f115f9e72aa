"""The charts: filled at once, live afterwards, a day of data, zoom, keys, touch."""

import datetime
import time

import pytest
from chromium import PHONE
from harness import Daemon, get_json, wait_until
from measurements import write_history
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

#: How much is painted in colour in the left, the middle and the right third of each chart.
PAINTED = """
    return [...document.querySelectorAll('.chart')].map(chart => {
      const plot = chart.querySelector('canvas');
      if (!plot) return [0, 0, 0];
      // Of a copy, because reading is not what the page's canvas is set up for.
      const { width, height } = plot;
      const copy = new OffscreenCanvas(width, height)
        .getContext('2d', { willReadFrequently: true });
      copy.drawImage(plot, 0, 0);
      const left = 0.2 * width, third = (width - left) / 3;
      return [0, 1, 2].map(part => {
        const { data } = copy.getImageData(left + part * third, 0, third, height);
        let strong = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue] = data.slice(at, at + 3);
          const isColoured = Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
          if (data[at + 3] > 200 && isColoured) strong += 1;
        }
        return strong;
      });
    });"""


def painted(browser):
    return browser.run(PAINTED)


def focus(browser, number=0):
    browser.run("document.querySelectorAll('.chart')[arguments[0]].focus()", number)


def legend(browser, number=0):
    return browser.run(
        "return [...document.querySelectorAll('figure')[arguments[0]]"
        ".querySelectorAll('.legend li')]"
        ".map(li => li.textContent.replaceAll('\\u00a0', ' '))", number)


def pointed_at(browser):
    """Seconds since midnight."""
    clock = browser.text("chart-moment").split(" · ")[0].replace("\u202f", " ")
    return datetime.datetime.strptime(clock, "%I:%M:%S %p")


def rows(daemon, seconds=900):
    return get_json(daemon.port, f"/api/history?seconds={seconds}")["rows"]


def test_filled_at_once_and_live_afterwards(browser, daemon, ups):
    wait_until(lambda: len(rows(daemon)) > 6, 12)
    opened = datetime.datetime.strptime(time.strftime("%H:%M:%S"), "%H:%M:%S")
    browser.open(daemon)
    browser.wait(lambda: painted(browser)[0][2] > 0)
    assert legend(browser) == ["Input 12.60 V", "Output 12.50 V", "Capacitors 10.40 V"]
    focus(browser)
    browser.press(Keys.ARROW_LEFT * 5)
    # What was before the page was opened comes from the history.
    assert pointed_at(browser) < opened
    assert legend(browser)[0] == "Input 12.60 V"
    browser.press(Keys.TAB)
    ups.power(False)
    browser.wait(lambda: legend(browser)[0] == "Input 0.10 V")
    # The same after a reload: the history remembers the outage.
    ups.power(True)
    browser.wait(lambda: legend(browser)[0] == "Input 12.60 V")
    browser.open(daemon)
    browser.wait(lambda: painted(browser)[0][2] > 0)
    focus(browser)

    def found():
        browser.press(Keys.ARROW_LEFT)
        return legend(browser)[0] == "Input 0.10 V"
    browser.wait(found)


def test_a_pause_is_a_gap(browser, daemon, ups):
    browser.open(daemon)
    browser.wait(lambda: painted(browser)[0][2] > 0)
    ups.say("unplug")
    browser.wait_for_text("word", "Link to the UPS lost")
    browser.wait(lambda: legend(browser)[0] == "Input –")
    time.sleep(3)
    ups.say("plug")
    browser.wait(lambda: legend(browser)[0] == "Input 12.60 V", timeout=15)


def test_events_and_values_at_a_moment(browser, daemon, ups):
    browser.open(daemon)
    ups.power(False)
    browser.wait_for_text("events", "Power failed")
    browser.wait(lambda: legend(browser)[0] == "Input 0.10 V")
    focus(browser)
    browser.press(Keys.ARROW_LEFT)
    assert "Power failed" in browser.text("chart-moment")
    # A screen reader is told the values.
    assert browser.text("chart-told").endswith(", ".join(legend(browser)))
    assert "Input 0.10 V" in browser.text("chart-told")


@pytest.fixture
def long_history(place, ups):
    """A daemon that keeps a day of measurements."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 60})
    write_history(f"{daemon.folder}/state", 86400)
    daemon.start_linked()
    wait_until(lambda: len(rows(daemon, 86400)) > 8600, 20)
    return daemon


@pytest.mark.alone
def test_a_day_is_drawn_within_a_second(browser, long_history):
    browser.open(long_history)
    browser.wait(lambda: painted(browser)[0][2] > 0)
    took = browser.driver.execute_async_script("""
        const done = arguments[0];
        const painted = () => { %s };
        const began = performance.now();
        document.querySelector('[data-seconds="86400"]').click();
        const look = () => {
          if (painted().every(([left]) => left > 20)) done(performance.now() - began);
          else setTimeout(look, 10);
        };
        look();""" % PAINTED)
    assert took < 1000, f"{took:.0f} ms"
    assert all(part > 20 for chart in painted(browser) for part in chart)


def test_zoom_with_the_mouse_and_back(browser, long_history):
    browser.open(long_history)
    browser.run("document.querySelector('[data-seconds=\"3600\"]').click()")
    browser.wait(lambda: all(chart[0] > 0 for chart in painted(browser)))
    assert not browser.is_shown("zoom-out")
    chart = browser.driver.find_elements(By.CSS_SELECTOR, ".chart")[0]
    browser.run("arguments[0].scrollIntoView({ block: 'center' })", chart)
    ActionChains(browser.driver).move_to_element(chart).click_and_hold() \
        .move_by_offset(60, 0).release().perform()
    browser.wait(lambda: browser.is_shown("zoom-out"))
    labels = browser.run(
        "return [...document.querySelectorAll('.dygraph-axis-label-x')].map(n => n.textContent)")
    half = len(labels) // 4
    assert labels[:half] == labels[half:2 * half], "all charts show the same time"
    browser.click("zoom-out")
    browser.wait(lambda: not browser.is_shown("zoom-out"))


def test_zoom_with_keys(browser, long_history):
    browser.open(long_history)
    browser.wait(lambda: painted(browser)[0][2] > 0)
    focus(browser, 2)
    browser.press("+")
    browser.wait(lambda: browser.is_shown("zoom-out"))
    browser.press(Keys.ESCAPE)
    browser.wait(lambda: not browser.is_shown("zoom-out"))


def test_one_finger_shows_values_two_zoom(browser, long_history):
    browser.size(PHONE, touch=True)
    browser.open(long_history)
    browser.run("document.querySelectorAll('.chart')[0].scrollIntoView({ block: 'center' })")
    browser.wait(lambda: painted(browser)[0][2] > 0)
    x, y, width, height = browser.run(
        "const box = document.querySelectorAll('.chart')[0].getBoundingClientRect();"
        "return [box.x, box.y, box.width, box.height]")
    middle = {"x": x + width * 0.6, "y": y + height / 2}

    def touch(kind, *points):
        browser.command("Input.dispatchTouchEvent", type=kind, touchPoints=list(points))
    touch("touchStart", middle)
    browser.wait(lambda: browser.text("chart-moment") != "")
    touch("touchEnd")
    near, far = ({**middle, "x": middle["x"] + step} for step in (-20, 20))
    touch("touchStart", {**near, "id": 1}, {**far, "id": 2})
    touch("touchMove", {**near, "x": near["x"] - 40, "id": 1}, {**far, "x": far["x"] + 40, "id": 2})
    touch("touchEnd")
    browser.wait(lambda: browser.is_shown("zoom-out"))
    # A finger that moves up and down scrolls the page.
    action = browser.run("return getComputedStyle(document.querySelector('.chart')).touchAction")
    assert action == "pan-y"
