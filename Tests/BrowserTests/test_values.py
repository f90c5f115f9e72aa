"""Every value on the page is the simulator's, in each language with its own numbers."""

import pytest
from axe import violations
from harness import Daemon, wait_until

# What the simulated UPS has at 1 A and at 2 A; the load is percent of 12.4 V and 5 A.
ON_LINE = {
    "soc": "100 %", "outputLoad": "20 %", "inputVoltage": "12.60 V", "inputCurrent": "0.992 A",
    "inputPower": "12.5 W", "batteryVoltage": "10.40 V", "batteryCurrent": "0.000 A",
    "outputVoltage": "12.50 V", "outputCurrent": "1.000 A", "outputPower": "12.5 W",
    "capacity": "25.00 F", "esr": "34 mΩ", "ucTemperature": "28 °C", "powerFailCount": "0",
    "series": "UPSIC Series", "batteryType": "SUC-1011", "serial": "SIM00001",
    "firmware": "1.2.0", "hwRevision": "A1"}
ON_BATTERY = {
    "outputLoad": "39 %", "inputVoltage": "0.10 V", "inputCurrent": "0.000 A",
    "inputPower": "0.0 W", "outputVoltage": "12.10 V", "outputCurrent": "2.000 A",
    "outputPower": "24.2 W"}
CELLS = ["Cell 1 2.604 V +4 mV", "Cell 2 2.597 V −3 mV", "Cell 3 2.601 V +1 mV",
         "Cell 4 2.598 V −2 mV"]


def cells(browser):
    return browser.run(
        "return [...document.querySelectorAll('#cells li')].map(cell => [...cell.children]"
        ".map(part => part.textContent.replaceAll('\\u00a0', ' ')).filter(Boolean).join(' '))")


def register(browser, name):
    return browser.run(
        "return document.querySelector(`[data-register=${arguments[0]}]`).textContent", name)


def number(text):
    return float(text.split(" ")[0].replace("−", "-"))


def test_on_line(browser, daemon):
    browser.open(daemon)
    browser.wait(lambda: browser.value("remainTime") != "–" and browser.value("esr") != "–")
    shown = browser.values()
    assert {key: shown[key] for key in ON_LINE} == ON_LINE
    status = daemon.status()
    assert (shown["host"], shown["version"]) == (status["host"], status["version"])
    runtime = status["remainTime"]
    assert shown["remainTime"] == f"{runtime // 60} min {runtime % 60} s"
    assert browser.text("store-state") == "Full"
    assert cells(browser) == CELLS
    assert browser.text("balance") == "Highest and lowest cell differ by 7 mV."
    assert register(browser, "deviceStatus") == (
        "input power is present, capacitors are present 0x0C")
    assert register(browser, "chargeStatus") == (
        "charging (step-down), keeping the voltage constant, capacitors are nearly full 0x1425")
    assert register(browser, "alarms") == "nothing 0x0000"


def test_on_battery(browser, daemon, ups):
    browser.open(daemon)
    ups.say("load 2")
    ups.power(False)
    browser.wait(lambda: browser.value("outputCurrent") == "2.000 A"
                 and browser.value("outputVoltage") == "12.10 V")
    browser.wait(lambda: browser.value("inputPower") == "0.0 W")
    shown = browser.values()
    assert {key: shown[key] for key in ON_BATTERY} == ON_BATTERY
    measured = ups.measure()
    # They fall by about 3 % and 0.1 V a second.
    assert abs(number(browser.value("soc")) - measured["charge"]) <= 8
    assert abs(number(browser.value("batteryVoltage")) - measured["millivolts"] / 1000) < 0.4
    assert number(browser.value("batteryCurrent")) < -2
    assert browser.text("store-state") == "Feeding the output"
    assert "feeding the output (step-up)" in register(browser, "chargeStatus")


def test_the_capacitors_against_new(browser, daemon):
    browser.open(daemon)
    status = wait_until(
        lambda: (told := daemon.status())["capacityWhenNew"] is not None and told, 30)
    assert (status["capacityWhenNew"], status["esrWhenNew"]) == (25000, 34)
    browser.wait_for_text("capacity-of-new", "(100 % of new)")
    browser.wait_for_text("esr-of-new", "(100 % of new)")


