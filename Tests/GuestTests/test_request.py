"""The file that asks for the power-off, in the hands of others than the daemon."""

import pytest
from harness import boot_time, wait_until

FOLDER = "/run/ups-server"
REQUEST = f"{FOLDER}/poweroff-request"
AS_DAEMON = ("setpriv", "--reuid=ups-server", "--regid=ups-server", "--clear-groups")


def contents(guest, age=0, **changes):
    boot = guest.run("cat", "/proc/sys/kernel/random/boot_id").strip()
    lines = {"BOOT_ID": boot, "INCIDENT": "x-1", "BOOTTIME": int(boot_time()) - age,
             "GRACE": 60, "ACTION": "poweroff", **changes}
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def place_request(guest, text, user=AS_DAEMON):
    """As the daemon does: it appears whole."""
    script = f"printf '%s' \"$1\" > {FOLDER}/draft && mv {FOLDER}/draft {REQUEST}"
    guest.run(*user, "sh", "-c", script, "sh", text)


def nothing_happens(guest, text):
    wait_until(lambda: guest.says(text, "SYSLOG_IDENTIFIER=ups-server-poweroff"))
    wait_until(lambda: guest.try_run("test", "-e", REQUEST).returncode != 0)
    assert guest.run("systemctl", "list-jobs", "--no-legend") == ""
    assert guest.run("systemctl", "is-active", "ups-server-poweroff.path").strip() == "active"
    assert not guest.says("powering this host off")


def test_the_right_one(guest):
    guest = guest().boot()
    place_request(guest, contents(guest))
    assert guest.wait_for_end() == "poweroff"
    assert guest.says("powering this host off (x-1)")


@pytest.mark.parametrize("text, change", [
    ("30 s ago", {"age": 31}), ("30 s ago", {"age": -60}), ("30 s ago", {"BOOTTIME": -1}),
    ("another boot", {"BOOT_ID": "1f0c8b52-8e0d-4d0f-9c3a-0123456789ab"}),
    ("not complete", {"ACTION": "reboot"}), ("not complete", {"GRACE": 0}),
    ("not complete", {"BOOTTIME": "9" * 30}),
])
def test_a_wrong_one(guest, text, change):
    guest = guest().boot()
    place_request(guest, contents(guest, **change))
    nothing_happens(guest, text)


def test_of_somebody_else(guest):
    guest = guest().boot()
    place_request(guest, contents(guest), user=())
    nothing_happens(guest, "belongs to somebody else")


@pytest.mark.parametrize("command", [
    "ln -s {folder}/right {request}", "ln {folder}/right {request}", "mkdir {request}",
    "mkfifo {request}",
])
def test_no_plain_file(guest, command):
    guest = guest().boot()
    guest.run(*AS_DAEMON, "sh", "-c", f"printf '%s' \"$1\" > {FOLDER}/right", "sh",
              contents(guest))
    words = command.format(folder=FOLDER, request=REQUEST)
    guest.run(*AS_DAEMON, "sh", "-c", words)
    nothing_happens(guest, "is not acted on")


def test_an_old_one_and_a_restart_of_the_path_unit(guest):
    guest = guest().boot()
    guest.run("systemctl", "stop", "ups-server-poweroff.path")
    place_request(guest, contents(guest, age=31))
    guest.run("systemctl", "start", "ups-server-poweroff.path")
    nothing_happens(guest, "30 s ago")


def test_a_start_of_the_daemon_removes_it(guest):
    guest = guest().boot()
    guest.run("systemctl", "mask", "--now", "--runtime", "ups-server-poweroff.path")
    place_request(guest, contents(guest))
    guest.run("systemctl", "restart", "ups-server")
    # It may have left a rehearsal by now.
    assert "ACTION=poweroff" not in guest.try_run("cat", REQUEST).stdout
