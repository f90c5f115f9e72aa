"""The command line for people: watch in a terminal and in a pipe, colours, and clear errors."""

import json
import socket
import subprocess

import pytest
from harness import BINARY, Daemon, Terminal, wait_until


@pytest.fixture
def daemon(place, ups):
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 30}, shutdown={"dryRun": True}).start_linked()
    wait_until(lambda: daemon.status()["ucTemperature"])
    return daemon


@pytest.fixture
def watch(place, daemon):
    terminal = Terminal(place, BINARY, "watch", "--config", daemon.path)
    terminal.wait_for("q quit")
    terminal.wait_for("● online  dry run")
    return terminal


def test_a_power_failure(watch, daemon, ups):
    assert watch.shows("Input       12.60 V    0.99 A     12.5 W")
    assert watch.shows("30 s after input power fails")
    ups.power(False)
    watch.wait_for("● on battery")
    watch.wait_for("Shutdown in 28 s")
    assert watch.shows("power_fail") and watch.shows("█")
    watch.type("d90\n")
    watch.wait_for("Shutdown in 90 s.")
    watch.wait_for("Shutdown in 88 s")
    watch.type("c")
    watch.wait_for("the timer was cancelled")
    assert daemon.shutdown["phase"] == "cancelled"
    ups.power(True)
    watch.wait_for("● online")


@pytest.mark.parametrize("size", [(90, 28), (60, 15), (30, 6)])
def test_every_size_and_the_end(watch, size):
    watch.resize(*size)
    watch.wait_for("q quit")
    watch.wait_for("● online")
    assert watch.settings != watch.before
    watch.type("q")
    assert watch.program.wait() == 0
    watch.listen()
    # Cursor and the former screen are back, and so is the line editing.
    assert watch.raw.endswith(b"\x1b[?25h\x1b[?1049l")
    assert watch.settings == watch.before


def test_a_daemon_that_goes_and_comes_back(watch, daemon):
    daemon.stop()
    watch.wait_for("no daemon is running")
    daemon.start_linked()
    watch.wait_for("● online")
    assert not watch.shows("no daemon")


def lines_of(place, *words):
    """A program whose output goes to a pipe."""
    program = place.start(BINARY, *words, stdout=subprocess.PIPE)
    return program, program.process.stdout


def test_watch_in_a_pipe(place, daemon, ups):
    program, lines = lines_of(place, "watch", "--config", daemon.path)
    assert lines.readline() == b"online\n"
    ups.power(False)
    assert lines.readline() == b"on battery, pending\n"
    program, lines = lines_of(place, "watch", "--json", "--config", daemon.path)
    first, second = json.loads(lines.readline()), json.loads(lines.readline())
    assert first["status"] == "on_battery" and second["time"] > first["time"]


def test_colours_only_in_a_terminal(place, daemon):
    terminal = Terminal(place, BINARY, "status", "--config", daemon.path)
    assert terminal.program.wait() == 0
    terminal.listen()
    assert b"\x1b[32m" in terminal.raw and terminal.shows("● online")
    assert "\x1b" not in daemon.command("status", "--all").stdout


def test_json(daemon):
    assert json.loads(daemon.command("events", "--json").stdout)[-1]["event"] == "link_restored"
    done = daemon.command("cancel", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["ok"] is False
    assert json.loads(daemon.command("delay", 40, "--json").stdout)["ok"] is True


def test_busy(daemon):
    with socket.socket(socket.AF_UNIX) as first:
        clients = [first] + [socket.socket(socket.AF_UNIX) for _ in range(40)]
        for client in clients:
            client.connect(daemon.socket)
        done = daemon.command("status")
        for client in clients:
            client.close()
    error = f"ups-server: {daemon.socket} is busy, try again\n"
    assert (done.returncode, done.stdout, done.stderr) == (4, "", error)


@pytest.mark.parametrize("shell, syntax", [("bash", ["bash", "-n"]), ("zsh", None), ("fish", None)])
def test_completions(place, shell, syntax):
    done = place.run(BINARY, "--generate-completion-script", shell)
    assert done.returncode == 0
    for word in ("status", "watch", "restartDelay", "measure"):
        assert word in done.stdout
    if syntax:
        assert place.run(*syntax, place.write("completion", done.stdout)).stderr == ""
