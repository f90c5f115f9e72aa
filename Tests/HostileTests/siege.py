"""A daemon under attack, and what has to be true meanwhile and afterwards: clients that behave keep
their latency, the shutdown command runs on time, memory has a limit, and nobody else is hurt."""

import itertools
import json
import pathlib
import time

from attacks import LONGEST, Attack, Flood
from bystanders import Bystanders
from harness import Daemon, get, metric, shutdown_on_time, wait_until
from process import descriptors, kilobytes

#: Requests of each kind in one measurement, and the pause before each (ms).
_REQUESTS = (300, 1)
#: A busy machine only ever makes it worse: the best of so many rounds counts.
_ROUNDS = 5
#: The limits at their defaults: all clients, raw ones, and what of both is kept for this host.
CLIENTS, RAW_CLIENTS, KEPT = 1200, 600, 16
#: What one address outside may hold of both.
SHARE, RAW_SHARE = (CLIENTS - KEPT) // 4, (RAW_CLIENTS - KEPT) // 4
#: (kB) The most that all of them may cost: each 8 of headers and 16, a piece of an answer.
_MOST = CLIENTS * (8 + 16)


class Siege:
    """The daemon with its limits at their defaults, reached from `outside` and from this host."""

    def __init__(self, place, ups, outside, tools):
        self.place, self.ups, self.outside, self._tools = place, ups, outside, tools
        self._numbers = itertools.count()
        server = {"ip": ["127.0.0.1", outside.HERE]}
        self.daemon = Daemon(place, ups.link, server=server).start_linked()
        self.pid = self.daemon.program.pid
        self.bystanders = Bystanders(self.daemon)
        self.descriptors = self._descriptors()
        self.memory = self.kilobytes("VmRSS")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bystanders.close()

    # The attackers

    def attack(self, connections, first=b"", again=b"", *, total=None, seconds=LONGEST, pause=0,
               manners="plain", address=None, hosts=None):
        """Starts attack.c, see there; returns once all its connections are begun. They come from so
        many `hosts`, by default from all."""
        addresses = (self.outside.THERE, *self.outside.OTHERS)[:hosts]
        files = [self._file(text) for text in (first, again)]
        return self._begin(
            Flood, self._tools["attack"], address or self.outside.HERE, self.daemon.port,
            connections, connections if total is None else total, seconds, pause, manners, *files,
            ",".join(addresses), speaks=bool(first or again))

    def start(self, *words, is_there=None):
        """Any program over there; see Attack."""
        return self._begin(Attack, *words, is_there=is_there)

    def _begin(self, kind, *words, **options):
        name = self.place.file(f"attack-{next(self._numbers)}")
        output, errors = f"{name}.out", f"{name}.err"
        with open(output, "wb") as out, open(errors, "wb") as err:
            program = self.place.start(
                *self.outside.words("nice", "-n", 19, *words), stdout=out, stderr=err)
        attack = kind(program, output, errors, **options)
        wait_until(attack.is_ready, 20)
        return attack

    def tool(self, name):
        return self._tools[name]

    def _file(self, text):
        path = self.place.file(f"said-{next(self._numbers)}")
        pathlib.Path(path).write_bytes(text)
        return path

    # What is measured

    def kilobytes(self, name):
        """Of /proc/PID/status."""
        return kilobytes(self.pid, "status", name)

    def _descriptors(self):
        """So many are open."""
        return len(descriptors(self.pid))

    def connections(self):
        """Those that came after the beginning."""
        return self._descriptors() - self.descriptors

    def counter(self, name):
        """Of /metrics."""
        return metric(self.daemon.port, name)

    def latency(self):
        """The slowest of a hundred (us), of a client of this host that behaves; see probe.c."""
        with open(self.place.file("probe"), "wb+") as output:
            probe = self.place.start(
                self._tools["probe"], self.daemon.port, *_REQUESTS, stdout=output, nice=-10)
            assert probe.wait(60) == 0
            output.seek(0)
            latency = json.loads(output.read())
        assert "failure" not in latency, latency
        return latency

    # What has to be true

    def endure(self, start):
        """`start` begins attacks and returns them. In them latency is kept and power fails; returns
        them, ended, for a look at what they did."""
        best = float("inf")
        for number in range(_ROUNDS):
            calm = self.latency()
            self._forget_peak()
            attacks = start()
            time.sleep(0.3)
            busy = self.latency()
            print("latency:", calm, busy, self.connections(), sep="\n  ")
            for attack in attacks:
                attack.still_attacks()
            # What this machine itself cannot do faster meanwhile is no measure.
            best = min(best, busy["kept"] / max(calm["kept"], busy["own"]))
            if best <= 2:
                break
            if number < _ROUNDS - 1:
                self._end(attacks)
        assert best <= 2
        shutdown_on_time(self.daemon, self.ups.power(False) + 2)
        assert self.daemon.status()["shutdown"]["phase"] == "committed"
        self._end(attacks)
        for attack in attacks:
            attack.has_attacked()
        self.is_as_before()
        return attacks

    def _forget_peak(self):
        """VmHWM begins anew."""
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")

    def _end(self, attacks):
        for attack in attacks:
            attack.stop()
        self.wait_until_left()

    def wait_until_left(self):
        """Until all who attacked are gone, and their descriptors with them."""
        wait_until(lambda: self._descriptors() <= self.descriptors, 25)

    def is_as_before(self):
        """The same process with the same clients, and all that it had taken it has given back."""
        assert self.daemon.program.runs and self.daemon.program.pid == self.pid
        assert get(self.daemon.port, "/healthz")[0] == 200
        self.bystanders.are_served()
        wait_until(lambda: self._descriptors() == self.descriptors, 25)
        peak, now = self.kilobytes("VmHWM"), self.kilobytes("VmRSS")
        print(f"memory: {self.memory} kB before, {peak} at most, {now} after")
        assert max(peak, now) <= self.memory + _MOST
