"""Plays one history after the other on the daemon that is dry and lives as long as the soak,
compares its events with what each history must make, and now and then lets everything rest and
looks."""

import random

from eye import Eye
from harness import boot_time, wait_until
from histories import KINDS
from ledger import unexcused_commit
from scene import SETTINGS, Scene, Undecided
from strain import NeverExcused

#: Between two rests (s).
_BETWEEN = 9
#: For a broker that is just away, before it is looked at the next time (s).
_PATIENCE = 4
#: So many failures tell all that the rest of the soak could.
_ENOUGH = 50
#: They come with the broker's trouble, at any time.
_BESIDE = ("broker_lost", "broker_restored")


class Lane:
    """Runs on the thread that calls `play`."""

    def __init__(self, world, report, seed):
        self.world, self._report = world, report
        self.random = random.Random(f"{seed}-lane")
        self.delay = SETTINGS["server"]["shutdownDelay"]
        self._changes = {}
        self._incidents = 0

    def play(self, until):
        """Until that moment (CLOCK_BOOTTIME), or until the daemon has ended or failed a lot."""
        daemon = self.world.daemon
        while boot_time() < until and self._goes_on():
            with Eye(daemon.port) as eye:
                end = min(boot_time() + _BETWEEN, until)
                while boot_time() < end and self._goes_on():
                    self._history(eye)
            if self.world.trouble.lock.acquire(timeout=_PATIENCE):
                try:
                    self._rest()
                finally:
                    self.world.trouble.lock.release()
        if not daemon.program.runs:
            lines = daemon.errors().splitlines()[-3:]
            self._report.fail(f"The daemon ended with {daemon.program.process.poll()}: {lines}")

    def _goes_on(self):
        return self.world.daemon.program.runs and len(self._report.failures) < _ENOUGH

    def _rest(self):
        try:
            self.world.rest()
        except Exception as error:  # the next rest may show more
            self._report.fail(f"At rest: {error!r}")

    # A history

    def _history(self, eye):
        kind, _, needs_broker, incidents = self.random.choices(
            KINDS, [weight for _, weight, _, _ in KINDS])[0]
        lock = self.world.trouble.lock
        if needs_broker and not lock.acquire(timeout=0.1):
            return
        try:
            if needs_broker:
                wait_until(self.world.ledger.is_connected, 5, 0.1)
            self._judged(eye, kind, (self.world.broker,) if needs_broker else (), incidents)
        except Exception as error:  # the next history may show more
            self._report.fail(f"{_name(kind)}: {error!r}")
            self._forget_events()
        finally:
            if needs_broker:
                lock.release()

    def _forget_events(self):
        """Those of a history that ended in the middle are nobody else's."""
        try:
            self._number(self.world.ledger.catch_up())
        except Exception as error:  # the port may be gone
            self._report.fail(f"Events: {error!r}")

    def _judged(self, eye, kind, arguments, incidents):
        world = self.world
        scene = Scene(
            world.ups, world.daemon, eye, world.strain, self._report, self.random, self.delay,
            None if arguments else self._reload)
        failure, wanted = None, None
        try:
            wanted = kind(scene, *arguments)
        except Undecided:
            pass
        except AssertionError as error:
            failure = error
        scene.settle(self.delay)
        fresh = world.ledger.catch_up()
        self._report.count("events", len(fresh))
        self._report.count(f"history: {_name(kind)}")
        self._report.count("outages", incidents)
        commit = unexcused_commit(fresh)
        if commit:
            failure = NeverExcused(commit)
        elif wanted is not None:
            failure = self._difference(fresh, wanted, incidents)
            if failure is None:
                return
        self._number(fresh)
        is_excused = not isinstance(failure, NeverExcused) and scene.is_undecided()
        if failure is None or is_excused:
            self._report.count("not judged")
        else:
            self._report.fail(f"{_name(kind)}: {failure}")

    def _difference(self, fresh, wanted, incidents):
        """None, or what is wrong with the events of a history."""
        events = [event for event in fresh if event["event"] not in _BESIDE]
        wanted = [want if isinstance(want, tuple) else (want, "") for want in wanted]
        fits = len(events) == len(wanted) and all(
            event["event"] == name and text in event["text"]
            for event, (name, text) in zip(events, wanted))
        if not fits:
            told = [(event["event"], event["text"]) for event in events]
            return f"the events were {told}, not {wanted}"
        return self._misnumbered(events, incidents)

    def _misnumbered(self, events, count):
        """Each outage has the next number of this boot."""
        first = self._incidents + 1
        names, numbers = self._number(events)
        if numbers != list(range(first, first + count)):
            return f"the incidents are {names}, not {count} from {first} on"
        return None

    def _number(self, events):
        """The incidents of the events, and their numbers."""
        names = list(dict.fromkeys(event["incident"] for event in events if event["incident"]))
        numbers = [int(name.split("-")[1]) for name in names]
        self._incidents = max([self._incidents, *numbers])
        return names, numbers

    # SIGHUP

    def _reload(self):
        """In the middle of an outage: what it changes holds from the next one on, and a broker
        that it changes is connected anew."""
        if self.random.random() > 0.2:
            return
        daemon = self.world.daemon
        what = self.random.choice(["nothing", "delay", "name", "broker"])
        if what == "delay":
            self.delay = 5 - self.delay
            self._changes["server"] = SETTINGS["server"] | {"shutdownDelay": self.delay}
        if what == "name":
            self._changes["ups"] = SETTINGS["ups"] | {"name": f"UPS {self.random.random()}"}
        if what == "broker":
            self._changes["mqtt"] = {"keepalive": self.random.randint(5, 60)}
        daemon.configure(**(SETTINGS | self._changes))
        daemon.reload()
        self._report.count("reloads")


def _name(kind):
    return kind.__name__.replace("_", " ")
