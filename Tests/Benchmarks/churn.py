"""10,000 WebSocket clients that come and go, half of them without a word: the daemon's memory
before and after."""

from figures import change
from harness import Daemon, Simulator, metric, open_idle, wait_until
from process import kilobytes, megabytes

#: At the same time.
_WAVE = 50
_GOODBYE = b"\x88\x80\0\0\0\0"


def measure(place, clients):
    ups = Simulator(place, name="churn")
    daemon = Daemon(place, ups.link).start_linked()
    try:
        # Code and buffers that the first clients need stay for all of them.
        _come_and_go(daemon, 2 * _WAVE)
        before = _memory(daemon)
        _come_and_go(daemon, clients)
        after = _memory(daemon)
        name = f"{clients:,} WebSocket clients come and go: change of RSS"
        return [change(name, before, after, 3)]
    finally:
        daemon.stop()
        ups.program.stop()


def _come_and_go(daemon, clients):
    for _ in range(clients // _WAVE):
        wave = [open_idle(daemon.port, websocket=True, receive_buffer=65536) for _ in range(_WAVE)]
        for number, connection in enumerate(wave):
            with connection:
                if number % 2:
                    connection.sendall(_GOODBYE)
                    while connection.recv(65536):
                        pass


def _memory(daemon):
    wait_until(lambda: metric(daemon.port, 'ups_clients{kind="websocket"}') == 0)
    return megabytes(kilobytes(daemon.program.pid, "status", "VmRSS"))
