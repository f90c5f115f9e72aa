"""An hour of updates, played fast into the page's own connection, leaves its memory as it was."""

import time

#: Lets a test hand messages to the page as if the server had sent them.
LISTEN_IN = """
    window.WebSocket = class extends WebSocket {
      constructor(...words) { super(...words); window.connection = this; }
    };"""

#: A message for each second from `first` on. Each minute something changes that is in the event
#: log, and each ten minutes half a minute is an outage. Every tenth time the screen is drawn.
PLAY = """
    const [status, first, count, done] = arguments;
    const play = async () => {
      for (let second = first; second < first + count; second += 1) {
        const isOutage = second % 600 < 30;
        const time = new Date(Date.parse(status.time) + 1000 * second).toISOString();
        const shutdown = isOutage
          ? { ...status.shutdown, phase: 'pending', incident: `x-${second / 600 | 0}`,
              reason: 'time', remaining: 30 - second % 600, deadline: time, latest: time }
          : status.shutdown;
        const data = JSON.stringify({
          ...status, time, shutdown, status: isOutage ? 'on_battery' : 'online',
          power: !isOutage, charging: false, discharging: isOutage, measuring: false,
          deviceStatus: isOutage ? 10 : 12, inputVoltage: isOutage ? 0.1 : 12 + Math.random(),
          outputCurrent: 1000 + second % 100, problem: second % 60 < 2 ? 'a problem' : null,
        });
        window.connection.onmessage({ data });
        if (second % 10 === 0) await new Promise(requestAnimationFrame);
      }
    };
    play().then(() => done(true));"""


def used(browser):
    """After the garbage is gone, some of which is let go of seconds later only: bytes, nodes and
    listeners."""
    for _ in range(8):
        browser.command("HeapProfiler.collectGarbage")
        time.sleep(0.5)
    metrics = {entry["name"]: entry["value"]
               for entry in browser.command("Performance.getMetrics")["metrics"]}
    return [int(metrics[name]) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")]


def test_an_hour_leaves_nothing_behind(browser, daemon):
    script = browser.command("Page.addScriptToEvaluateOnNewDocument", source=LISTEN_IN)
    browser.command("Performance.enable")
    browser.driver.set_script_timeout(120)
    try:
        browser.open(daemon)
        browser.wait(lambda: browser.run("return document.querySelectorAll('canvas').length") > 0)
        status = daemon.status()

        def play(first, count):
            assert browser.driver.execute_async_script(PLAY, status, first, count)
            return used(browser)
        # Until what has a limit is full: a quarter of an hour by the second.
        bytes_before, nodes_before, listeners_before = play(10, 1300)
        bytes_after, nodes_after, listeners_after = play(1310, 3600)
        # The rows in steps of 10 s are still filling up: 360 of them, 300 bytes each.
        assert bytes_after - bytes_before < 300_000
        assert nodes_after <= nodes_before + 200
        assert listeners_after <= listeners_before + 20
    finally:
        browser.command(
            "Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])
