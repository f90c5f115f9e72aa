"""The layout: one screen where it is wide, no sideways scrolling, nothing that moves by itself, and
pictures that say what the values say."""

import time

import pytest
from axe import violations
from chromium import DESKTOP, PHONE, TELEVISION
from harness import Daemon

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP, TELEVISION], ids=str)
LANGUAGES = pytest.mark.parametrize("language", ["en-US", "de-DE"])

#: What is on the page and not whole within the window; lists and what is unseen apart.
OUTSIDE = """
    const inLists = '#events *, #outages *, #moments *, .unseen, .unseen *, .chart *, option';
    return [...document.querySelectorAll('header *, main *')].filter(node => {
      const { left, top, right, bottom, width } = node.getBoundingClientRect();
      return node.checkVisibility() && !node.matches(inLists) && width > 1
        && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
    }).map(node => node.outerHTML.slice(0, 80));"""

#: What is wider than its place, by element.
OVERFLOWING = """
    const root = document.documentElement;
    return [root, ...document.querySelectorAll('main *')].filter(node => node.checkVisibility()
      && !node.closest('.unseen, .chart, svg, #wires') && !node.matches('input, select, dt')
      && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline')
      .map(node => `${node.outerHTML.slice(0, 80)}: ${node.scrollWidth} in ${node.clientWidth}`);"""


@pytest.fixture
def noted(place, ups):
    """The daemon with a notice on its page, and a latest moment for the outage."""
    groups = {"server": {"shutdownDelay": 300}, "ups": {"maxBackupTime": 600},
              "shutdown": {"dryRun": True}}
    return Daemon(place, ups.link, **groups).start_linked()


def open_page(browser, daemon, size, language):
    browser.language(language)
    browser.size(size, touch=size == PHONE)
    browser.open(daemon)
    browser.wait(lambda: browser.run("return document.querySelectorAll('canvas').length") > 0)


def begin_outage(browser, ups):
    ups.power(False)
    browser.wait(lambda: browser.is_shown("track"))


def cancel(browser, ups):
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "✓")
    browser.wait(lambda: not browser.is_enabled("cancel"))


def lose(browser, ups):
    ups.say("unplug")
    browser.wait(lambda: browser.is_grey)


STATES = [lambda browser, ups: None, begin_outage, cancel, lose]


@LANGUAGES
@pytest.mark.parametrize("size", [PHONE, (740, 900), DESKTOP, TELEVISION], ids=str)
def test_nothing_is_wider_than_its_place(browser, noted, ups, size, language):
    open_page(browser, noted, size, language)
    for change in STATES:
        change(browser, ups)
        assert browser.run(OVERFLOWING) == []


@LANGUAGES
@pytest.mark.parametrize("size", [TELEVISION, (1600, 900), (2560, 1080), (3840, 2160)], ids=str)
def test_a_wide_window_shows_the_whole_page(browser, noted, ups, size, language):
    open_page(browser, noted, size, language)
    for change in STATES:
        change(browser, ups)
        assert browser.run(OUTSIDE) == []
        heights = browser.run(
            "return [...document.querySelectorAll('.chart, #events')].map(it => it.clientHeight)")
        assert min(heights) >= size[1] / 15, heights
    hidden = browser.run(
        "return [...document.querySelectorAll('main .card, #hero')].filter(card => "
        "card.checkVisibility() && card.scrollHeight > card.clientHeight + 1).map(card => card.id)")
    assert hidden == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_wide_window_is_accessible(browser, noted, ups, dark):
    browser.media(dark=dark, reduced=True)
    open_page(browser, noted, TELEVISION, "en-US")
    for change in STATES:
        change(browser, ups)
        assert violations(browser) == []


@LANGUAGES
@SIZES
def test_the_actions_of_an_outage_are_in_sight(browser, noted, ups, size, language):
    """Also of a reader who is somewhere else on the page."""
    open_page(browser, noted, size, language)
    assert browser.is_shown("notices")
    begin_outage(browser, ups)
    for place in ("0", "document.body.scrollHeight"):
        browser.run(f"scrollTo(0, {place})")
        for id in ("countdown", "cancel", "seconds", "delay"):
            assert browser.run("""
                const node = document.getElementById(arguments[0]);
                const { left, top, right, bottom } = node.getBoundingClientRect();
                const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                return top >= 0 && bottom <= innerHeight && node.contains(middle);""", id), id
    last = browser.run("return document.getElementById('about').getBoundingClientRect().bottom")
    panel = browser.run("return document.getElementById('outage').getBoundingClientRect().top")
    # The end of the page can be scrolled from under what stands over it.
    assert size == TELEVISION or last <= panel


#: Of every gauge: how full it is drawn, as a share.
BARS = """
    const full = node => new DOMMatrix(getComputedStyle(node).transform).a;
    const texts = key => document.querySelector(`[data-key=${key}]`).textContent;
    return {
      charge: parseFloat(texts('soc')) / 100, whole: full(document.querySelector('#gauge span')),
      cells: [...document.querySelectorAll('.cell span')].map(full),
      volts: [...document.querySelectorAll('#cells strong')].map(it => parseFloat(it.textContent))};
    """