def test_what_the_ups_does_not_tell_is_a_dash(browser, place, ups):
    ups.say("fault unsupported 100000")
    daemon = Daemon(place, ups.link).start()
    browser.driver.get(f"http://127.0.0.1:{daemon.port}/")
    browser.wait_for_text("word", "Link to the UPS lost")
    browser.wait(lambda: browser.tone == "problem", timeout=20)
    assert {browser.value(key) for key in ["soc", "inputVoltage", "esr", "serial"]} == {"–"}
    assert browser.text("sentence") == "No valid answer since ups-server was started."


@pytest.mark.parametrize("tag, voltage, word", [
    ("de-DE", "12,60 V", "Netzbetrieb"), ("de-CH", "12.60 V", "Netzbetrieb"),
    ("en-GB", "12.60 V", "On line"), ("fr-FR", "12,60 V", "On line")])
def test_words_and_numbers_of_the_reader(browser, daemon, tag, voltage, word):
    browser.language(tag)
    browser.open(daemon)
    assert (browser.value("inputVoltage"), browser.text("word")) == (voltage, word)
    assert browser.run("return document.documentElement.lang") == (
        "de" if word == "Netzbetrieb" else "en")


def test_green_only_when_it_is_safe(browser, place, ups):
    """The shutdown needs 25 s, and at this load there are some 18."""
    daemon = Daemon(place, ups.link, shutdown={"hostShutdownTime": 20}).start_linked()
    browser.open(daemon)
    assert browser.tone == "ok"
    ups.say("load 4")
    browser.wait(lambda: browser.tone == "problem")
    assert browser.text("word") == "On line, with a problem"
    assert browser.text("notices").startswith("Problem: At this load the UPS would not last")
    assert browser.run("return document.getElementById('icon').href").endswith("icons/problem.svg")
    assert violations(browser) == []
    ups.say("load 1")
    browser.wait(lambda: browser.tone == "ok")
    assert browser.text("word") == "On line"


def test_german(browser, daemon, ups):
    browser.language("de-DE")
    browser.open(daemon)
    assert browser.text("sentence") == "Die Eingangsspannung ist da. Die Kondensatoren sind voll."
    assert "USV von" in browser.title
    ups.power(False)
    browser.wait_for_text("plan", "Dieser Rechner schaltet ab in")
    assert browser.text("word") == "Stromausfall"
    assert browser.text("cancel") == "Abschalten abbrechen"
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "✓ ")
    browser.wait_for_text("events", "Abschalten abgebrochen")


def test_both_languages_have_the_same_words(browser, daemon):
    browser.open(daemon)
    differences = browser.driver.execute_async_script("""
        const done = arguments[0];
        const keys = (part, path) => typeof part === 'object'
          ? Object.entries(part).flatMap(([key, value]) => keys(value, `${path}.${key}`)) : [path];
        Promise.all(['en', 'de'].map(async code => {
          const words = await import(`/languages/${code}.js`);
          // English comes from ups-server itself; the tests of UPS look after the others.
          return new Set(keys({ ...words, sentences: {} }, ''));
        })).then(([en, de]) => done([...en.symmetricDifference(de)]));""")
    assert differences == []
    wordless = browser.run(
        "return [...document.querySelectorAll('[data-text]')].filter("
        "node => !node.textContent.trim()).map(node => node.dataset.text)")
    assert wordless == []


def test_measurement(browser, daemon, ups):
    browser.open(daemon)
    assert "200 mV" in browser.text("measure-why") and browser.is_enabled("measure")
    ups.say("charge 50")
    browser.wait_for_text("measure-why", "Only when the capacitors are full")
    assert not browser.is_enabled("measure")
    ups.say("charge 100")
    browser.wait(lambda: browser.is_enabled("measure"))
    browser.click("measure")
    browser.wait_for_text("measure-result", "✓ ")
    browser.wait_for_text("measure-why", "A measurement is running.", timeout=15)
    browser.wait_for_text("measure-result", "Measuring for ")
    done = wait_until(lambda: daemon.events("measurement_done"), 15)
    browser.wait_for_text("events", "Measurement done", timeout=15)
    browser.wait_for_text("measure-result", f"✓ {done[0]['text']}")
    browser.wait(lambda: browser.is_enabled("measure"), timeout=40)
    browser.click("measure")
    browser.wait_for_text("measure-result", "Refused: The last measurement was less than an hour")
    # An answer does not stay for longer than a minute.
    browser.run("const now = Date.now; Date.now = () => now() + 61_000")
    browser.wait(lambda: browser.text("measure-result") == "")
