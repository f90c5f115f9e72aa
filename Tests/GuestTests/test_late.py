"""The late hook: what the UPS is told when the file systems of the guest are down, and a power-off
that becomes a reboot because power is back."""

import re

import pytest
from disk import Disk
from guest import enable, moment
from harness import boot_time, wait_until

ORDER = "/run/ups-server/late-order"
MARKS = "/run/ups-server-poweroff"
HOOK = "/usr/lib/systemd/system-shutdown/ups-server"
_CUT = re.compile(r"the output goes off in 2 s, asked for at (\d+\.\d+)")

# The last file system to go, and a service that takes its time to stop.
_MOUNT = """[Mount]
What=tmpfs
Where=/srv
Type=tmpfs
[Install]
WantedBy=local-fs.target
"""
_SLOW = """[Service]
ExecStart=/bin/sleep infinity
ExecStop=/bin/sleep 2
[Install]
WantedBy=multi-user.target
"""


@pytest.fixture
def late(place, guest):
    """Makes a guest with a kernel log that can be read, a file system and a slow service."""
    def make(options=(), **groups):
        log = place.write("kmsg", "")
        made = guest(options=(f"--bind={log}:/dev/kmsg", *options), **groups)
        enable(made, "srv.mount", _MOUNT, "local-fs.target")
        enable(made, "slow.service", _SLOW, "multi-user.target")
        made.kernel_log = lambda: place.read("kmsg")
        return made
    return make


def cut_moment(guest):
    """When the UPS was told to cut its output (CLOCK_BOOTTIME); None: never."""
    found = _CUT.search(guest.ups.text())
    return float(found.group(1)) if found else None


def is_behind_the_file_systems(guest, when):
    # Debian 12 calls the unit by its description.
    unmounted = guest.says("Unmounted srv.mount") or guest.says("Unmounted /srv")
    return moment(unmounted) < when and moment(guest.says("Reached target poweroff.target")) < when


def fail_power(guest, until="Stopping slow.service"):
    """To the moment at which the shutdown is under way. The moment of the failure."""
    failed = guest.ups.power(False)
    wait_until(lambda: guest.says(until), 15)
    return failed


@pytest.mark.parametrize("cut", ["never", "onBattery", "always"])
def test_on_battery(late, cut):
    guest = late(shutdown={"cutOutput": cut}).boot()
    fail_power(guest)
    assert guest.wait_for_end() == "poweroff"
    if cut == "never":
        assert cut_moment(guest) is None
    else:
        assert is_behind_the_file_systems(guest, cut_moment(guest))
        assert "the order to cut the output was acknowledged" in guest.kernel_log()
    assert "there is no power" in guest.kernel_log() or cut == "always"


@pytest.mark.parametrize("cut", ["never", "onBattery", "always"])
def test_power_back_before_the_end(late, cut):
    guest = late(shutdown={"cutOutput": cut}).boot()
    fail_power(guest)
    guest.ups.power(True)
    assert guest.wait_for_end() == "reboot"
    assert guest.says("Reached target poweroff.target")
    assert "there is power" in guest.kernel_log() and "rebooting" in guest.kernel_log()
    assert (cut_moment(guest) is not None) == (cut == "always")


def test_a_daemon_that_dies_after_the_commit(late):
    guest = late(shutdown={"cutOutput": "onBattery"}).boot()
    fail_power(guest)
    guest.run("sh", "-c", f"kill -9 {guest.main_process()}")
    assert guest.wait_for_end() == "poweroff"
    assert is_behind_the_file_systems(guest, cut_moment(guest))


def test_power_back_and_no_reboot_wanted(late):
    guest = late(shutdown={"cutOutput": "onBattery", "rebootIfPowerReturned": False}).boot()
    fail_power(guest)
    guest.ups.power(True)
    assert guest.wait_for_end() == "poweroff"
    assert cut_moment(guest) is None


def test_whom_the_ups_asked_stays_off(late):
    guest = late(shutdown={"cutOutput": "always"}).boot()
    guest.ups.say("request on")
    assert guest.wait_for_end() == "poweroff"
    assert guest.says("the UPS asked for it")
    assert is_behind_the_file_systems(guest, cut_moment(guest))


def test_a_reboot_is_none_of_its_business(late):
    guest = late(
        shutdown={"cutOutput": "always", "command": ["/bin/systemctl", "--no-block", "reboot"]})
    guest.write("/etc/systemd/system/ups-server.service.d/root.conf", "[Service]\nUser=root\n")
    guest.boot()
    fail_power(guest)
    assert guest.wait_for_end() == "reboot"
    assert cut_moment(guest) is None and guest.kernel_log() == ""


def test_an_order_of_another_boot(late):
    guest = late(shutdown={"cutOutput": "always"}).boot()
    guest.run("systemctl", "stop", "ups-server")
    guest.run("sh", "-c", f"""cat > {ORDER} << END
BOOT_ID=1f0c8b52-8e0d-4d0f-9c3a-0123456789ab
INCIDENT=1f0c8b52-1
REASON=time
BOOTTIME={int(boot_time())}
SERIAL=/dev/ttyUPS
CUT_OUTPUT=always
REBOOT_IF_POWER_RETURNED=yes
END
chown ups-server: {ORDER}""")
    guest.run("systemctl", "poweroff")
    assert guest.wait_for_end() == "poweroff"
    assert cut_moment(guest) is None
    assert "not acted on: it was written by another boot" in guest.kernel_log()