@pytest.mark.parametrize("charge", [100, 60, 15])
def test_the_gauges_agree_with_the_charge(browser, daemon, ups, charge):
    ups.say("load 0.2")
    ups.power(False)
    ups.say(f"charge {charge}")
    browser.open(daemon)
    browser.wait(lambda: abs(browser.run(BARS)["charge"] * 100 - charge) < 5)
    drawn = browser.run(BARS)
    cells, volts = drawn["cells"], drawn["volts"]
    assert drawn["whole"] == pytest.approx(drawn["charge"], abs=0.001)
    assert sum(cells) / 4 == pytest.approx(drawn["charge"], abs=0.001)
    if charge < 100:
        # The cells differ as their voltages do.
        assert cells == pytest.approx([cells[0] * each / volts[0] for each in volts], abs=1e-4)
        assert len(set(cells)) > 1


#: The flow of energy as it is drawn: by wire, whether energy flows there, and where its arrow is.
FLOW = """
    const arrow = node => {
      const { content, borderTopColor: top, borderTopWidth: height, borderLeftWidth: width,
        borderBottomWidth: bottom } = getComputedStyle(node, '::after');
      if (content === 'none') return '';
      if (node.id !== 'branch') return width > '0px' ? 'right' : '?';
      return bottom === '0px' ? 'down' : height === '0px' ? 'up' : '?';
    };
    return Object.fromEntries([...document.querySelectorAll('#wires span')].map(node => {
      const style = getComputedStyle(node);
      const isSolid = [style.borderTopStyle, style.borderLeftStyle].includes('solid');
      return [node.id, isSolid ? `flows ${arrow(node)}`.trim() : `dead ${arrow(node)}`.trim()];
    }));"""


@SIZES
def test_the_flow_is_drawn_as_it_is(browser, daemon, ups, size):
    browser.size(size)
    browser.open(daemon)
    line = {"from-input": "flows", "to-output": "flows right", "branch": "dead"}
    assert browser.run(FLOW) == line
    ups.power(False)
    browser.wait(lambda: browser.run(FLOW) == {
        "from-input": "dead", "to-output": "flows right", "branch": "flows up"})
    ups.power(True)
    ups.say("charge 60")
    browser.wait(lambda: browser.run(FLOW) == {**line, "branch": "flows down"})
    places = browser.run("""
        return Object.fromEntries(['input', 'from-input', 'to-output', 'output', 'branch', 'store']
          .map(id => [id, document.getElementById(id).getBoundingClientRect().toJSON()]));""")
    chain = ["input", "from-input", "to-output", "output"]
    for before, after in zip(chain, chain[1:]):
        assert abs(places[after]["left"] - places[before]["right"]) < 10, (before, after)
    # The capacitors are beside that line, at the end of the branch.
    assert places["store"]["top"] > places["to-output"]["bottom"]
    assert abs(places["store"]["top"] - places["branch"]["bottom"]) < 10
    assert places["store"]["left"] < places["branch"]["left"] < places["store"]["right"]
    lose(browser, ups)
    assert set(browser.run(FLOW).values()) == {"dead"}


@SIZES
def test_the_registers_are_folded(browser, daemon, size):
    browser.size(size)
    browser.open(daemon)
    shown = "return document.querySelector('[data-register=alarms]').checkVisibility()"
    assert not browser.run(shown)
    browser.run("document.querySelector('summary').click()")
    assert browser.run(shown)
    assert size != TELEVISION or browser.run(OUTSIDE) == []


#: Collects the shifts, with what moved, from the first on.
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => shifts.push(...list.getEntries().map(
      ({ value, hadRecentInput, startTime, sources }) => ({ value, hadRecentInput, startTime,
        moved: sources.map(({ node }) => node?.id || node?.outerHTML?.slice(0, 60)) }))))
      .observe({ type: 'layout-shift', buffered: true });"""


def shift(browser):
    """Of what was not caused by a key or a click, since the last call."""
    time.sleep(1)
    shifts = browser.run("return shifts.splice(0)")
    return sum(shift["value"] for shift in shifts if not shift["hadRecentInput"]), shifts


@LANGUAGES
@SIZES
def test_nothing_moves_by_itself(browser, noted, ups, size, language):
    """Far below 0.1, from where on a reader is said to notice."""
    open_page(browser, noted, size, language)
    browser.run(WATCH_SHIFTS)
    total, shifts = shift(browser)
    assert total < 0.1, shifts
    begin_outage(browser, ups)
    browser.wait(lambda: "power_fail" in browser.events())
    total, shifts = shift(browser)
    assert total < 0.1, shifts
    ups.power(True)
    browser.wait(lambda: not browser.is_shown("outage"))
    browser.wait(lambda: "power_good" in browser.events())
    total, shifts = shift(browser)
    assert total < 0.1, shifts
