"""The package under test, others made from it or in its name, and guests to install them on."""

import os
import pathlib
import shutil

from guest import BASES, DROP_IN, PTY_ALLOWED, Guest, run
from harness import ROOT

FOLDER = pathlib.Path(os.environ.get("UPS_PACKAGE", ROOT / ".build" / "package"))
CONFIGURATION = "/etc/default/ups-server.cfg"


def package():
    """The .deb that build.sh made."""
    [path] = FOLDER.glob("ups-server_*.deb")
    return path


def changes():
    """What dpkg-buildpackage says about all that it made."""
    [path] = FOLDER.glob("ups-server_*.changes")
    return path


def field(name):
    return run("dpkg-deb", "-f", package(), name).strip()


def newer(place):
    """The same package with a higher version."""
    folder = place.file("newer")
    run("dpkg-deb", "-R", package(), folder)
    control = pathlib.Path(folder, "DEBIAN/control")
    control.write_text(control.read_text().replace(
        f"Version: {field('Version')}\n", "Version: 99\n"))
    return _built(folder, place)


#: Every key of the C program's configuration; the path of the event log is spelled as it was.
_C_CONFIGURATION = """server =
{
    ip = "127.0.0.1"; # Websocket server listen IP
    port = 10024;
    serial = "/dev/ttyUSB0";
    user = -1;
    group = -1;
    daemonize = false;
    logToFile = false;
    shutdownByTime = true;
    shutdownDelay = 15;
    shutdownBySoc = false;
    shutdownSocPercent = 25;
    eventLog = "/var/lib/ups--server/event.log";
},
ups = {
    inputVoltage = 12.4;
    batteryVoltage = 10.4;
    powerReturnPercent = 90;
    maxBackupTime = 60;
    wakeupDelay = 8;
    maxAmps = 5;
}
"""
_C_SCRIPT = """#!/bin/sh
set -e
useradd --system ups --home-dir /usr/share/ups-server
usermod --append --groups dialout ups
chmod u+s /sbin/poweroff
mkdir -p /var/lib/ups-server
chown ups /var/lib/ups-server
deb-systemd-helper enable ups-server.service
deb-systemd-invoke start ups-server.service
"""
_C_FILES = {
    "DEBIAN/control": """Package: ups-server
Version: 1.0.5
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: has the places, the user and the scripts of the C program's package
""",
    "DEBIAN/conffiles": f"{CONFIGURATION}\n",
    "DEBIAN/postinst": _C_SCRIPT,
    "DEBIAN/prerm": "#!/bin/sh\n[ \"$1\" != remove ] || deb-systemd-invoke stop ups-server\n",
    "etc/default/ups-server.cfg": _C_CONFIGURATION,
    "lib/systemd/system/ups-server.service":
        "[Service]\nUser=ups\nExecStart=/opt/ups-server/ups-server\nRestart=always\n"
        "RestartSec=30\n[Install]\nWantedBy=default.target\n",
    "opt/ups-server/ups-server": "#!/bin/sh\nexec sleep infinity\n",
    "opt/www/ups-server/index.html": "the C program's\n",
    "opt/www/ups-server/js/index.js": "the C program's\n",
}


def of_the_c_program(place):
    """A package of the same name as the C program's was."""
    folder = place.file("original")
    for name, text in _C_FILES.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if text.startswith("#!") else 0o644)
    return _built(folder, place)


def _built(folder, place):
    path = place.file(f"{os.path.basename(folder)}.deb")
    run("dpkg-deb", "--root-owner-group", "-b", folder, path)
    return path


class Host(Guest):
    """A guest with all that the package depends on, but not the package."""

    def __init__(self, place, suite):
        super().__init__(place, suite, f"{BASES}/{suite}-packages", configured=False)
        self.write(DROP_IN, PTY_ALLOWED)

    def take(self, path):
        """A file of this machine, copied to the same place in the running guest."""
        target = pathlib.Path(f"/proc/{self.leader}/root/root/{os.path.basename(path)}")
        shutil.copy(path, target)
        return f"/root/{target.name}"

    def install(self, path, *options):
        """What dpkg says."""
        return self.run("dpkg", *options, "-i", self.take(path))

    def configure(self, **values):
        """Changes keys of the installed file and starts the daemon again with them."""
        for key, value in values.items():
            self.run("sed", "-i", f"s|^\\( *{key} = \\).*;|\\1{value};|", CONFIGURATION)
        self.run("systemctl", "restart", "ups-server")

    def property(self, name, unit="ups-server"):
        return self.run("systemctl", "show", "--value", f"--property={name}", unit).strip()

    def seconds(self, first, last):
        """Between two of the unit's moments, such as "InactiveExit" and "ActiveEnter"."""
        moments = [int(self.property(f"{name}TimestampMonotonic")) for name in (first, last)]
        return (moments[1] - moments[0]) / 1e6
