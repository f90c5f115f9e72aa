"""Devices of other kinds, slow ones, and faults that hit one request: nothing that is told stays
unknown, and what is not told is said while there is time to mend it."""

import os

import pytest
from harness import (
    Daemon, Simulator, boot_time, command_line, get_text, no_shutdown_until, shutdown_on_time,
    wait_until)

SAID_WITHIN = 15


def metric(daemon, name):
    text = get_text(daemon.port, "/metrics")
    return [float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} ")]


def problem(daemon):
    return daemon.status()["problem"] or ""


def is_known(daemon, *keys):
    status = daemon.status()
    return all(status[key] is not None for key in keys)


@pytest.mark.parametrize("model, millifarads", [
    ("psz-1063", 25000), ("farads", 25000), ("wide-farads", 25000), ("upsic-2403d", 25000),
    ("slow", 25000), ("negative", 25000)])
def test_what_they_tell_is_known(place, model, millifarads):
    ups = Simulator(place, model=model)
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 600}).start_linked()
    wait_until(lambda: daemon.status()["capacity"] == millifarads, 10)
    wait_until(lambda: len(daemon.status()["settings"] or {}) == 9, 10)
    wait_until(lambda: is_known(daemon, "serial", "series", "esr", "vcap4Voltage", "soc"), 10)
    assert problem(daemon) == ""
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    no_shutdown_until(daemon, boot_time() + 6)


@pytest.mark.parametrize("model, words", [
    ("generic", "does not tell its capacitance"), ("mute", "does not tell its capacitance"),
    ("blank", "has not measured its capacitance yet")])
def test_what_they_do_not_tell_is_said(place, model, words):
    ups = Simulator(place, model=model)
    daemon = Daemon(place, ups.link).start_linked()
    wait_until(lambda: words in problem(daemon), SAID_WITHIN)
    assert "a short runtime does not power this host off" in problem(daemon)
    assert daemon.status()["capacity"] is None and daemon.status()["esr"] is None
    assert metric(daemon, "ups_missing_values") == [1]
    assert [words in event["text"] for event in daemon.events("warning")].count(True) == 1
    if model == "blank":
        texts = ["serial", "series", "batteryType", "firmware", "hwRevision"]
        assert not is_known(daemon, "series") and daemon.status()["firmware"] is None
        assert all("?" not in str(daemon.status()[key]) for key in texts)
    started = ups.power(False)
    # What is not answered holds up the line for a time-out.
    latest = started + 2.6 if model == "mute" else None
    assert shutdown_on_time(daemon, started + 2, latest=latest).reason == "time"


def test_refusals_blind_it_to_nothing(place, ups):
    """Everything is refused for some seconds, as by a module that starts; then all is told."""
    daemon = Daemon(place, ups.link).start_linked()
    wait_until(lambda: is_known(daemon, "soc", "capacity", "serial"))
    ups.ask("fault unsupported 1000000 charge")
    wait_until(lambda: "does not tell its charge" in problem(daemon), SAID_WITHIN)
    assert "powers off" in problem(daemon) and daemon.status()["soc"] is None
    ups.ask("fault unsupported 0")
    wait_until(lambda: daemon.status()["soc"] == 100 and problem(daemon) == "", 30)


def test_a_charge_that_is_not_told_counts_like_silence(place, ups):
    groups = {"server": {"shutdownByTime": False, "shutdownBySoc": True},
              "ups": {"maxBackupTime": 0}, "shutdown": {"deadTime": 4}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    ups.ask("load 0.5")
    ups.ask("fault unsupported 1000000 charge")
    wait_until(lambda: "does not tell its charge" in problem(daemon), SAID_WITHIN)
    started = ups.power(False)
    assert shutdown_on_time(daemon, started + 4).reason == "low_charge"


def test_a_ups_that_never_answers(place):
    """The other end of a cable at which nothing is."""
    leader, follower = os.openpty()
    daemon = Daemon(place, os.ttyname(follower)).start()
    wait_until(lambda: daemon.logged("is open"))
    os.close(follower)
    wait_until(lambda: "has not answered since the serial port was opened" in problem(daemon),
               SAID_WITHIN)
    assert "cable" in problem(daemon) and len(daemon.events("warning")) == 1
    assert "has not answered" in daemon.command("status").stdout
    os.close(leader)


def test_a_ups_that_is_too_slow(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    ups.ask("answers 700")
    wait_until(lambda: "poll.timeout" in problem(daemon), 2 * SAID_WITHIN)
    ups.ask("answers 1")
    wait_until(lambda: problem(daemon) == "" and daemon.status()["link"] == "ok", 30)


def test_one_wrong_capacitance_commits_nothing(place, ups):
    """A bit of one answer, in an outage with a long delay."""
    groups = {"server": {"shutdownDelay": 120}, "poll": {"slow": 2.0},
              "ups": {"maxBackupTime": 0}}
    daemon = Daemon(place, ups.link, **groups).start_linked()
    wait_until(lambda: is_known(daemon, "capacity"))
    ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    for _ in range(5):
        ups.ask("fault bit 1 capacitance")
        no_shutdown_until(daemon, boot_time() + 2)
    wait_until(lambda: daemon.status()["capacity"] == 25000)
    assert daemon.shutdown["reason"] == "time"


def test_another_program_reads_the_line(place, ups):
    other = os.open(ups.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    daemon = Daemon(place, ups.link).start_linked()
    wait_until(lambda: f"process {os.getpid()}" in problem(daemon), SAID_WITHIN)
    os.close(other)


def test_wrong_bits_on_the_line(place, ups):
    """A hundredth of the bits for a while: the names stay, nothing is decided."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 600}).start_linked()
    wait_until(lambda: is_known(daemon, "soc", "capacity", "serial", "firmware"))
    wait_until(lambda: len(daemon.status()["settings"] or {}) == 9)
    before = daemon.status()
    ups.ask("bits 1")
    no_shutdown_until(daemon, boot_time() + 20)
    ups.ask("bits 0")
    wait_until(lambda: is_known(daemon, "soc", "capacity", "serial", "vcap1Voltage"), 30)
    after = daemon.status()
    for key in ("serial", "series", "batteryType", "firmware", "hwRevision", "settings"):
        assert after[key] == before[key]


def check(place, ups, *words):
    daemon = Daemon(place, ups.link)
    done = command_line(place, "check", "-c", daemon.path, *words, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_check_asks_the_ups(place, ups):
    """Only where the line is free, and not with --no-ups."""
    answer = "# The UPS answers: UPSIC Series, SUC-1011, 1.2.0, on line, charge 100 %"
    started = boot_time()
    assert answer in check(place, ups)
    assert boot_time() < started + 3
    assert answer not in check(place, ups, "--no-ups")
    daemon = Daemon(place, ups.link).start_linked()
    assert answer not in check(place, ups)
    no_shutdown_until(daemon, boot_time() + 1)
    assert daemon.status()["link"] == "ok"


def test_check_says_what_is_not_told(place):
    ups = Simulator(place, model="generic")
    lines = check(place, ups)
    assert "warning: The UPS does not tell its capacitance" in lines
    ups.ask("fault mute 1000000")
    lines = check(place, ups)
    assert any("has not answered since the serial port was opened" in line for line in lines)
