"""A power failure and 1,000 dashboards: from the first that shows it to the last."""

import os
import resource
import select
import time

from figures import spread
from harness import Daemon, Simulator, boot_time, open_idle

_ON_LINE, _ON_BATTERY = b'"status":"online"', b'"status":"on_battery"'
_TIMEOUT = 10
_BYTES = 65536


def measure(place, clients, outages):
    _lift_descriptor_limit(clients + 200)
    ups = Simulator(place, name="fanout")
    daemon = Daemon(
        place, ups.link, server={"shutdownDelay": 3600, "maxClients": clients + 50},
        shutdown={"returnHold": 0.0}).start_linked()
    connections = []
    try:
        for _ in range(clients):
            connections.append(
                open_idle(daemon.port, websocket=True, receive_buffer=_BYTES))
        seconds = [_outage(ups, connections) for _ in range(outages)]
    finally:
        for connection in connections:
            connection.close()
        daemon.stop()
        ups.program.stop()
    return [spread(f"power fail at {clients} WebSocket clients: first to last", seconds,
                   (100, 100, 100))]


def _lift_descriptor_limit(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count)), hard))


def _outage(ups, connections):
    """Seconds between the first and the last."""
    _moments(connections, _ON_LINE)
    time.sleep(0.3)
    ups.power(False)
    moments = _moments(connections, _ON_BATTERY)
    ups.power(True)
    ups.say("charge 100")
    return max(moments) - min(moments)


def _moments(connections, word):
    """When each showed it, if it was not what it showed before."""
    other = _ON_LINE if word == _ON_BATTERY else _ON_BATTERY
    waiting = {connection.fileno(): b"" for connection in connections}
    end, moments = boot_time() + _TIMEOUT, []
    with select.epoll() as poll:
        for descriptor in waiting:
            poll.register(descriptor, select.EPOLLIN)
        while waiting:
            assert boot_time() < end, f"{len(waiting)} were not told within {_TIMEOUT} s"
            for descriptor, _ in poll.poll(1):
                data = os.read(descriptor, _BYTES)
                assert data, "a connection was closed"
                text = waiting[descriptor] = (waiting[descriptor] + data)[-_BYTES:]
                if text.rfind(word) > text.rfind(other):
                    moments.append(boot_time())
                    poll.unregister(descriptor)
                    del waiting[descriptor]
    return moments
