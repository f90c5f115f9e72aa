"""What the units are allowed, and what the installation leaves behind."""

import pathlib

UNITS = ["ups-server.service", "ups-server-poweroff.path", "ups-server-poweroff.service",
         "ups-server-stopping.service"]
#: Of `systemd-analyze security`, times ten.
EXPOSURE = 15


def test_units(guest):
    guest = guest().boot()
    result = guest.try_run("systemd-analyze", "verify", "--man=no", *UNITS)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    guest.run("systemd-analyze", "security", f"--threshold={EXPOSURE}", "ups-server.service")


def test_nothing_is_setuid(layer):
    files = [path for path in pathlib.Path(layer).rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if path.lstat().st_mode & 0o6000] == []


def test_nothing_is_writable(guest):
    """Compared with a user who owns nothing; /proc and /sys have their own rules."""
    guest = guest().boot()

    def writable(user, group):
        found = guest.try_run(
            "setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups",
            "find", "/", "(", "-path", "/proc", "-o", "-path", "/sys", ")", "-prune", "-o",
            "-writable", "-not", "-type", "l", "-print")
        return set(found.stdout.split())

    more = writable("ups-server", "ups-server") - writable("nobody", "nogroup")
    own = ("/run/ups-server", "/var/lib/ups-server")
    assert any(path.startswith(own) for path in more)
    # The serial line belongs to the group dialout.
    assert [path for path in more if not path.startswith(own + ("/dev/tty",))] == []
