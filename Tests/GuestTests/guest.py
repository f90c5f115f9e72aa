"""A guest: a real systemd on top of a minimal Debian, in namespaces of its own, with the service
installed by `make install`. Boots in about half a second and is thrown away."""

import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from harness import BINARY, ROOT, Simulator, merged, text_of, wait_until

HERE = pathlib.Path(__file__).resolve().parent
BASES = pathlib.Path(os.environ.get("UPS_GUESTS", ROOT / ".build" / "guests"))
TTY = "/dev/ttyUPS"
_NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup")

#: What a test changes is merged into this.
DEFAULTS = {
    "server": {"serial": TTY, "shutdownDelay": 3},
    "ups": {"maxBackupTime": 0},
    "shutdown": {"hostShutdownTime": 20},
}

# The pty is no serial line that the unit of the package knows.
DROP_IN = "/etc/systemd/system/ups-server.service.d/pty.conf"
PTY_ALLOWED = "[Service]\nDeviceAllow=char-pts rw\n"


def run(*command, **options):
    """A program of this machine, to its end. Its output."""
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, timeout=120, **options)
    assert result.returncode == 0, f"{words}: {result.stdout}{result.stderr}"
    return result.stdout


def installed(suite, run_id):
    """What `make install` puts on top of the suite, as a layer that all tests of a run share."""
    folder = pathlib.Path(f"{BASES}/{suite}-installed")
    with open(f"{BASES}/{suite}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder / run_id
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install(suite, folder)
            mark.touch()
    return folder / "upper"


def _install(suite, folder):
    upper = f"{folder}/upper"
    # The binary under test is there; `-o` has make not build it again.
    run("make", "-C", ROOT, "-o", "build", "install", f"DESTDIR={upper}")
    _bring_libraries(BASES / suite, upper)
    os.makedirs(os.path.dirname(f"{upper}{DROP_IN}"))
    pathlib.Path(f"{upper}{DROP_IN}").write_text(PTY_ALLOWED)
    script = """
        ldconfig
        systemd-sysusers
        systemd-tmpfiles --create ups-server.conf
        systemctl enable ups-server.service
        """
    run(HERE / "layer.sh", BASES / suite, folder, "chroot", f"{folder}/root", "sh", "-euc", script)


def _bring_libraries(base, upper):
    """What the binary needs and the suite does not have, from the machine where it was built: a
    suite may have another version, and installing packages would take longer than the tests."""
    target = pathlib.Path(f"{upper}/usr/local/lib")
    target.mkdir(parents=True)
    present = {path.name for path in (base / "usr/lib").rglob("*.so*")}
    for path in re.findall(r"=> (/\S+)", run("ldd", BINARY)):
        if os.path.basename(path) not in present:
            shutil.copy(path, target)


class Guest:
    """One guest with a simulated UPS at its serial line. `boot` starts it."""

    def __init__(self, place, suite, layer, polkit=False, options=(), configured=True, **groups):
        """`groups` are changes to the configuration, such as server={"shutdownDelay": 5}."""
        self.place = place
        self.name = f"guest-{place.mark[:12]}"
        self.folder = place.file("guest")
        layers = [layer, *([f"{BASES}/{suite}-polkit"] if polkit else []), f"{BASES}/{suite}"]
        self._lower = ":".join(str(layer) for layer in layers)
        self._options = options
        for name in ("upper", "work", "root"):
            os.makedirs(f"{self.folder}/{name}")
        if configured:
            self.write("/etc/default/ups-server.cfg", text_of(merged(DEFAULTS, groups)))
        self.ups = Simulator(place)
        self.leader = None
        self._program = None

    def write(self, path, text, mode=0o644):
        """A file of the guest, before it is booted."""
        target = pathlib.Path(f"{self.folder}/upper{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def boot(self, linked=True):
        """Returns when the guest is up, and by default when its daemon talks to the UPS."""
        terminal = os.path.realpath(self.ups.link)
        os.chown(terminal, 0, 20)  # dialout, the same on every Debian
        os.chmod(terminal, 0o660)
        with open(f"{self.folder}/console", "wb") as console:
            self._program = self.place.start(
                "unshare", "--mount", "--propagation", "private", HERE / "boot.sh", self.name,
                self._lower, self.folder, f"--bind={terminal}:{TTY}", *self._options,
                stdout=console, stderr=console)
        self.place.at_end(self._end)
        self.leader = wait_until(self._find_leader, 20)
        wait_until(self._is_up, 30)
        if linked:
            wait_until(lambda: self.status("soc") is not None, 10)
        return self

    def _find_leader(self):
        assert self._program.runs, self.console()
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                words = pathlib.Path(f"/proc/{pid}/cgroup").read_text()
                if f"/{self.name}/" not in words:
                    continue
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            if re.search(r"^NSpid:\s+\d+\s+1$", status, re.MULTILINE):
                return pid
        return None

    def _is_up(self):
        assert self._program.runs, self.console()
        state = self.try_run("systemctl", "is-system-running").stdout.strip()
        return state in ("running", "degraded")

    # Inside

    def try_run(self, *command):
        """Runs a program of the guest in it, as root: its CompletedProcess."""
        return subprocess.run(
            ["nsenter", "--target", str(self.leader), *_NAMESPACES, "--", *map(str, command)],
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})

    def run(self, *command):
        result = self.try_run(*command)
        assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
        return result.stdout

    def status(self, key=None):
        """The status object of the daemon, or a value of it; None without a daemon."""
        result = self.try_run("ups-server", "status", "--json")
        if result.returncode == 3:
            return None
        status = json.loads(result.stdout)
        return status[key] if key else status

    def main_process(self, unit="ups-server.service"):
        return int(self.run("systemctl", "show", "--value", "--property=MainPID", unit))

    @property
    def is_up(self):
        return self._program.runs

    # Its end

    def wait_for_end(self, timeout=30):
        """How it ended: "poweroff" or "reboot"."""
        code = self._program.wait(timeout)
        assert code in (0, 133), f"nspawn: {code}\n{self.console()}"
        return "poweroff" if code == 0 else "reboot"

    def _end(self):
        """A power cut: nothing of it is left."""
        if self.leader and self._program.runs:
            os.kill(self.leader, 9)
            self._program.wait(10)

    def console(self):
        return pathlib.Path(f"{self.folder}/console").read_text(errors="replace")

    def journal(self, *matches):
        """The entries of the guest's journal, oldest first."""
        text = run("journalctl", "--quiet", "--no-pager", "--output=json",
                   f"--directory={self.folder}/upper/var/log/journal", *matches)
        return [json.loads(line) for line in text.splitlines()]

    def says(self, text, *matches):
        """The first journal entry with this text; None if there is none."""
        return next((entry for entry in self.journal(*matches)
                     if text in str(entry.get("MESSAGE"))), None)


def enable(guest, unit, text, target):
    """Adds a unit to a guest that is not booted yet."""
    guest.write(f"/etc/systemd/system/{unit}", text)
    wants = f"{guest.folder}/upper/etc/systemd/system/{target}.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink(f"../{unit}", f"{wants}/{unit}")


def moment(entry):
    """Of a journal entry, on CLOCK_BOOTTIME."""
    offset = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return int(entry["__MONOTONIC_TIMESTAMP"]) / 1e6 + offset
