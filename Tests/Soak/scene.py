"""What a history of the soak is made of: power, link and charge change, commands are given, and the
moment of the decision is judged. On the daemon that is dry and lives as long as the soak."""

import json
import time

from harness import TOLERANCE, boot_time, text_of, wait_until
from strain import NeverExcused

#: The settings of the daemon under test that the histories count on (s).
POLL, VALUES, TIMEOUT = 0.05, 0.2, 0.2
LOW_CHARGE_HOLD, RETURN_HOLD, DEAD_TIME = 0.3, 0.8, 3
HOST_SHUTDOWN_TIME, RESERVE, MAX_BACKUP_TIME = 2, 1, 12
LOW_CHARGE = 10
#: A round of values takes that long on the line (s).
ROUND = 0.1
#: From the plug to the first answer: the port is tried again after a second at most (s).
REOPEN = 1.0 + 0.5

SETTINGS = {
    "server": {"shutdownDelay": 2, "shutdownSocPercent": LOW_CHARGE, "logToFile": True},
    "ups": {"maxBackupTime": MAX_BACKUP_TIME},
    "poll": {"status": POLL, "values": VALUES, "slow": 1.0, "timeout": TIMEOUT},
    "shutdown": {
        "hostShutdownTime": HOST_SHUTDOWN_TIME, "reserve": RESERVE, "deadTime": DEAD_TIME,
        "lowChargeHold": LOW_CHARGE_HOLD, "returnHold": RETURN_HOLD, "dryRun": True},
}


class Undecided(Exception):
    """The machine was too slow for this history to prove anything."""


class Scene:
    """One history."""

    def __init__(self, ups, daemon, eye, strain, report, rng, delay, trouble):
        """`trouble`: done in the middle of each outage, or None."""
        self._trouble = trouble
        self.ups, self.daemon, self.eye, self.random = ups, daemon, eye, rng
        self.delay = delay
        self._strain, self._report = strain, report
        self.began = boot_time()

    def is_undecided(self):
        return self._strain.stood_still(self.began)

    # The world

    def fail(self):
        """Power fails; returns when that was, once the outage is known."""
        start = self.ups.power(False)
        self.eye.phase("pending", start)
        if self._trouble:
            self._trouble()
        return start

    def restore(self):
        """Power returns; returns when that was, and when it was known."""
        back = self.ups.power(True)
        return back, self.eye.phase("idle", back)[0]

    def lose_link(self, is_mute=False):
        moment = self.ups.say("fault mute 1000000" if is_mute else "unplug")
        self.eye.link("lost", moment)
        self._report.count("link losses")
        return moment

    def find_link(self, is_mute=False):
        moment = self.ups.say("fault mute 0" if is_mute else "plug")
        self.eye.link("ok", moment)
        return moment

    def pause(self, least, most):
        time.sleep(self.random.uniform(least, most))

    def pause_until(self, moment):
        time.sleep(max(0, moment - boot_time()))

    # Commands

    def command(self, name, **members):
        if self.random.random() < 0.3:
            words = [name, *members.values()]
            done = self.daemon.command(*words, "--json")
            assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
            return
        result = self.daemon.control(name, **members)
        assert result["ok"], f"{name} was refused: {result['message']}"

    def publish_delay(self, broker, seconds):
        """A delay over MQTT. The moments before and after it was carried out."""
        before = boot_time()
        broker.publish("ups/e2e/command", json.dumps({"command": "delay", "seconds": seconds}))
        after, _ = self.eye.first(
            lambda status: status["shutdown"]["delay"] == seconds, before, 3,
            f"a delay of {seconds} s over MQTT")
        return before, after

    def reload_nonsense(self):
        """A wrong file; the right one is put back once it was read."""
        before = len(self.daemon.events("warning"))
        self.daemon.place.write(self.daemon.path, 'server = { shutdownDelay = "soon"; };')
        self.daemon.reload()
        self._report.count("reloads")
        try:
            wait_until(lambda: len(self.daemon.events("warning")) > before, 5, 0.1)
        finally:
            self.daemon.place.write(self.daemon.path, text_of(self.daemon.groups))

    # Judgement

    def committed(self, reason, due, latest=None, early=NeverExcused):
        """Waits for the commit: for that reason, not before `due` (or `early` is raised), and no
        later than the tolerance after `latest`; both on CLOCK_BOOTTIME. It is dated by its arrival
        on the WebSocket."""
        latest = due if latest is None else latest
        moment, status = self.eye.phase("committed", self.began, latest - boot_time() + 5)
        excuse = self._strain.excuse(self.began)
        self._report.late(moment - latest)
        told = status["shutdown"]["reason"]
        assert told == reason, f"the reason is {told}, not {reason}"
        if moment < due:
            raise early(f"committed {due - moment:.3f} s too early")
        assert moment <= latest + TOLERANCE + excuse, (
            f"committed {moment - latest:.3f} s late, of which {excuse:.3f} s are excused")
        return moment

    def settle(self, delay):
        """Back to line power, whatever was played; the outage is closed, not only over."""
        for line in ("plug", "fault mute 0", "request off", "load 1", "charge 100", "power on"):
            moment = self.ups.say(line)

        def is_at_rest(status):
            shutdown = status["shutdown"]
            return (shutdown["phase"], status["link"], status["drill"]) == ("idle", "ok", False)
        found, _ = self.eye.first(is_at_rest, moment, 8, "at rest")
        self.pause_until(found + RETURN_HOLD + POLL)
        wait_until(lambda: self._is_closed(delay), 5, 0.1)

    def _is_closed(self, delay):
        status = self.daemon.status()
        shutdown = status["shutdown"]
        is_idle = shutdown["phase"] == "idle" and not status["drill"] and status["soc"] == 100
        return is_idle and shutdown["delay"] == delay
