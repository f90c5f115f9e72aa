"""The file that asks for the power-off, in the hands of others than the daemon."""

import time

import pytest
from guest import enable, moment
from harness import boot_time, wait_until

FOLDER = "/run/ups-server"
REQUEST = f"{FOLDER}/poweroff-request"
FROM_ROOT = "SYSLOG_IDENTIFIER=ups-server-poweroff"
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
    wait_until(lambda: guest.says(text, FROM_ROOT))
    wait_until(lambda: guest.try_run("test", "-e", REQUEST).returncode != 0)
    # The unit stays for a moment, so that it cannot be started too often.
    wait_until(lambda: guest.run("systemctl", "list-jobs", "--no-legend") == "", 5)
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
    ("not complete", {"BOOTTIME": "9" * 30}), ("not complete", {"INCIDENT": "<0>x"}),
    ("cannot read", {"INCIDENT": "x\r\n<0>y"}),
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
    "mkdir -p {request}/x", "mkfifo {request}",
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


def starts(guest):
    """How often root has looked at a request."""
    return len(guest.journal(
        "UNIT=ups-server-poweroff.service", "JOB_TYPE=start", "JOB_RESULT=done"))


def test_what_stands_in_the_way_is_gone_and_the_right_one_acts(guest):
    """However often: systemd would give up a unit that is started too often."""
    guest = guest().boot()
    guest.run("systemctl", "stop", "ups-server")
    guest.run("setpriv", *AS_DAEMON[1:], "sh", "-c",
              f"while :; do mkdir -p {REQUEST}/x; done 2> /dev/null & sleep 4; kill $!")
    wait_until(lambda: guest.try_run("test", "-e", REQUEST).returncode != 0)
    assert 2 <= starts(guest) <= 7
    place_request(guest, contents(guest))
    assert guest.wait_for_end() == "poweroff"


def test_a_sticky_folder(guest):
    """In one that belongs to another user even root may not remove every file."""
    guest = guest().boot()
    wait_until(lambda: guest.says("The way to power this host off works"))
    guest.run("systemctl", "stop", "ups-server")
    guest.run(*AS_DAEMON, "chmod", "1700", FOLDER)
    before = starts(guest)
    place_request(guest, contents(guest, ACTION="rehearse"))
    time.sleep(3)
    assert guest.try_run("test", "-e", REQUEST).returncode != 0
    assert starts(guest) - before == 1


SLOW = """[Service]
ExecStart=/bin/sleep infinity
ExecStop=/bin/sleep 3
[Install]
WantedBy=multi-user.target
"""


@pytest.mark.parametrize("age", [0, 29])
def test_every_service_is_given_some_seconds(guest, age):
    guest = guest()
    enable(guest, "slow.service", SLOW, "multi-user.target")
    guest.boot()
    place_request(guest, contents(guest, age=age, GRACE=1))
    assert guest.wait_for_end() == "poweroff"
    assert guest.says("powering this host off") and not guest.says("ended by force")
    stopped = moment(guest.says("Stopped slow.service"))
    assert stopped - moment(guest.says("Stopping slow.service")) > 2.9


def test_the_power_goes_off_whatever_hangs(guest):
    """Here the first program that is to shut the guest down: it never ends."""
    guest = guest()
    guest.write("/srv/systemctl", "#!/bin/sh\nexec /bin/sleep infinity\n", 0o755)
    guest.write("/etc/systemd/system/ups-server-poweroff.service.d/path.conf",
                "[Service]\nEnvironment=PATH=/srv\n")
    guest.boot()
    placed = boot_time()
    place_request(guest, contents(guest, GRACE=6))
    assert guest.wait_for_end() == "poweroff"
    assert placed + 6 + 8 - 1 < boot_time() < placed + 6 + 8 + 3
    assert not guest.says("poweroff.target")
