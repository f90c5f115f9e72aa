"""The way from a power failure to a host that is off, on a minimal Debian and one with polkit."""

import signal

import pytest
from guest import enable, moment
from harness import boot_time, wait_until

#: From the deadline to the moment at which systemd has the order; this machine may be busy (s).
LATENESS = 1.0
#: Of the unit (s).
WATCHDOG = 5


def power_off_on_time(guest, due):
    """The guest goes down: no sooner than that and hardly later (CLOCK_BOOTTIME)."""
    assert guest.wait_for_end(timeout=due - boot_time() + 20) == "poweroff"
    asked = guest.says("powering this host off", "SYSLOG_IDENTIFIER=ups-server-poweroff")
    assert due <= moment(asked) <= due + LATENESS, moment(asked) - due
    committed = guest.says("Shutting this host down", "SYSLOG_IDENTIFIER=ups-server")
    incident = committed["MESSAGE"].split("[")[1].rstrip("]")
    assert incident in asked["MESSAGE"]
    assert guest.says("Reached target poweroff.target")


@pytest.mark.parametrize("polkit", [False, True])
def test_on_time(guest, polkit):
    guest = guest(polkit=polkit).boot()
    assert guest.run("systemctl", "is-system-running").strip() == "running"
    assert (guest.try_run("systemctl", "is-active", "dbus.socket").returncode == 0) == polkit
    if polkit:
        for mode in ("block", "delay"):
            guest.run("systemd-run", "systemd-inhibit", "--what=shutdown", f"--mode={mode}",
                      "sleep", "infinity")
        wait_until(lambda: "2 inhibitors" in guest.run("systemd-inhibit", "--list"))
    power_off_on_time(guest, guest.ups.power(False) + 3)


def test_power_back_in_time(guest):
    guest = guest().boot()
    due = guest.ups.power(False) + 3
    wait_until(lambda: guest.status("shutdown")["phase"] == "pending")
    guest.ups.power(True)
    wait_until(lambda: boot_time() > due + LATENESS)
    assert guest.is_up and guest.status("shutdown")["phase"] == "idle"
    assert not guest.says("powering this host off")


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_daemon_that_stops(guest, number):
    guest = guest(server={"shutdownDelay": WATCHDOG + 4}).boot()
    due = guest.ups.power(False) + WATCHDOG + 4
    wait_until(lambda: guest.status("shutdown")["phase"] == "pending")
    incident = guest.status("shutdown")["incident"]
    process = guest.main_process()
    guest.run("sh", "-c", f"kill -{number.value} {process}")
    wait_until(lambda: guest.main_process() not in (0, process), WATCHDOG + 3)
    wait_until(lambda: guest.status("shutdown"))
    assert guest.status("shutdown")["incident"] == incident
    power_off_on_time(guest, due)


def test_a_daemon_that_cannot_start_is_tried_for_ever(guest):
    guest = guest().boot()
    guest.run("sh", "-c", "echo nonsense > /etc/default/ups-server.cfg")
    guest.try_run("systemctl", "restart", "ups-server")
    restarts = ["systemctl", "show", "--value", "--property=NRestarts", "ups-server"]
    wait_until(lambda: int(guest.run(*restarts)) > 20, 20)
    assert guest.says("syntax error", "SYSLOG_IDENTIFIER=ups-server")


def test_failing_commands_escalate(guest):
    """Run as root, as who has no path unit may do it."""
    guest = guest(shutdown={
        "command": ["/bin/false"],
        "escalation": (["/nowhere/poweroff"], ["/bin/systemctl", "--force", "poweroff"])})
    guest.write("/etc/systemd/system/ups-server.service.d/root.conf", "[Service]\nUser=root\n")
    guest.boot()
    due = guest.ups.power(False) + 3
    assert guest.wait_for_end() == "poweroff"
    for text in ("command 1 ended with exit code 1", "command 2 failed", "command 3 started"):
        entry = guest.says(text)
        assert due <= moment(entry) <= due + LATENESS, text


def test_a_missing_path_unit_escalates(guest):
    guest = guest(shutdown={"escalation": (["/bin/touch", "/run/ups-server/next"],)})
    guest.boot()
    guest.run("systemctl", "stop", "ups-server-poweroff.path")
    due = guest.ups.power(False) + 3
    wait_until(lambda: guest.says("command 2 ended with exit code 0"), 15)
    assert moment(guest.says("the power-off is requested")) <= due + LATENESS
    assert moment(guest.says("command 2 started")) >= due + 5
    guest.run("test", "-e", "/run/ups-server/next")


HANGING = """
[Service]
{user}
ExecStart=@/bin/sh {name} -c 'trap "" TERM; while :; do sleep 1; done'
ExecStop=/bin/sleep infinity
TimeoutStopSec=infinity
[Install]
WantedBy=multi-user.target
"""
# Does its work at once, and takes half a second to end.
SLOW_TO_END = """
cp /usr/bin/systemctl /usr/bin/systemctl.real
cat > /usr/bin/systemctl.new << "EOF"
#!/bin/sh
systemctl.real "$@"
code=$? count=0
trap "" TERM
if [ "$1" = --force ]; then while [ $count -lt 400000 ]; do count=$((count + 1)); done; fi
exit $code
EOF
chmod 755 /usr/bin/systemctl.new
mv /usr/bin/systemctl.new /usr/bin/systemctl
"""


@pytest.mark.parametrize("user, name", [("", "sh"), ("User=nobody", "@sh")])
def test_a_stop_job_that_hangs(guest, user, name):
    """What is called as if it stored the root file system is spared only where it is root's. The
    store lasts 10 s, of which 1 s is reserved: 9 s after the outage it is enough. The end waits for
    nothing that was started for it."""
    guest = guest(
        server={"shutdownDelay": 2}, ups={"maxBackupTime": 10},
        shutdown={"hostShutdownTime": 3, "reserve": 1})
    enable(guest, "hanging.service", HANGING.format(user=user, name=name), "multi-user.target")
    guest.boot()
    guest.run("sh", "-euc", SLOW_TO_END)
    failed = guest.ups.power(False)
    wait_until(lambda: guest.says("Stopping hanging.service"), 10)
    # The daemon stays as long as anything does, and knows that this host is being stopped.
    wait_until(lambda: boot_time() > failed + 8, 10)
    assert guest.status("status") == "shutting_down"
    assert not guest.says("command 2")
    assert guest.wait_for_end() == "poweroff"
    # The time of this machine, at which the guest was gone.
    gone = boot_time()
    assert failed + 8 <= moment(guest.says("ended by force")) <= failed + 9 + LATENESS
    assert gone <= failed + 10 + 3, guest.console()
    guest.ups.power(True)
    guest.boot()
    assert guest.says("Last outage: the shutdown had no end")
    assert guest.says("The last shutdown was ended by force", "PRIORITY=4")