@pytest.mark.parametrize("dry", [True, False])
def test_neither_dry_run_nor_drill(late, dry):
    guest = late(shutdown={"cutOutput": "always", "dryRun": dry}).boot()
    if dry:
        guest.ups.power(False)
    else:
        guest.run("ups-server", "drill", 60)
    wait_until(lambda: guest.status("shutdown")["phase"] == "committed")
    assert guest.try_run("test", "-e", ORDER).returncode == 1
    guest.run("systemctl", "poweroff")
    assert guest.wait_for_end() == "poweroff"
    assert cut_moment(guest) is None and guest.kernel_log() == ""


def test_a_start_of_the_daemon_removes_an_order(guest):
    guest = guest().boot()
    guest.run("sh", "-c", f"echo > {ORDER}")
    guest.run("systemctl", "restart", "ups-server")
    wait_until(lambda: guest.try_run("test", "-e", ORDER).returncode == 1)


def forge(guest, serial, marked=True):
    """An order as the user of the daemon can write it, while the daemon does not run; `marked`:
    behind a request that root has carried out."""
    guest.run("systemctl", "stop", "ups-server")
    boot = guest.run("cat", "/proc/sys/kernel/random/boot_id").strip()
    if marked:
        guest.run("sh", "-c", f"""mkdir -p -m 700 {MARKS}; cat > {MARKS}/carried-out << END
BOOT_ID={boot}
INCIDENT=x
BOOTTIME={int(boot_time())}
END""")
    guest.run("setpriv", "--reuid=ups-server", "--regid=ups-server", "--clear-groups", "sh", "-c",
              f"""cat > {ORDER} << END
BOOT_ID={boot}
INCIDENT=x
REASON=time
BOOTTIME={int(boot_time())}
SERIAL={serial}
CUT_OUTPUT=always
REBOOT_IF_POWER_RETURNED=yes
END""")


@pytest.mark.parametrize(
    "serial", ["/dev/ttyUPS", "/dev/full", "/srv/file", "/dev/nothing", "/srv/pipe"])
def test_a_forged_order_gains_nothing(late, serial):
    """What its user could not write to, or is no serial line, is not written to."""
    guest = late(shutdown={"cutOutput": "always"}).boot()
    forge(guest, serial)
    guest.run("sh", "-c", "chown root: /dev/ttyUPS; chmod 600 /dev/ttyUPS")
    guest.run("sh", "-c", "echo whole > /srv/file; chmod 600 /srv/file; mkfifo /srv/pipe")
    guest.run(HOOK, "poweroff")
    assert guest.run("cat", "/srv/file") == "whole\n"
    assert serial in guest.kernel_log() and cut_moment(guest) is None
    assert guest.is_up and guest.try_run("test", "-e", ORDER).returncode == 1


def test_a_power_off_by_others_stays_one(late):
    """There is power, and the order says that the host is to come back then."""
    guest = late(shutdown={"cutOutput": "always"}).boot()
    forge(guest, "/dev/ttyUPS", marked=False)
    guest.run("systemctl", "poweroff")
    assert guest.wait_for_end() == "poweroff"
    assert "this power-off is not the daemon's" in guest.kernel_log()
    assert cut_moment(guest) is None


def test_a_program_of_its_own_needs_no_request(late):
    """Run without rights, as by a rule of polkit: here a word on which root powers off."""
    guest = late(shutdown={"command": ["/bin/touch", "/run/ups-server/word"]})
    enable(guest, "word.path", "[Path]\nPathExists=/run/ups-server/word\n[Install]\n"
           "WantedBy=multi-user.target\n", "multi-user.target")
    guest.write("/etc/systemd/system/word.service",
                "[Service]\nExecStart=/bin/systemctl --no-block poweroff\n")
    guest.boot()
    fail_power(guest)
    guest.ups.power(True)
    assert guest.wait_for_end() == "reboot"


def test_a_line_that_cannot_even_be_opened_takes_two_seconds(place, late):
    disk = Disk(place, "dead")
    guest = late(options=(f"--bind={disk.path}:/mnt",)).boot()
    forge(guest, "/mnt/tty")
    guest.run("ls", "/mnt")
    disk.die()
    started = boot_time()
    guest.run(HOOK, "poweroff")
    assert 1.9 < boot_time() - started < 3


def test_a_ups_that_does_not_answer_takes_two_seconds(late):
    guest = late(shutdown={"cutOutput": "always"}).boot()
    fail_power(guest)
    guest.ups.say("fault mute 100000")
    assert guest.wait_for_end() == "poweroff"
    down = moment(guest.says("Reached target poweroff.target"))
    assert boot_time() - down < 2 + 3
    assert "the order to cut the output was unanswered" in guest.kernel_log()
