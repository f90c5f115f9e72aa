"""Debian's chromium without a screen, logged in to a Home Assistant."""

import json

from harness import wait_until
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

#: Every element of the page of some name, through all shadow roots.
_FIND = """
const found = [];
const look = root => root.querySelectorAll('*').forEach(element => {
  if (element.matches(arguments[0])) found.push(element);
  if (element.shadowRoot) look(element.shadowRoot);
});
look(document);
return found;
"""


class Browser:
    def __init__(self, home, width=1280, height=900):
        self.home = home
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                         "--force-device-scale-factor=1", f"--window-size={width},{height}"):
            options.add_argument(argument)
        self._driver = webdriver.Chrome(
            options=options, service=Service("/usr/bin/chromedriver"))
        self._driver.get(f"{home.url}/manifest.json")
        tokens = {
            "hassUrl": home.url, "clientId": f"{home.url}/", "access_token": home.token,
            "refresh_token": "", "expires_in": 10 ** 6, "expires": 10 ** 14}
        self._driver.execute_script(
            "localStorage.hassTokens = arguments[0];"
            "localStorage.dockedSidebar = '\"always_hidden\"'", json.dumps(tokens))

    def open(self, path):
        self._driver.get(self.home.url + path)

    def find(self, selector):
        return self._driver.execute_script(_FIND, selector)

    def wait_for(self, selector, timeout=30):
        wait_until(lambda: self.find(selector), timeout)

    def save(self, path):
        self._driver.save_screenshot(str(path))

    def close(self):
        self._driver.quit()
