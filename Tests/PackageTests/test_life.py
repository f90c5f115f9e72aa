"""The life of the package on hosts that are booted: installed, upgraded, removed."""

import json
import os

from guest import DROP_IN, TTY, moment
from harness import boot_time, wait_until
from package import CONFIGURATION, newer, of_the_c_program, package

#: From the deadline to the moment at which systemd has the order; this machine may be busy (s).
LATENESS = 1.0
# Where dpkg and systemd note things about every package, and what lies in memory.
_NOTES = ("/proc/", "/sys/", "/dev/", "/run/", "/tmp/", "/root/", "/var/log/", "/var/lib/dpkg/",
          "/var/cache/", "/var/lib/systemd/catalog/", "/var/lib/mosquitto/")


def online(host):
    """Gives the daemon its UPS."""
    host.configure(serial=f'"{TTY}"')
    wait_until(lambda: host.status("soc") is not None, 10)


def powers_off(host, due):
    """No sooner than that and hardly later (CLOCK_BOOTTIME)."""
    assert host.wait_for_end(timeout=due - boot_time() + 20) == "poweroff"
    asked = host.says("powering this host off", "SYSLOG_IDENTIFIER=ups-server-poweroff")
    assert due <= moment(asked) <= due + LATENESS, moment(asked) - due


def test_from_the_installation_to_the_outage(host):
    host.install(package())
    assert host.property("ActiveState") == "active"
    assert host.seconds("InactiveExit", "ActiveEnter") < 1
    assert host.property("UnitFileState") == "enabled"
    assert host.property("ActiveState", "ups-server-poweroff.path") == "active"
    # It waits for a UPS that is not there.
    wait_until(lambda: host.status("link") == "lost")
    assert host.property("NRestarts") == "0"
    online(host)
    assert "STATUS   : ONLINE" in host.run("apcaccess", "status", "127.0.0.1:10024")
    assert "<title>" in host.run("curl", "-sf", "http://127.0.0.1:10024/")
    assert "dygraph" in host.run("curl", "-sfL", "http://127.0.0.1:10024/lib/dygraph.js")
    topic = ("mosquitto_sub", "-h", "127.0.0.1", "-t", "ups/+/status", "-C", "1", "-W", "10")
    assert host.run(*topic).strip() == "online"
    powers_off(host, host.ups.power(False) + 15)


def test_an_upgrade_in_a_countdown(host, place):
    host.install(package())
    online(host)
    host.configure(shutdownDelay=12)
    configured = host.run("cat", CONFIGURATION)
    wait_until(lambda: host.status("soc") is not None, 10)
    update = host.take(newer(place))
    due = host.ups.power(False) + 12
    before = wait_until(lambda: host.status("shutdown")["deadline"] and host.status("shutdown"))
    host.run("dpkg", "-i", update)
    assert host.property("ActiveState") == "active"
    assert host.seconds("ActiveExit", "ActiveEnter") < 2
    after = host.status("shutdown")
    assert (after["phase"], after["incident"]) == ("pending", before["incident"])
    assert host.run("cat", CONFIGURATION) == configured
    powers_off(host, due)


def test_from_the_c_program(host, place):
    host.install(of_the_c_program(place))
    host.run("sed", "-i", f's|/dev/ttyUSB0|{TTY}|; s|= 15;|= 17;|', CONFIGURATION)
    configured = host.run("cat", CONFIGURATION)
    assert host.try_run("test", "-u", "/sbin/poweroff").returncode == 0
    assert host.property("User") == "ups"
    said = host.install(package(), "--force-confold")
    assert "removing the setuid bit" in said
    assert host.try_run("test", "-u", "/sbin/poweroff").returncode != 0
    assert host.run("cat", CONFIGURATION) == configured
    checked = host.run("ups-server", "check")
    assert f'serial = "{TTY}"' in checked and "shutdownDelay = 17" in checked
    wait_until(lambda: host.status("soc") is not None, 10)
    assert host.property("User") == "ups-server"
    assert host.property("ActiveState", "ups-server-poweroff.path") == "active"
    assert host.says("cannot open /var/lib/ups--server/event.log")
    assert host.property("UnitFileState") == "enabled"
    assert host.try_run("test", "-e", "/opt/www/ups-server/js").returncode != 0
    host.run("dpkg", "--purge", "ups-server")
    left = host.run("find", "/", "-xdev", "-name", "*ups-server*").split()
    assert set(left) == {os.path.dirname(DROP_IN), f"/root/{package().name}"}


def everything(host):
    """The files with their rights, the users, the groups and the units of the host."""
    lines = host.run("find", "/", "-xdev", "-printf", "%p %M %u %g\n").splitlines()
    found = {line for line in lines if not line.startswith(_NOTES)}
    for database in ("passwd", "group"):
        found |= {f"{database} {line}" for line in host.run("getent", database).splitlines()}
    units = json.loads(host.run("systemctl", "list-unit-files", "--output=json"))
    return found | {f"unit {unit['unit_file']} {unit['state']}" for unit in units}


def test_removed_and_purged(host):
    before = everything(host)
    host.install(package())
    online(host)
    host.configure(logToFile="true")
    wait_until(lambda: ".csv" in host.run("ls", "/var/lib/ups-server"))
    host.run("dpkg", "--remove", "ups-server")
    assert TTY in host.run("cat", CONFIGURATION)
    assert host.run("cat", "/var/lib/ups-server/event.log")
    assert host.property("LoadState") == "not-found"
    host.run("dpkg", "--purge", "ups-server")
    assert everything(host) ^ before == set()
    assert host.run("find", "/run", "-name", "*ups-server*") == ""
