"""Where one test lives: a folder of its own and the processes it starts. Ends them by pid and
proves that nothing is left. Used by all other pieces of the harness."""

import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

MARK = "UPS_SERVER_TEST"
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl
_given_ports = set()
# The runtime folder belongs on a tmpfs, as /run is one: a disk that is busy may hold up whoever
# writes to a mapped page.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def boot_time():
    """Seconds on CLOCK_BOOTTIME, the clock of the daemon."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wait_until(condition, timeout=5, interval=0.02):
    """Returns the first true value of the condition; fails after the timeout (s)."""
    end = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < end, f"not within {timeout} s: {_source(condition)}"
        time.sleep(interval)
    return value


def _source(condition):
    code = getattr(condition, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else repr(condition)


def free_port():
    """A loopback port that nobody has, below those that the kernel hands out by itself."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = 20000 + int(worker) % 4 * 3000
    for port in random.sample(range(first, first + 3000), 3000):
        if port not in _given_ports and _is_free(port):
            _given_ports.add(port)
            return port
    raise AssertionError("no free port")


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def processes_marked(mark):
    """The pids of all processes that carry the mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                environment = file.read().split(b"\0")
        except OSError:
            continue
        if wanted in environment:
            found.append(int(entry))
    return found


class Program:
    """A child process. It dies with the test run, whatever ends that."""

    def __init__(self, arguments, environment, nice=0, **options):
        """`nice` below 0 takes effect for root only."""
        def prepare():
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if nice and os.geteuid() == 0:
                os.setpriority(os.PRIO_PROCESS, 0, nice)
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments], env=environment, preexec_fn=prepare,
            **options)
        self.pid = self.process.pid

    @property
    def runs(self):
        return self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=5):
        """The exit code; fails if it does not end in time (s)."""
        return self.process.wait(timeout)

    def stop(self, timeout=5):
        """Ends it as a service manager does. The exit code."""
        if self.runs:
            self.process.terminate()
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"process {self.pid} did not end on SIGTERM") from None
        self._close()
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._close()

    def _close(self):
        if self.process.stdin:
            self.process.stdin.close()


class Place:
    """The folder and the children of one test."""

    def __init__(self, folder=_MEMORY):
        """`folder` is where its own folder is made."""
        self.mark = uuid.uuid4().hex
        self.path = tempfile.mkdtemp(prefix="ups-server-test-", dir=folder)
        self.environment = dict(os.environ, TMPDIR=self.path, LC_ALL="C.UTF-8")
        self.environment[MARK] = self.mark
        for name in ("NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM", "WATCHDOG_USEC"):
            self.environment.pop(name, None)
        self._closers = []

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text, mode=0o644):
        path = self.file(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(self.file(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def start(self, *arguments, **options):
        program = Program(arguments, self.environment, **options)
        self.at_end(lambda: program.stop() if program.runs else None)
        return program

    def run(self, *arguments, timeout=10, **options):
        """A program that ends by itself: its CompletedProcess, with the output as text."""
        return subprocess.run(
            [str(argument) for argument in arguments], env=self.environment, timeout=timeout,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)

    def at_end(self, action):
        """Done at the end, the last one first."""
        self._closers.append(action)

    def close(self):
        """Ends everything, removes the folder, and asserts that no process is left."""
        failures = []
        while self._closers:
            try:
                self._closers.pop()()
            except Exception as error:  # the rest must be ended all the same
                failures.append(error)
        left = self._end_left()
        shutil.rmtree(self.path)
        assert not failures, failures
        assert not left, f"left behind: {left}"

    def _end_left(self):
        """What is still there although its starter is gone, told after it was ended."""
        end = time.monotonic() + 2
        while (pids := processes_marked(self.mark)) and time.monotonic() < end:
            time.sleep(0.05)
        left = [(pid, _words(pid)) for pid in pids]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return left


def _words(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "gone"
