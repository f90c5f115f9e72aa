"""The charts over 30 days, and what they show of one moment. The history is a made one."""

import re
import time

import made_history
import pytest
from chromium import DESKTOP, PHONE, TELEVISION
from selenium.webdriver.common.keys import Keys
from test_history import PAINTED, focus, legend, painted

WEEK, MONTH = 604_800, 2_592_000
#: Of each chart that shows a moment: how far the line is from the left edge of the plot, in px.
CURSORS = """
    return [...document.querySelectorAll('.chart')].flatMap(chart => {
      const cursor = chart.querySelector('.cursor');
      if (!cursor?.checkVisibility()) return [];
      return [cursor.getBoundingClientRect().x - chart.getBoundingClientRect().x];
    });"""
#: Where everything stands that a reader looks at while values change, from the top of the section.
PLACES = """
    const { x, y } = document.getElementById('charts').getBoundingClientRect();
    const parts = '#ranges, #ranges button, #charts h2, h3, .chart, .legend, .legend li, '
      + '.legend strong';
    return [...document.querySelectorAll('#charts :is(' + parts + ')')].map(node => {
      const box = node.getBoundingClientRect();
      const isText = node.matches('strong, h2');
      return [node.className || node.id || node.tagName, Math.round(box.x - x),
        Math.round(box.y - y), isText ? 0 : Math.round(box.width), Math.round(box.height)];
    });"""


@pytest.fixture
def show(browser, daemon):
    """Opens the page on a made history, with one of its ranges chosen."""
    scripts = []

    def show(seconds, **history):
        scripts.append(browser.command("Page.addScriptToEvaluateOnNewDocument",
                                       source=made_history.script(**history))["identifier"])
        browser.open(daemon)
        browser.run("document.getElementById('charts').scrollIntoView()")
        browser.wait(lambda: painted(browser)[0][2] > 0)
        choose(browser, seconds)
    yield show
    for script in scripts:
        browser.command("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


def choose(browser, seconds):
    browser.run("document.querySelector(`[data-seconds='${arguments[0]}']`).click()", seconds)
    browser.wait(lambda: all(part > 0 for chart in painted(browser) for part in chart))


def place_of(browser, ago, seconds, number=0):
    """The point on the screen, in the middle of a chart, of a moment so many seconds ago."""
    left, right, y = browser.run(
        "const chart = document.querySelectorAll('.chart')[arguments[0]];"
        "chart.scrollIntoView({ block: 'center' });"
        "const box = chart.getBoundingClientRect();"
        # Where the plot begins: after the labels of the values.
        "const labels = [...chart.querySelectorAll('.dygraph-axis-label-y')];"
        "const start = Math.max(...labels.map(node => node.getBoundingClientRect().right));"
        "return [start + 3, box.right, box.y + box.height / 2]", number)
    return left + (right - left) * (1 - ago / seconds), y


def move_to(browser, x, y):
    browser.command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)


def labels(browser):
    return browser.run(
        "return [...document.querySelectorAll('.dygraph-axis-label-x')].map(n => n.textContent)")


@pytest.mark.parametrize("size", [DESKTOP, PHONE, TELEVISION])
@pytest.mark.parametrize("seconds", [WEEK, MONTH])
def test_days_are_told_by_their_dates(browser, show, seconds, size):
    browser.size(size)
    show(seconds)
    assert browser.run("return [...window.asked]") == [900, MONTH]
    browser.wait(lambda: all(re.fullmatch(r"\d+/\d+", label)
                             for label in labels(browser)))
    assert len(labels(browser)) >= 4 * 3


@pytest.mark.alone
def test_a_month_is_drawn_within_a_second(browser, show):
    show(300)
    took = browser.driver.execute_async_script("""
        const done = arguments[0];
        const painted = () => { %s };
        const began = performance.now();
        document.querySelector('[data-seconds="%d"]').click();
        const look = () => {
          const hasDates = /^\\d+[/]\\d+$/.test(
            document.querySelector('.dygraph-axis-label-x')?.textContent);
          if (hasDates && painted().every(([left]) => left > 20)) done(performance.now() - began);
          else setTimeout(look, 10);
        };
        look();""" % (PAINTED, MONTH))
    print(f"{took:.0f} ms")
    assert took < 1000, f"{took:.0f} ms"


def painted_in_column(browser, x, test):
    """How many pixels of a column of the first chart, two to each side, are of such a colour."""
    return browser.run("""
        const canvas = document.querySelector('.chart canvas');
        const left = arguments[0] - canvas.getBoundingClientRect().x - 2;
        const copy = new OffscreenCanvas(5, canvas.height)
          .getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, -left, 0);
        const { data } = copy.getImageData(0, 0, 5, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue, alpha] = data.slice(at, at + 4);
          if (alpha > 100 && (%s)) count += 1;
        }
        return count;""" % test, x)


