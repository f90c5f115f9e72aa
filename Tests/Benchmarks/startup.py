"""From the start of the process to the first answered request on the port, and to the first valid
reading of the UPS."""

import subprocess
import time

from figures import median
from harness import BINARY, Daemon, NISClient, Simulator, boot_time

_LIMIT = 5
_PAUSE = 0.0005

_ANSWER_LIMIT = 50
#: With the line: a status request and its reply take 4 ms.
_READING_LIMIT = 104


def measure(place, starts):
    ups = Simulator(place)
    try:
        times = [_start(place, ups) for _ in range(starts)]
    finally:
        ups.program.stop()
    answers, readings = zip(*times)
    return [
        median("start to the first answer", answers, _ANSWER_LIMIT),
        median("start to the first reading", readings, _READING_LIMIT),
    ]


def _start(place, ups):
    """Seconds to the first answer, and to the first that is not COMMLOST."""
    daemon = Daemon(place, ups.link)
    began = boot_time()
    program = place.start(BINARY, "--config", daemon.path, stderr=subprocess.DEVNULL)
    try:
        with _connect(daemon.port, began + _LIMIT) as client:
            report = client.ask()
            answered = boot_time() - began
            while any(b": COMMLOST" in record for record in report):
                assert boot_time() < began + _LIMIT, "no reading of the UPS"
                time.sleep(_PAUSE)
                report = client.ask()
            return answered, boot_time() - began
    finally:
        program.stop()


def _connect(port, end):
    while True:
        try:
            return NISClient(port, _LIMIT)
        except ConnectionRefusedError:
            assert boot_time() < end, "the port is not open"
            time.sleep(_PAUSE)
