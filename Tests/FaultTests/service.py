"""The daemon as the package's service runs it: as a user without rights, who requests the power-off
by a file. There is no program on its PATH that could do more."""

import os

from harness import boot_time, merged

#: Nobody else has it.
USER = 54321


def give(path, user=USER):
    """The file or folder, and all in it, belongs to the user."""
    os.chown(path, user, user)
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            os.chown(os.path.join(folder, name), user, user, follow_symlinks=False)


def run_as_user(daemon, ups, **groups):
    """The daemon changes to the user by itself, as soon as it starts."""
    assert os.geteuid() == 0, "this test needs root: the daemon changes to a user without rights"
    daemon.configure(**merged({"server": {"user": USER, "group": USER}}, groups))
    os.chmod(daemon.place.path, 0o755)
    give(daemon.folder)
    give(os.path.realpath(ups.link))


class Service:
    """Put its `wrapper` in front of the daemon. Whoever is not root stays who he is."""

    def __init__(self, place, daemon, ups):
        built_in = {"shutdown": {"command": []}}
        if os.geteuid() == 0:
            run_as_user(daemon, ups, **built_in)
        else:
            daemon.configure(**built_in)
        self._request = f"{daemon.folder}/run/poweroff-request"
        self.wrapper = (
            "env", f"PATH={place.file('no-programs')}",
            "/bin/sh", "-c", 'SYSTEMD_EXEC_PID=$$ exec "$0" "$@"')

    @property
    def requested(self):
        """When the file appeared (CLOCK_BOOTTIME), up to a look ago; None: not yet."""
        try:
            with open(self._request, encoding="utf-8") as file:
                return boot_time() if "ACTION=poweroff" in file.read() else None
        except FileNotFoundError:
            return None