def column_of_input(browser, x):
    return painted_in_column(browser, x, "blue - red > 100")


def test_a_sag_of_seconds_is_seen_in_a_month(browser, show):
    show(MONTH, outages=[])
    x, y = place_of(browser, made_history.SAG, MONTH)
    assert column_of_input(browser, x) > 5 * column_of_input(browser, x - 60)
    # The pointer need not meet the very pixel, and tells how deep it was.
    move_to(browser, x + 2, y)
    browser.wait(lambda: legend(browser)[0].startswith("Input 3.00–12."))
    assert legend(browser, 3) == ["Capacitors 70–100 %"]
    move_to(browser, x + 30, y)
    browser.wait(lambda: re.fullmatch(r"Input 12[.]\d\d V", legend(browser)[0]))
    assert legend(browser, 3) == ["Capacitors 100 %"]


def test_noise_is_drawn_as_high_as_it_is(browser, show):
    show(86400, outages=[], noise=0.02)
    x, _ = place_of(browser, 40000, 86400)
    # 0.04 V are half a pixel. Three lines and two bands are some pixels each.
    height = painted_in_column(browser, x, "Math.abs(blue - red) > 60") / 5
    assert height < 6, height


@pytest.mark.parametrize("number", range(4))
def test_one_moment_in_all_charts_by_mouse(browser, show, number):
    show(MONTH)
    assert browser.run(CURSORS) == []
    x, y = place_of(browser, (made_history.OUTAGE + made_history.OUTAGE_END) / 2, MONTH, number)
    move_to(browser, x, y)
    cursors = browser.wait(lambda: browser.run(CURSORS))
    assert len(cursors) == 4 and max(cursors) - min(cursors) <= 1
    assert [legend(browser, chart)[0] for chart in range(4)] == [
        "Input 0.10 V", "Input 0.0 W", "Input 0.000 A", "Capacitors 70–74 %"]
    moment = time.localtime(time.time() - made_history.OUTAGE)
    assert browser.text("chart-moment").startswith(f"{moment.tm_mon}/{moment.tm_mday}/")
    move_to(browser, 2, 2)
    browser.wait(lambda: browser.run(CURSORS) == [])
    assert browser.text("chart-moment") == ""


def test_the_day_of_a_moment_is_told_where_there_are_more(browser, show):
    show(WEEK)
    focus(browser)
    browser.press(Keys.ARROW_LEFT)
    assert re.match(r"\d+/\d+/\d{4}, ", browser.text("chart-moment"))
    choose(browser, 300)
    focus(browser)
    browser.press(Keys.ARROW_LEFT)
    assert re.match(r"\d+:\d\d:\d\d", browser.text("chart-moment"))


def test_a_moment_without_values(browser, show):
    show(3600, gap=(2000, 1400))
    x, y = place_of(browser, 1700, 3600)
    move_to(browser, x, y)
    cursors = browser.wait(lambda: browser.run(CURSORS))
    assert len(cursors) == 4
    assert all(entry.endswith(" –") for chart in range(4) for entry in legend(browser, chart))
    # By key from there to where there are values again.
    focus(browser)
    for _ in range(8):
        browser.press(Keys.SHIFT, Keys.ARROW_RIGHT)
    assert len(browser.run(CURSORS)) == 4
    assert not legend(browser)[0].endswith(" –")


def test_keys_stay_in_what_is_shown(browser, show):
    show(MONTH)
    focus(browser)
    browser.press("+")
    browser.press(Keys.ARROW_RIGHT)
    browser.wait(lambda: len(browser.run(CURSORS)) == 4)


def test_one_moment_in_all_charts_by_finger(browser, show):
    browser.size(PHONE, touch=True)
    show(MONTH)
    x, y = place_of(browser, made_history.SAG, MONTH)
    browser.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
    browser.wait(lambda: len(browser.run(CURSORS)) == 4)
    assert legend(browser)[0].startswith("Input 3.00–12.")
    # A finger that scrolls the page away points at nothing.
    browser.command("Input.dispatchTouchEvent", type="touchCancel", touchPoints=[])
    browser.wait(lambda: browser.run(CURSORS) == [])


