"""The command line: options, exit codes, and the errors of `check` word for word."""

import fcntl
import os
import re
import shutil

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
     "3: syntax error: a value is missing, name = value;\n      serial = ;\n               ^"),
    ("server = {\n  group = \"nobody-here\";\n};",
     "2: server.group: there is no group nobody-here"),
    ("shutdown = {\n  command = [\"/sbin/powerof\"];\n};",
     "2: The shutdown command /sbin/powerof cannot be run: No such file or directory"),
    ("shutdown = {\n  command = [\"no-such-program\", \"-f\"];\n};",
     "2: The shutdown command no-such-program cannot be run: No such file or directory"),
    ("shutdown = { command = [\"/bin/true\"];\n  escalation = ( [\"/etc\"] );\n};",
     "2: The shutdown command /etc cannot be run: Permission denied"),
])
def test_check_errors(place, text, error):
    assert check(place, text) == (1, "", f"ups-server: FILE:{error}\n")


def test_check_tells_every_error(place):
    code, output, errors = check(place, "server = {\n  port = 0;\n  www = 1;\n};\npoll = 1;")
    assert (code, output) == (1, "")
    assert [line.split(": ")[0 if n else 1] for n, line in enumerate(errors.splitlines())] \
        == ["FILE:2", "FILE:3", "FILE:5"]


def test_check_looks_at_folders(place):
    """What the daemon would find out at its start, each with what it means."""
    code, output, errors = check(place, """
        server = { www = "/nowhere/www"; eventLog = "/nowhere/event.log"; logToFile = true;
                   logDirectory = "/etc/passwd"; stateDirectory = "/nowhere/state"; };
        shutdown = { command = ["/bin/true"]; };""")
    assert (code, errors) == (0, "")
    for key, effect in [("www", "no dashboard"), ("eventLog", "events are not logged"),
                        ("logDirectory", "Not a directory"), ("stateDirectory", "forgotten")]:
        assert re.search(f"^warning: server.{key}: .*{effect}", output, re.MULTILINE), key
    count = sum(line.startswith("warning: ") for line in output.splitlines())
    assert output.splitlines()[-1] == f"# {count} warnings"


def test_check_says_what_holds(place):
    code, output, errors = check(place, "server = {\n  port = 4711;\n  prot = 1;\n};")
    assert (code, errors) == (0, "")
    assert "port = 4711;  # <- the default is 10024; " in output
    assert "shutdownDelay = 15;  # an integer" in output
    warnings = [line for line in output.splitlines() if line.startswith("warning: ")]
    assert any(":3: " in line and "server.prot" in line and "port" in line for line in warnings)


@pytest.mark.parametrize("words", [["check"], []])
def test_a_missing_file_is_one_line(place, words):
    done = command_line(place, *words, "-c", "/nowhere/ups-server.cfg")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("ups-server: /nowhere/ups-server.cfg")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words, answer", [
    (["statsu"], "there is no command statsu, did you mean status? There are run, check, "),
    (["Cancel"], "there is no command Cancel, did you mean cancel? There are run, "),
    (["poweroff"], "there is no command poweroff. There are run, check, demo, "),
])
def test_a_wrong_command(place, words, answer):
    done = command_line(place, *words)
    assert done.returncode == 64 and done.stdout == ""
    assert done.stderr.startswith(f"ups-server: {answer}") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("typed, seconds", [("90s", 90), ("5m", 300), ("1H", 3600), ("45", 45)])
def test_lengths_of_time(daemon, typed, seconds):
    done = daemon.command("delay", typed)
    assert done.returncode == 0 and f"a delay of {seconds} s" in done.stdout


@pytest.mark.parametrize("typed, error", [
    ("-5", "A delay is 1 to 86400 seconds."), ("0", "A delay is 1 to 86400 seconds."),
    ("25h", "A delay is 1 to 86400 seconds."), ("5x", "90s, 5m"), ("soon", "90s, 5m"),
    ("99999999999999999999", "90s, 5m"), ("99999999999999999h", "90s, 5m"),
])
def test_wrong_lengths_of_time(daemon, typed, error):
    done = daemon.command("delay", typed)
    assert done.returncode != 0 and error in done.stderr


def test_a_measurement_that_is_waited_for(daemon):
    done = daemon.command("measure", "--wait")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d F.* \d+ mΩ|capacit", done.stdout.splitlines()[-1], re.IGNORECASE)
    done = daemon.command("measure", "--wait")
    assert done.returncode == 1 and "less than an hour ago" in done.stderr


def test_who_may_not_ask_learns_how(daemon):
    """Neither of them is read by a user who is neither root nor in the group."""
    closed = daemon.place.write("closed.cfg", "")
    program, stranger = BINARY, []
    if os.geteuid() == 0:
        # Everything is root's here: a stranger needs ways to all of it.
        program = shutil.copy(BINARY, daemon.folder)
        for folder in (daemon.place.path, daemon.folder, f"{daemon.folder}/run"):
            os.chmod(folder, 0o755)
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    for path in (daemon.socket, closed):
        os.chmod(path, 0)
    done = daemon.place.run(*stranger, program, "status", "--socket", daemon.socket)
    assert done.returncode == 4
    assert "the group " in done.stderr and "usermod -aG " in done.stderr
    done = daemon.place.run(*stranger, program, "status", "-c", closed)
    assert done.returncode == 4 and "--socket" in done.stderr


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
    ('server = { user = "nobody-here"; };', "server.user: there is no user nobody-here"),
    ('server = { group = "nobody-here"; };', "server.group: there is no group nobody-here"),
    ('server = { webCommands = "token"; controlTokenFile = "/nowhere"; };',
     "cannot read /nowhere: No such file or directory"),
    ('server = { webCommands = "token"; controlTokenFile = "/dev/null"; };',
     "/dev/null: a control token has at least 16 characters"),
])
def test_check_refuses_what_the_start_refuses(place, text, error):
    code, output, errors = check(place, text)
    assert (code, output, errors) == (1, "", f"ups-server: FILE:1: {error}\n")


def test_check_looks_at_the_host(place, ups):
    """The lock of another program, a password that is none."""
    with open(ups.link, "rb", buffering=0) as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        code, output, errors = check(place, f'''
            server = {{ serial = "{ups.link}"; runtimeDirectory = "{place.path}"; }};
            mqtt = {{ username = "ups"; passwordFile = "/nowhere/password"; }};''')
    assert (code, errors) == (0, "")
    warnings = [line for line in output.splitlines() if line.startswith("warning: ")]
    assert any(f"{ups.link} is in use: process {os.getpid()} " in line for line in warnings)
    assert any("mqtt.passwordFile" in line for line in warnings)


def test_a_start_says_what_is_missing_everywhere(place, ups, broker, subscriber):
    daemon = Daemon(
        place, ups.link, broker, shutdown={"escalation": (["/nowhere/poweroff", "-f"],)}).start()
    text = "The shutdown command /nowhere/poweroff cannot be run: No such file or directory"
    assert text in daemon.status()["problem"]
    assert [event["text"] for event in daemon.events("warning")].count(text) == 1
    wait_until(lambda: daemon.logged(text))
    subscriber.wait_for("problem", "ON")
