"""Debian's Chromium, and the dashboard in it as a reader meets it: texts, buttons, keys."""

import base64
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

#: Width and height in CSS pixels.
DESKTOP, PHONE, NARROW, TELEVISION = (1280, 800), (390, 844), (320, 640), (1920, 1080)

_SWITCHES = [
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--window-size=1280,800", "--no-first-run", "--disable-background-networking",
    # A host name that is not this host's own, without a name server.
    "--host-resolver-rules=MAP ups.example 127.0.0.1",
]


class Chromium:
    """The browser. A page that is begun has to be ended."""

    def __init__(self):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for switch in _SWITCHES:
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.agent = self.driver.execute_script("return navigator.userAgent")
        self.started = []

    def quit(self):
        self.driver.quit()

    # A page

    def begin(self):
        """With an empty cache, no token, English, light, on a desktop."""
        self.driver.switch_to.new_window("tab")
        for handle in self.driver.window_handles[:-1]:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])
        self.command("Network.enable")
        self.command("Network.clearBrowserCache")
        self.language("en-US")
        self.media()
        self.size(DESKTOP)
        self.console()

    def end(self):
        self.driver.get("about:blank")

    def open(self, target, path="/", host="127.0.0.1"):
        """The page of a daemon, or on a port; returns once it is live."""
        port = getattr(target, "port", target)
        self.driver.get(f"http://{host}:{port}{path}")
        self.wait_for_text("age", "Live", "Aktuell")

    def command(self, name, **parameters):
        """One of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def language(self, tag):
        self.command("Network.setUserAgentOverride", userAgent=self.agent, acceptLanguage=tag)

    def size(self, size, touch=False):
        width, height = size
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=touch)
        self.command("Emulation.setTouchEmulationEnabled", enabled=touch)

    def media(self, dark=False, reduced=False, printed=False):
        features = {"prefers-color-scheme": "dark" if dark else "light",
                    "prefers-reduced-motion": "reduce" if reduced else "no-preference"}
        self.command(
            "Emulation.setEmulatedMedia", media="print" if printed else "",
            features=[{"name": name, "value": value} for name, value in features.items()])

    def console(self):
        """What was said there since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    # What stands on it

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def text(self, id):
        """As a reader sees it: with its units, without line breaks."""
        return self.run(
            "return document.getElementById(arguments[0]).textContent"
            ".replaceAll('\\u00a0', ' ').trim()", id)

    def value(self, key):
        return self.run(
            "return document.querySelector(`[data-key=${arguments[0]}]`).textContent"
            ".replaceAll('\\u00a0', ' ')", key)

    def values(self):
        return self.run(
            "return Object.fromEntries([...document.querySelectorAll('[data-key]')].map("
            "node => [node.dataset.key, node.textContent.replaceAll('\\u00a0', ' ')]))")

    def is_shown(self, id):
        return self.run("return document.getElementById(arguments[0]).checkVisibility()", id)

    def is_enabled(self, id):
        return self.run("return !document.getElementById(arguments[0]).disabled", id)

    @property
    def title(self):
        return self.driver.title

    @property
    def icon(self):
        return self.run("return document.getElementById('icon').getAttribute('href')")

    @property
    def tone(self):
        return self.run("return document.body.dataset.tone")

    @property
    def is_grey(self):
        return self.run("return document.body.classList.contains('old')")

    @property
    def seconds_left(self):
        minutes, seconds = self.text("countdown").split(":")
        return 60 * int(minutes) + int(seconds)

    def events(self):
        """The names that are shown, newest first."""
        return self.run(
            "return [...document.querySelectorAll('#events li')].map(li => li.dataset.event)")

    # What a reader does

    def click(self, id):
        self.driver.find_element(By.ID, id).click()

    def type(self, id, text):
        element = self.driver.find_element(By.ID, id)
        element.clear()
        element.send_keys(text)

    def press(self, *keys):
        """On whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    # Waiting

    def wait(self, condition, timeout=8):
        """The first true value of the condition; fails after the timeout (s)."""
        end = time.monotonic() + timeout
        while not (value := condition()):
            shown = self.run("return document.body.innerText")
            assert time.monotonic() < end, f"not within {timeout} s; the page says: {shown[:600]!r}"
            time.sleep(0.02)
        return value

    def wait_for_text(self, id, *texts, timeout=8):
        """Returns once the element has one of the texts in it."""
        return self.wait(lambda: any(text in self.text(id) for text in texts), timeout)

    # Pictures

    def picture(self, path, whole=False):
        """As PNG. `whole`: also what one would have to scroll to."""
        if whole:
            width = self.run("return innerWidth")
            self.size((width, self.run("return document.documentElement.scrollHeight")))
            time.sleep(0.5)
        data = self.command("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