def names(browser):
    """Of the first chart: text, left and right edge, from the left edge of the chart."""
    return browser.run(
        "const chart = document.querySelector('.chart');"
        "const { x } = chart.getBoundingClientRect();"
        "return [...chart.querySelectorAll('.names span')].map(node => {"
        " const box = node.getBoundingClientRect();"
        " return [node.textContent, box.left - x, box.right - x]; })")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_names_of_events_where_there_is_room(browser, show, size):
    browser.size(size)
    show(3600, events=[
        ["power_fail", 20], ["shutdown_committed", 1810], ["power_fail", 1820],
        ["shutdown_cancelled", 1830], ["service_start", 2700], ["link_lost", 3100]])
    shown = browser.wait(lambda: names(browser))
    texts = [text for text, _, _ in shown]
    # The most important of what is in the same place; what is no mark has no name.
    assert "Shutdown committed" in texts and "Shutdown cancelled" not in texts
    assert "Service started" not in texts
    assert size == PHONE or {"Link to the UPS lost", "Power failed"} <= set(texts)
    width = browser.run("return document.querySelector('.chart').clientWidth")
    shown.sort(key=lambda name: name[1])
    assert all(left >= 0 and right <= width + 1 for _, left, right in shown)
    assert all(one[2] < other[1] for one, other in zip(shown, shown[1:]))


@pytest.mark.parametrize("tag", ["en-US", "de-DE"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, TELEVISION])
def test_nothing_moves_as_values_change(browser, show, size, tag):
    browser.language(tag)
    browser.size(size)
    show(3600, gap=(2000, 1900), sag=1500, outages=[(1000, 700)], events=[
        ["shutdown_committed", 990], ["shutdown_pending", 995], ["power_fail", 1000]])
    places = browser.run(PLACES)
    heads = [place for place in places if place[0] != "STRONG"]
    for ago in (3000, 1950, 1500, 995, 850):
        move_to(browser, *place_of(browser, ago, 3600))
        browser.wait(lambda: len(browser.run(CURSORS)) == 4)
        moved = browser.run(PLACES)
        assert [place for place in moved if place[0] != "STRONG"] == heads
        assert len(moved) == len(places)
    move_to(browser, 2, 2)
    browser.wait(lambda: browser.run(CURSORS) == [])
    assert browser.run(PLACES) == places
    focus(browser)
    browser.press("+")
    browser.wait(lambda: browser.is_shown("zoom-out"))
    assert [place for place in browser.run(PLACES) if place[0] != "STRONG"] == heads
    # What is longest: its unit stands where that of the shortest does.
    edges = browser.run("""
        const value = [...document.querySelectorAll('.legend')][2].querySelector('strong');
        return ['0.001\\u00a0A', '−12.345\\u00a0A'].map(text => {
          value.textContent = text;
          return [value.getBoundingClientRect().right, value.parentNode.offsetHeight]; });""")
    assert edges[0] == edges[1]


def test_a_row_is_the_mean_and_the_range_so_far(browser, daemon):
    browser.open(daemon)
    # A copy of the module, which nothing else fills.
    rows = browser.driver.execute_async_script("""
        const [status, done] = arguments;
        import('/scripts/history.js?copy').then(({ append, columns: all, coarsest, placeOf }) => {
          const nothing = Object.fromEntries(all.map(column => [column, null]));
          const at = (seconds, inputVoltage, soc) => append({
            ...(soc === null ? nothing : status), inputVoltage, soc,
            time: new Date(1_800_000_000_000 + 1000 * seconds).toISOString() }, coarsest);
          const added = [at(1, 12, 100), at(2, 15, 98), at(3, null, null), at(4, 3, 96),
            at(299, 10, 98), at(300, 12, 97), at(301, 12, 97)];
          const columns = ['inputVoltage', 'inputVoltageMin', 'inputVoltageMax', 'soc', 'socMin'];
          done([added, ...coarsest.rows.map(row => columns.map(column => row[placeOf(column)]))]);
        });""", daemon.status())
    assert rows[0] == [True, False, False, False, False, True, False]
    # What was not answered is not in the mean.
    assert rows[1:] == [[10, 3, 15, 98, 96], [12, 12, 12, 97, 97]]


def test_rows_go_on_where_those_of_the_server_end(browser, daemon):
    browser.open(daemon)
    added, times = browser.driver.execute_async_script("""
        const [status, done] = arguments;
        const time = (seconds) => new Date(1_800_000_000_000 + 1000 * seconds).toISOString();
        const answer = { columns: ['time', 'inputVoltage'], rows: [[time(137), 12]], outages: [] };
        window.fetch = async () => Response.json(answer);
        import('/scripts/history.js?copy').then(async ({ append, coarsest, fill }) => {
          const at = (seconds) => append({ ...status, time: time(seconds) }, coarsest);
          // Before the answer came: in a step that is the server's last one, too.
          at(400);
          await fill(coarsest);
          const added = [at(430), at(436), at(437), at(736), at(737)];
          done([added, coarsest.rows.map(row => row[0] / 1000 - 1_800_000_000)]);
        });""", daemon.status())
    assert added == [False, False, True, False, True]
    assert times == [137, 437, 737]
