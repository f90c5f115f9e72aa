"""NUT's own programs, unpacked from Debian's packages: installed, they would push out apcupsd. They
run with files of their own, and without the right or the means to power anything off."""

import os
import subprocess

from daemon import ROOT
from place import free_port, wait_until

PROGRAMS = ROOT / ".build" / "nut-programs"
_FILES = {
    "nut.conf": "MODE=none\n",
    "ups.conf": "[{ups}]\n driver = dummy-ups\n port = values.dev\n mode = dummy-once\n",
    "upsd.conf": "LISTEN 127.0.0.1 {port}\n",
    "upsd.users": "[admin]\n password = right\n actions = SET\n instcmds = ALL\n"
                  "[monitor]\n password = right\n upsmon secondary\n",
}


def program(name):
    """Debian 12 has some of them in /lib and /sbin, Debian 13 in /usr."""
    found = [path for path in PROGRAMS.glob(f"**/{name}")
             if path.is_file() and os.access(path, os.X_OK) and "etc" not in path.parts
             and "init.d" not in path.parts]
    # upsd has a script of the same name beside it.
    return max(found, key=lambda path: path.stat().st_size)


def environment(folder):
    libraries = ":".join(map(str, PROGRAMS.glob("**/lib/*-linux-gnu")))
    paths = {name: str(folder) for name in ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH")}
    return paths | {"LD_LIBRARY_PATH": libraries}


def run(name, *arguments, timeout=20):
    """(exit code, standard output, standard error)"""
    done = subprocess.run(
        [program(name), *arguments], env=os.environ | environment("/nonexistent"),
        capture_output=True, text=True, timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def start(place, folder, name, *arguments):
    """No capability but those for changing to the user that it is anyway, whoever starts it."""
    drop = ["setpriv", "--bounding-set=-all,+setuid,+setgid", "--inh-caps=-all", "--no-new-privs"]
    wrapper = drop if os.geteuid() == 0 else []
    variables = [f"{key}={value}" for key, value in environment(folder).items()]
    with open(f"{folder}/{name}.log", "ab") as output:
        return place.start(*wrapper, "env", *variables, program(name), *arguments,
                           stdout=output, stderr=subprocess.STDOUT)


class Upsd:
    """upsd with the driver dummy-ups, which says these values."""

    def __init__(self, place, variables, ups="ups"):
        self.port = free_port()
        folder = place.file(f"upsd-{self.port}")
        os.mkdir(folder, 0o700)
        for name, text in _FILES.items():
            place.write(f"{folder}/{name}", text.format(port=self.port, ups=ups), 0o600)
        lines = "".join(f"{name}: {value}\n" for name, value in variables.items())
        place.write(f"{folder}/values.dev", lines, 0o600)
        user = ["-u", "root"] if os.geteuid() == 0 else []
        driver = start(place, folder, "dummy-ups", "-a", ups, "-F", *user)
        wait_until(lambda: os.path.exists(f"{folder}/dummy-ups-{ups}"))
        self.programs = [driver, start(place, folder, "upsd", "-F", *user)]
