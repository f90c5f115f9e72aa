"""1,000 dashboards: whether each gets every second's message, how long a power failure takes from
the first that shows it to the last, and what one that never reads costs the others."""

import threading
import time

from dashboards import Dashboards
from figures import Figure, spread
from harness import Daemon, Simulator, boot_time, metric, open_idle, wait_until
from process import send_queue

_LIMITS = (100, 100, 100)
#: So much of a second a message may be late.
_SLACK = 0.5
_DROPPED = "ups_dropped_clients_total"
#: A message may wait for 10 s (s).
_DROP_LIMIT = 15
#: Between two changes of the power; none of them for so long is a pipe that takes no more (s).
_PAUSE, _FULL = 0.025, 0.5
_PATIENCE = 60


def measure(place, clients, outages, seconds):
    ups = Simulator(place, name="fanout")
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 3600, "maxClients": clients + 50},
        shutdown={"returnHold": 0.0}, poll={"status": 0.01}).start_linked()
    deaf = dashboards = None
    try:
        deaf = _Deaf(daemon, ups)
        dashboards = Dashboards(daemon.port, clients)
        hindered = _outages_beside(deaf, ups, dashboards, outages)
        counts = _count(dashboards, seconds)
        dropped = deaf.wait_for_drop()
        free = [_outage(ups, dashboards) for _ in range(outages)]
        return _figures(clients, free, hindered, dropped, seconds, counts)
    finally:
        for ends in filter(None, (deaf, dashboards)):
            ends.close()
        daemon.stop()
        ups.program.stop()


class _Deaf:
    """A client that never reads, so that no more for it fits into the kernel. On a thread of its
    own it watches for how long the daemon keeps it."""

    def __init__(self, daemon, ups):
        self._daemon = daemon
        self._connection = open_idle(daemon.port, websocket=True)
        self._full = _fill(daemon, ups, self._connection)
        #: How long it took (s).
        self.dropped = None
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._ends.wait(0.2):
            if metric(self._daemon.port, _DROPPED):
                self.dropped = boot_time() - self._full
                return

    def wait_for_drop(self):
        wait_until(lambda: self.dropped, _PATIENCE)
        return self.dropped

    def close(self):
        self._ends.set()
        self._thread.join()
        self._connection.close()


def _fill(daemon, ups, deaf):
    """Changes the power until what is sent to it stays with the daemon's kernel, and no more of it
    fits there. That moment."""
    own, size, grown, is_powered = deaf.getsockname()[1], 0, boot_time(), True
    end = grown + _PATIENCE
    while boot_time() - grown < _FULL or not size:
        assert boot_time() < end, "it takes all that is sent"
        is_powered = not is_powered
        ups.power(is_powered)
        time.sleep(_PAUSE)
        if (now := send_queue(daemon.port, own)) > size:
            size, grown = now, boot_time()
    ups.power(True)
    ups.say("charge 100")
    return grown


def _outages_beside(deaf, ups, dashboards, outages):
    """Those during which it was still there."""
    seconds = []
    while len(seconds) < outages:
        outage = _outage(ups, dashboards)
        if deaf.dropped:
            break
        seconds.append(outage)
    return seconds


def _outage(ups, dashboards):
    """Seconds between the first and the last."""
    dashboards.pong()
    dashboards.wait_for(True)
    time.sleep(0.3)
    ups.power(False)
    moments = dashboards.wait_for(False)
    ups.power(True)
    ups.say("charge 100")
    return max(moments) - min(moments)


def _count(dashboards, seconds):
    dashboards.pong()
    dashboards.wait_for(True)
    return dashboards.count_messages(seconds + _SLACK)


def _figures(clients, free, hindered, dropped, seconds, counts):
    name = f"{clients:,} WebSocket clients"
    alone = spread(f"{name}, a power failure: first to last", free, _LIMITS)
    note = "{} outages, without it {:g} / {:g} / {:g} ms".format(len(hindered), *alone.values)
    return [
        Figure(f"{name}: messages in {seconds} s, fewest", "", (min(counts),), (seconds,),
               least=True, note=f"most {max(counts)}"),
        alone,
        spread(f"{name} and one that never reads: first to last", hindered, _LIMITS, note),
        Figure("one that never reads is dropped after", "s", (round(dropped),), (_DROP_LIMIT,)),
    ]
