"""What the next start tells of a shutdown, and what it says about the host."""

import re

import pytest
from guest import enable
from harness import wait_until

_SLOW = """[Service]
ExecStart=/bin/sleep infinity
ExecStop=/bin/sleep 3
[Install]
WantedBy=multi-user.target
"""
_STORY = re.compile(r"""
\S+ \S+ \S+\tLast outage: power failed at \S+ \S+ \S+ \[\w+-1\]
\S+ \S+ \S+\tLast outage: this host was shut down at \S+ \S+ \S+, because the delay is over
\S+ \S+ \S+\tLast outage: the shutdown took (\d+) s; this host is back at \S+ \S+ \S+
""")


@pytest.mark.parametrize("needed", [1, 20])
def test_an_outage(guest, needed):
    guest = guest(shutdown={"hostShutdownTime": needed})
    enable(guest, "slow.service", _SLOW, "multi-user.target")
    guest.boot()
    assert "hostShutdownTime" not in (guest.status("problem") or "")
    guest.ups.power(False)
    assert guest.wait_for_end() == "poweroff"
    guest.ups.power(True)
    guest.boot()
    log = guest.run("cat", "/var/lib/ups-server/event.log")
    took = int(_STORY.search(log).group(1))
    assert 3 <= took <= 6
    for text in ("power failed at", "this host was shut down at", "the shutdown took"):
        assert guest.says(f"Last outage: {text}", "SYSLOG_IDENTIFIER=ups-server")
    problem = guest.status("problem") or ""
    if needed == 1:
        assert f"took {took} s" in problem and "hostShutdownTime is 1 s, set it to 10" in problem
        assert "set it to 10" in guest.run("ups-server", "check")
        assert guest.says("set it to 10", "PRIORITY=4")
    else:
        assert "hostShutdownTime" not in problem
    # It is told once.
    guest.run("systemctl", "restart", "ups-server")
    wait_until(lambda: guest.status("soc") is not None)
    assert guest.run("cat", "/var/lib/ups-server/event.log").count("power failed at") == 1


def test_no_outage_has_no_story(guest):
    guest = guest().boot()
    guest.run("systemctl", "poweroff")
    assert guest.wait_for_end() == "poweroff"
    guest.boot()
    assert "Last outage" not in guest.run("cat", "/var/lib/ups-server/event.log")


@pytest.mark.parametrize("damage, warning", [
    ("systemctl mask --now ups-server-poweroff.path", "cannot be powered off"),
    ("rm /usr/lib/systemd/system-shutdown/ups-server", "have no effect"),
    ("chown root: /dev/ttyUPS; chmod 600 /dev/ttyUPS", "open only to the group root"),
    ("chown root: /run/ups-server; chmod 700 /run/ups-server", "belongs to another user"),
])
def test_check_and_start_see_what_is_missing(guest, damage, warning):
    guest = guest().boot()
    wait_until(lambda: guest.says("The way to power this host off works"))
    assert "warning: " not in guest.run("ups-server", "check")
    guest.run("sh", "-c", damage)
    assert warning in guest.run("ups-server", "check")
    if "ups-server;" in damage:
        # systemd repairs it.
        return
    guest.run("systemctl", "restart", "ups-server")
    wait_until(lambda: guest.says(warning, "PRIORITY=4", "SYSLOG_IDENTIFIER=ups-server"), 25)
    wait_until(lambda: warning in (guest.status("problem") or ""), 25)


def test_a_second_program_on_the_line(guest):
    guest = guest().boot()
    guest.run("systemctl", "stop", "ups-server")
    guest.run("systemd-run", "sh", "-c", "exec sleep infinity < /dev/ttyUPS")
    wait_until(lambda: "(sleep) holds it" in guest.run("ups-server", "check"))
