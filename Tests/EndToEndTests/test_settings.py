"""Settings of the UPS: shown to everybody, changed by `set` only, and read back."""

import pytest
from harness import Daemon, command_line, wait_until

RESTART_DELAY = {"value": 8, "enabled": False, "minimum": 1, "maximum": 180, "standard": 8,
                 "unit": "s"}


@pytest.fixture
def daemon(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 600}).start_linked()
    wait_until(lambda: len(daemon.status()["settings"] or {}) == 9)
    return daemon


def test_set(daemon):
    assert daemon.status()["settings"]["restartDelay"] == RESTART_DELAY
    done = daemon.command("set", "restartDelay", 30, "--yes")
    text = "restartDelay of the UPS is now 30 s, it was off."
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{text}\n", "")
    assert daemon.status()["settings"]["restartDelay"] == {
        **RESTART_DELAY, "value": 30, "enabled": True}
    assert daemon.events()[-1]["text"] == text
    assert daemon.command("set", "restartDelay", "off", "--yes").returncode == 0
    assert daemon.status()["settings"]["restartDelay"]["enabled"] is False


@pytest.mark.parametrize("words, error", [
    (("restartDelay", 500, "--yes"), "restartDelay takes 1 to 180 s, not 500."),
    (("restartDelay", 30), "set asks for confirmation; without a terminal say --yes"),
])
def test_refused(daemon, words, error):
    before = daemon.status()["settings"]
    done = daemon.command("set", *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"ups-server: {error}\n")
    assert daemon.status()["settings"] == before


@pytest.mark.parametrize("words, error", [
    (("delay", 1), "there is no setting delay; there are loadSensor, maximumBackupTime,"),
    (("restartDelay", "x"), "restartDelay takes a whole number or off, not x"),
    (("restartDelay", -1), "restartDelay takes a whole number or off, not -1"),
])
def test_wrong_words(daemon, words, error):
    # What begins with a hyphen would else be an option.
    done = command_line(daemon.place, "set", "--yes", "--config", daemon.path, "--", *words)
    assert done.returncode == 64 and error in done.stderr
