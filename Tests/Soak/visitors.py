"""The crowd of clients as the soak sees it: let in, sent away, counted."""

import json
import pathlib
import queue
import subprocess
import sys
import threading

_CROWD = pathlib.Path(__file__).with_name("crowd.py")


class Visitors:
    def __init__(self, place, daemon, report, seed):
        self._report = report
        self._served = 0
        self._answers = queue.Queue()
        self._program = place.start(
            sys.executable, _CROWD, daemon.port, daemon.socket, seed, nice=5,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        for line in self._program.process.stdout:
            words = json.loads(line)
            if "failed" in words:
                self._report.fail(f"A client was not served: {words['failed']}")
            else:
                self._answers.put(words)

    def rest(self):
        """Returns when none is inside."""
        self._say("rest")

    def go(self):
        self._say("go")

    def _say(self, word):
        self._program.process.stdin.write(f"{word}\n")
        self._program.process.stdin.flush()
        answer = self._answers.get(timeout=30)
        assert answer["done"] == word, answer
        self._report.count("clients served", answer["served"] - self._served)
        self._served = answer["served"]

    def close(self):
        self._program.process.stdin.close()
        self._program.wait(30)
        self._thread.join()
        self._program.process.stdout.close()
