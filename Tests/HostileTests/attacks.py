"""Programs that attack, and whether they do: a tool that failed would be an attack that everybody
endures."""

import json
import pathlib

#: An attack that nobody stops ends by itself (s).
LONGEST = 45


class Attack:
    """One program on another host."""

    def __init__(self, program, output, errors, is_there=None):
        """`is_there` tells that it attacks; a program of our own says `ready` instead."""
        self.program = program
        self._output, self._errors = pathlib.Path(output), pathlib.Path(errors)
        self._is_there = is_there or self._says_ready

    def is_ready(self):
        """Fails if it ended before."""
        runs = self.program.runs
        is_there = self._is_there()
        assert is_there or runs, self._end()
        return is_there

    def _says_ready(self):
        lines = self._lines()
        assert lines[:1] in ([], ["ready"]), lines
        return bool(lines)

    def still_attacks(self):
        """Asserts it."""
        assert self.program.runs and self._is_there(), self._end()

    def has_attacked(self):
        """Asserts, once it was stopped, that somebody was there to be attacked."""

    def stop(self):
        if self.program.runs:
            self.program.stop()

    def _lines(self):
        return self._output.read_text(encoding="utf-8").splitlines()

    def _end(self):
        """For a failure: what it was, how it ended, and the end of what it said."""
        texts = [file.read_text(errors="replace")[-500:] for file in (self._output, self._errors)]
        return (self.program.process.args, self.program.process.poll(), *texts)


class Flood(Attack):
    """attack.c."""

    def __init__(self, program, output, errors, *, speaks):
        """`speaks`: it has something to say."""
        super().__init__(program, output, errors)
        self._speaks = speaks

    def result(self, timeout=LONGEST + 5):
        """What it says when it is at its end."""
        assert self.program.wait(timeout) == 0, self._end()
        return json.loads(self._lines()[-1])

    def has_attacked(self):
        result = self.result()
        print("attack:", result)
        assert result["connected"] > 0 and (result["sent"] > 0) == self._speaks, result
