"""The command line: options, exit codes, and the errors of `check` word for word."""

import fcntl
import os
import re

import pytest
from harness import BINARY, Daemon, command_line, wait_until

VERSION = re.compile(r"\d+\.\d+\.\d+\S*\n")


def check(place, text):
    """(exit code, standard output, standard error) of `check` on a file with that text."""
    path = place.write("test.cfg", text)
    done = command_line(place, "check", "-c", path)
    return done.returncode, done.stdout, done.stderr.replace(path, "FILE")


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(place, option):
    done = command_line(place, option)
    assert done.returncode == 0 and VERSION.fullmatch(done.stdout)


@pytest.mark.parametrize("option", ["-?", "-h", "--help"])
def test_help(place, option):
    done = command_line(place, option)
    assert done.returncode == 0
    assert "USAGE: ups-server" in done.stdout and "simulate" in done.stdout


_COMPLETE = r"""
source <("$0" --generate-completion-script bash)
COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1) COMP_CWORD=1
[[ "$(complete -p ups-server)" =~ -F\ ([^ ]+) ]]
"${BASH_REMATCH[1]}" ups-server "${COMP_WORDS[1]}" ups-server
echo "${COMPREPLY[@]}"
"""


def test_a_shell_completes(place):
    done = place.run("bash", "-c", _COMPLETE, BINARY, "ups-server d")
    assert sorted(done.stdout.split()) == ["delay", "demo", "drill"], done.stderr


@pytest.mark.parametrize("form", ["-c {}", "--config {}", "--config={}"])
def test_configuration_file(place, ups, form):
    daemon = Daemon(place, ups.link)
    daemon.start(*form.format(daemon.path).split())
    assert daemon.status()["dryRun"] is False


@pytest.mark.parametrize("text, error", [
    ("server = {\n  port = 0;\n};", "2: server.port is 0, allowed: an integer from 1 to 65535"),
    ("server = {\n\n  port = \"80\";\n};",
     '3: server.port is "80", allowed: an integer from 1 to 65535'),
    ("poll = { status = 7; };", "1: poll.status is 7, allowed: a number from 0 to 0.5 s"),
    ("shutdown = { deadTime = 1; };",
     "1: shutdown.deadTime is 1, allowed: an integer from 2 to 3600 s"),
    ("server = {\n  daemonize = 0;\n};",
     "2: server.daemonize is 0, allowed: true or false"),
    ("server = {\n  port = 80\n  serial = ;\n};",
     "3: syntax error, allowed: settings like name = value; and groups like name = { … };"),
])
def test_check_errors(place, text, error):
    assert check(place, text) == (1, "", f"ups-server: FILE:{error}\n")


def test_check_says_what_holds(place):
    code, output, errors = check(place, "server = {\n  port = 4711;\n  prot = 1;\n};")
    assert (code, errors) == (0, "")
    assert "port = 4711;" in output and "shutdownDelay = 15;" in output
    warnings = [line for line in output.splitlines() if line.startswith("warning: ")]
    assert any(":3: " in line and "server.prot" in line and "port" in line for line in warnings)


@pytest.mark.parametrize("words", [["check"], []])
def test_a_missing_file_is_one_line(place, words):
    done = command_line(place, *words, "-c", "/nowhere/ups-server.cfg")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("ups-server: /nowhere/ups-server.cfg")
    assert done.stderr.count("\n") == 1


def test_exit_codes_of_status(daemon, ups):
    def code():
        return daemon.command("status").returncode
    assert code() == 0
    ups.power(False)
    wait_until(lambda: daemon.status()["status"] == "on_battery")
    assert code() == 1
    ups.say("unplug")
    wait_until(lambda: daemon.status()["link"] == "lost")
    assert code() == 2
    daemon.stop()
    assert code() == 3


def test_status_and_events(daemon):
    status = daemon.command("status", "--json")
    assert status.returncode == 0 and '"status":"online"' in status.stdout.replace(" ", "")
    assert "\x1b" not in daemon.command("status").stdout
    events = daemon.command("events", "-n", 1)
    assert events.returncode == 0 and events.stdout.count("\n") == 1
    assert "link_restored" in events.stdout


def test_by_hand_and_without_a_command_it_is_dry(place, ups):
    daemon = Daemon(place, ups.link, shutdown={"command": None, "dryRun": True}).start_linked()
    assert daemon.status()["dryRun"] is True
    assert "by hand" in daemon.status()["problem"]


@pytest.mark.parametrize("text, error", [
    ('server = { user = "nobody-here"; };', "server.user: there is no such user"),
    ('server = { group = "nobody-here"; };', "server.group: there is no such group"),
    ('server = { webCommands = "token"; controlTokenFile = "/nowhere"; };',
     "cannot read /nowhere: No such file or directory"),
    ('server = { webCommands = "token"; controlTokenFile = "/dev/null"; };',
     "/dev/null: a control token has at least 16 characters"),
])
def test_check_refuses_what_the_start_refuses(place, text, error):
    code, output, errors = check(place, text)
    assert (code, output, errors) == (1, "", f"ups-server: FILE: {error}\n")


def test_check_looks_at_the_host(place, ups):
    """The lock of another program, a command that is not there, a password that is none."""
    with open(ups.link, "rb", buffering=0) as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        code, output, errors = check(place, f'''
            server = {{ serial = "{ups.link}"; runtimeDirectory = "{place.path}"; }};
            shutdown = {{ command = ["/nowhere/poweroff"]; }};
            mqtt = {{ username = "ups"; passwordFile = "/nowhere/password"; }};''')
    assert (code, errors) == (0, "")
    warnings = [line for line in output.splitlines() if line.startswith("warning: ")]
    assert any(f"{ups.link} is in use: process {os.getpid()} " in line for line in warnings)
    assert any("/nowhere/poweroff cannot be run" in line for line in warnings)
    assert any("mqtt.passwordFile" in line for line in warnings)


def test_a_start_says_what_is_missing_everywhere(place, ups, broker, subscriber):
    daemon = Daemon(
        place, ups.link, broker, shutdown={"escalation": (["/nowhere/poweroff", "-f"],)}).start()
    text = "The shutdown command /nowhere/poweroff cannot be run: No such file or directory"
    assert text in daemon.status()["problem"]
    assert [event["text"] for event in daemon.events("warning")].count(text) == 1
    wait_until(lambda: daemon.logged(text))
    subscriber.wait_for("problem", "ON")
