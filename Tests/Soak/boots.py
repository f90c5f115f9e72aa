"""The second daemon of the soak: it is not dry, its command is run, and after each commit it
begins anew with an empty runtime directory, as after a boot. It is stopped and killed at any
time."""

import os
import pathlib
import random
import shutil
import threading

from daemon import CLOCK_STEP
from harness import TOLERANCE, Daemon, Simulator, boot_time, no_shutdown_until, wait_until
from scene import LOW_CHARGE, LOW_CHARGE_HOLD, ROUND, SETTINGS, VALUES
from strain import NeverExcused

_DELAY = 2
#: From a start to the first reading (s).
_START = 0.5


class Boots:
    """On a thread, until it is closed."""

    def __init__(self, place, strain, report, seed):
        self.ups = Simulator(place, name="boots", seed=2)
        server = {"shutdownDelay": _DELAY, "shutdownSocPercent": LOW_CHARGE}
        self.daemon = Daemon(
            place, self.ups.link, server=server, ups=SETTINGS["ups"], poll=SETTINGS["poll"],
            shutdown=SETTINGS["shutdown"] | {"dryRun": False})
        self._strain, self._report = strain, report
        #: Before this moment nothing may be run; None: never.
        self._due = None
        self.random = random.Random(f"{seed}-boots")
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._ends.is_set():
            play = self.random.choice(
                [self._by_time, self._by_time, self._by_charge, self._killed, self._killed,
                 self._away_at_the_deadline, self._back_while_away, self._cancelled,
                 self._out_at_the_start])
            name = play.__name__.strip("_").replace("_", " ")
            began = boot_time()
            try:
                self._boot(is_out=play == self._out_at_the_start)
                self._judge(play())
                self._end()
            except Exception as error:  # the next boot may show more
                self._tell(name, began, error)
                if self.daemon.program and self.daemon.program.runs:
                    self.daemon.kill()
            self._report.count(f"history: with a command, {name}")
            self._report.count("outages")

    def _tell(self, name, began, error):
        try:
            self._assert_allowed()
        except NeverExcused as worse:
            error = worse
        if not isinstance(error, NeverExcused) and self._strain.stood_still(began):
            self._report.count("not judged")
        else:
            self._report.fail(f"Second daemon, {name}: {error!r}")

    # A boot

    def _boot(self, is_out):
        folder = self.daemon.folder
        for path in pathlib.Path(f"{folder}/run").iterdir():
            path.unlink() if not path.is_dir() else shutil.rmtree(path)
        for name in ("shutdown.runs", "event.log"):
            pathlib.Path(f"{folder}/{name}").unlink(missing_ok=True)
        for line in ("charge 100", "load 1", "power off" if is_out else "power on"):
            self.ups.say(line)
        self.began = boot_time()
        self._due = self.began + _DELAY if is_out else None
        self.daemon.start() if is_out else self.daemon.start_linked()

    def _end(self):
        if self.random.random() < 0.4:
            self.daemon.kill()
        else:
            code = self.daemon.stop()
            assert code == 0, f"stopped, it ended with {code}: {self.daemon.errors()[-300:]}"
        self._report.count("restarts of the second daemon")

    def _restart(self):
        """Killed, and there again."""
        self.daemon.kill()
        self.daemon.start()
        self._report.count("restarts of the second daemon")
        return boot_time()

    def _judge(self, reason):
        """The command has run once for that reason (None: never), also a moment later, and the
        event log has it once."""
        self._ends.wait(self.random.uniform(0.3, 1.5))
        self._assert_allowed()
        runs = [run.reason for run in self.daemon.shutdowns()]
        assert runs == ([reason] if reason else []), f"the command was run for {runs}"
        self._report.count("shutdown commands run", len(runs))
        wait_until(lambda: self._commits() >= len(runs))
        if self._commits() > len(runs):
            raise NeverExcused(f"event.log has {self._commits()} commits")

    def _assert_allowed(self):
        """What holds on any machine, however the boot went."""
        runs = self.daemon.shutdowns()
        if len(runs) > 1 or self._commits() > 1:
            raise NeverExcused(f"{self._commits()} commits, {runs}")
        for run in runs:
            # A UPS that is silent because the machine stood still is silent all the same.
            if run.reason != "link_lost" and (
                    self._due is None or run.time + CLOCK_STEP < self._due):
                raise NeverExcused(f"{run}, but not before {self._due}")

    def _commits(self):
        if not os.path.exists(self.daemon.event_log):
            return 0
        return pathlib.Path(self.daemon.event_log).read_text().count("\tShutting this host down:")

    # What happens in it

    def _fail(self):
        """Power fails."""
        self._due = boot_time() + _DELAY
        return self.ups.power(False)

    def _pending(self):
        start = self._fail()
        wait_until(lambda: self.daemon.shutdown["phase"] == "pending")
        return start

    def _on_time(self, due, latest=None):
        """The first run of the command. It notes the moment by itself."""
        latest = due if latest is None else latest
        run = self.daemon.wait_for_shutdown(timeout=latest - boot_time() + 5)
        late, excuse = run.time - latest, self._strain.excuse(self.began)
        self._report.late(late)
        self._assert_allowed()
        assert run.time + CLOCK_STEP >= due, f"{due - run.time:.3f} s too early"
        assert late <= TOLERANCE + excuse, f"{late:.3f} s late, {excuse:.3f} s are excused"
        return run

    def _by_time(self):
        run = self._on_time(self._fail() + _DELAY)
        assert run.incident == self.daemon.shutdown["incident"]
        return "time"

    def _by_charge(self):
        self.ups.say("load 0.2")
        self._pending()
        self._due = min(self._due, boot_time() + LOW_CHARGE_HOLD)
        low = self.ups.say("charge 5")
        self._on_time(low + LOW_CHARGE_HOLD, low + LOW_CHARGE_HOLD + 2 * VALUES + ROUND)
        return "low_charge"

    def _killed(self):
        start = self._pending()
        incident = self.daemon.shutdown["incident"]
        again = start
        while again < start + 1.2:
            self._ends.wait(self.random.uniform(0, 0.6))
            again = self._restart()
        run = self._on_time(start + _DELAY, max(start + _DELAY, again + _START))
        assert run.incident == incident, f"{run.incident} instead of {incident}"
        return "time"

    def _away_at_the_deadline(self):
        start = self._pending()
        self.daemon.kill()
        wait_until(lambda: boot_time() > start + _DELAY + 0.3)
        assert not self.daemon.shutdowns(), "the command was run before it could be killed"
        self._due = again = boot_time()
        self.daemon.start()
        self._on_time(again, boot_time() + _START)
        return "time"

    def _back_while_away(self):
        start = self._pending()
        self.daemon.kill()
        self.ups.power(True)
        self.daemon.start()
        wait_until(lambda: self.daemon.shutdown["phase"] == "idle")
        assert not self.daemon.shutdowns(), "the command was run before power was seen to be back"
        self._due = None
        no_shutdown_until(self.daemon, start + _DELAY + 0.5)

    def _cancelled(self):
        start = self._pending()
        assert self.daemon.control("cancel")["ok"]
        self._due = None
        self._restart()
        no_shutdown_until(self.daemon, start + _DELAY + 0.5)

    def _out_at_the_start(self):
        self._on_time(self.began + _DELAY, boot_time() + _START + _DELAY)
        return "time"

    def close(self):
        self._ends.set()
        self._thread.join()
