"""What ups-server itself says: in the reader's language, with the values; the rest is marked as
English."""

import pytest
from harness import Daemon, wait_until


@pytest.fixture
def told(place, ups):
    """A daemon that has said nearly all that it says in a day on which much happens."""
    groups = {"server": {"shutdownDelay": 20}, "shutdown": {"dryRun": True}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    assert daemon.control("drill", seconds=1)["ok"]
    wait_until(lambda: any(event["text"] == "Drill: over" for event in daemon.events()), 20)
    assert daemon.control("capesr")["ok"]
    wait_until(lambda: daemon.events("measurement_done"), 20)
    assert daemon.control("delay", seconds=40)["ok"]
    assert not daemon.control("cancel")["ok"]
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    assert daemon.control("cancel")["ok"] and daemon.control("delay", seconds=30)["ok"]
    ups.power(True)
    wait_until(lambda: daemon.status()["status"] == "online")
    ups.say("unplug 3")
    wait_until(lambda: len(daemon.events("link_restored")) == 2, 20)
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    assert daemon.control("delay", seconds=1)["ok"]
    wait_until(lambda: daemon.shutdown["phase"] == "committed")
    return daemon


def shown(browser):
    """[name, text, language] of each event, newest first."""
    return browser.run("""
        return [...document.querySelectorAll('#events li')].map(({ dataset, children }) => {
          const { textContent, lang } = children[2];
          return [dataset.event, textContent, lang];
        });""")


def test_events_in_both_languages(browser, told):
    names = {event["event"] for event in told.events()}
    assert len(names) >= 13, names
    browser.open(told)
    browser.wait_for_text("events", "Input power failed")
    for (name, text, lang), event in zip(reversed(shown(browser)), told.events(), strict=True):
        assert (name, lang) == (event["event"], "en")
        # The heading says the same already.
        assert text in (event["text"], "") and (text or name.startswith("link_"))
    browser.language("de-DE")
    browser.open(told)
    browser.wait_for_text("events", "Das Netz ist ausgefallen")
    entries = shown(browser)
    assert [entry for entry in entries if entry[2]] == [] and len(entries) == len(told.events())
    texts = {text for _, text, _ in entries}
    assert not any("{" in text or "undefined" in text for text in texts)
    assert texts > {
        "„cancel“ über die Befehlszeile abgelehnt: "
        "Es gibt keinen Ausfall, also nichts abzubrechen.",
        "Wartezeit des nächsten Ausfalls auf 40 s eingestellt über die Befehlszeile",
        "Dieser Rechner würde abgeschaltet: die Wartezeit ist vorbei (Probelauf: kein Befehl)",
        "Übung: Das Netz ist ausgefallen"}
    assert any(text.startswith("Messung beendet: Kapazität 25.000 mF, ESR ") for text in texts)


def test_answers_and_problems_in_german(browser, place, ups):
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 20}, shutdown={"hostShutdownTime": 20})
    daemon.start_linked()
    ups.say("load 4")
    browser.language("de-DE")
    browser.open(daemon)
    browser.wait_for_text(
        "notices", "Problem: Bei dieser Last reicht die USV nicht für die 25 s")
    assert browser.run("return document.querySelectorAll('#notices [lang=en]').length") == 0
    ups.say("load 0.3")
    ups.power(False)
    browser.wait(lambda: browser.is_shown("countdown"))
    browser.type("seconds", "300")
    browser.click("delay")
    browser.wait_for_text("shutdown-result", "✓ Abschalten in 300 s.")
    browser.wait_for_text("moments", "Abschalten verschoben (diese Seite)")
    browser.type("seconds", "25")
    browser.click("delay")
    browser.wait_for_text(
        "shutdown-result", "Abgelehnt: Über diese Seite lässt sich nur verlängern: Es bleiben ")
    browser.click("cancel")
    browser.wait_for_text("shutdown-result", "✓ Abgebrochen. Geringe Ladung oder Laufzeit kann")
    assert browser.run("return document.querySelectorAll('#shutdown-result [lang]').length") == 0


def test_what_no_language_has_is_marked_as_english(browser, place, ups):
    """A sentence whose value has no words in German is not half German."""
    daemon = Daemon(place, ups.link, server={"webCommands": "off"}).start_linked()
    assert not daemon.control("drill", seconds=100_000)["ok"]
    browser.language("de-DE")
    browser.open(daemon)
    browser.wait_for_text("events", "Befehl abgelehnt")
    english = [entry for entry in shown(browser) if entry[0] == "command_refused"]
    assert english == [
        ["command_refused", daemon.events("command_refused")[0]["text"], "en"]]
