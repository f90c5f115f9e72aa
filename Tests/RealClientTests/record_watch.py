"""`make recording`: plays `ups-server watch` through a power failure and draws what a person sees
as one picture that moves, watch.svg beside this file."""

import html
import itertools
import pathlib
import sys
import time

_HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent / "Harness"))

from harness import BINARY, Daemon, Place, Simulator, Terminal, wait_until  # noqa: E402

_COLUMNS, _ROWS = 84, 26
_WIDTH, _HEIGHT = 8.4, 18  # of a character (px)
_MARGIN = 12
_FRAME = 0.5  # s
_PAPER, _INK = "#1b1f24", "#d6dbe1"
_COLOURS = {"default": _INK, "green": "#5fd38a", "brown": "#f0c05a", "red": "#ff6b6b",
            "black": "#8b949e", "white": "#ffffff"}
#: The part of a character's height that each fills.
_BLOCKS = {" ": 0, "░": 1, **{block: (index + 1) / 8 for index, block in enumerate("▁▂▃▄▅▆▇█")}}
_STYLE = """text{{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}}
g{{opacity:0}}.p{{opacity:1}}
@media(prefers-reduced-motion:no-preference){{g{{animation:{duration}s step-end infinite}}
{rules}}}"""


class _Recorder(Terminal):
    """Pyte knows no dim text: bright black, which it calls black, stands for it."""

    def __init__(self, place, *words, **size):
        super().__init__(place, *words, **size)
        feed = self._stream.feed
        self._stream.feed = lambda piece: feed(piece.replace(b"\x1b[2m", b"\x1b[90m"))

    def frame(self):
        """Each row as runs of (column, text, colour, background)."""
        self.listen()
        return [tuple(self._runs(self.screen.buffer[row])) for row in range(_ROWS)]

    @staticmethod
    def _runs(row):
        cells = [(column, row[column]) for column in range(_COLUMNS)]

        def look(item):
            return item[1].fg, item[1].bg
        for (colour, background), group in itertools.groupby(cells, look):
            group = list(group)
            text = "".join(cell.data for _, cell in group)
            if text.strip() or background != "default":
                yield group[0][0], text, colour, background


def record():
    """The frames, and the one to show where nothing moves."""
    place = Place()
    try:
        ups = Simulator(place)
        ups.say("load 2")
        # In the picture this host has a name that means something.
        host = ("unshare", "--map-root-user", "--uts", "sh", "-c",
                'hostname workhorse; exec "$@"', "sh")
        daemon = Daemon(place, ups.link, server={"shutdownDelay": 15})
        daemon.start_linked(wrapper=host)
        wait_until(lambda: daemon.status()["ucTemperature"])
        time.sleep(20)
        watch = _Recorder(
            place, BINARY, "watch", "--config", daemon.path, columns=_COLUMNS, rows=_ROWS)
        watch.wait_for("● online")
        frames = _play(watch, 3)
        ups.power(False)
        frames += _play(watch, 10)
        poster = len(frames) - 1
        ups.power(True)
        return frames + _play(watch, 5), poster
    finally:
        place.close()


def _play(watch, seconds):
    frames = []
    for _ in range(int(seconds / _FRAME)):
        time.sleep(_FRAME)
        frames.append(watch.frame())
    return frames


def draw(frames, poster):
    """A row that stays the same in frames that follow each other is drawn once for all of them."""
    shown = {}
    for row in range(_ROWS):
        start = 0
        for runs, group in itertools.groupby(frame[row] for frame in frames):
            end = start + len(list(group))
            if runs:
                shown.setdefault((start, end), []).append((row, runs))
            start = end
    width, height = _COLUMNS * _WIDTH + 2 * _MARGIN, _ROWS * _HEIGHT + 2 * _MARGIN
    rules, groups = [], []
    for number, ((start, end), rows) in enumerate(sorted(shown.items())):
        rules.append(_rule(number, start, end, len(frames)))
        mark = " p" if start <= poster < end else ""
        drawn = "".join(_row(row, runs) for row, runs in rows)
        groups.append(f'<g class="f{number}{mark}">{drawn}</g>\n')
    style = _STYLE.format(duration=len(frames) * _FRAME, rules="\n".join(rules))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" '
            f'role="img"><title>ups-server watch through a power failure</title>\n'
            f'<style>{style}</style>\n<rect width="100%" height="100%" rx="8" fill="{_PAPER}"/>\n'
            f'{"".join(groups)}</svg>\n')


def _rule(number, start, end, count):
    """Visible from one frame up to another."""
    moments = {0: int(start == 0), start: 1, end: 0}
    steps = "".join(
        f"{100 * frame / count:g}%{{opacity:{shown}}}"
        for frame, shown in sorted(moments.items()) if frame < count)
    return f"@keyframes k{number}{{{steps}}}.f{number}{{animation-name:k{number}}}"


def _row(row, runs):
    return "".join(_run(row, *run) for run in runs)


def _run(row, column, text, colour, background):
    x, y = _MARGIN + column * _WIDTH, _MARGIN + row * _HEIGHT
    width = len(text) * _WIDTH
    paper = "" if background == "default" else (
        f'<rect x="{x:g}" y="{y}" width="{width:g}" height="{_HEIGHT}" fill="#c0392b"/>')
    stripped = text.strip()
    if not stripped:
        return paper
    if set(text) <= set(_BLOCKS):
        return paper + _blocks(x, y, text, _COLOURS[colour])
    x += (len(text) - len(text.lstrip())) * _WIDTH
    # Each run has the width of its characters, whatever font there is.
    return paper + (
        f'<text x="{x:.4g}" y="{y + 14}" textLength="{len(stripped) * _WIDTH:.4g}" '
        f'fill="{_COLOURS[colour]}">{html.escape(stripped, quote=False)}</text>')


def _blocks(x, y, text, colour):
    """As areas: characters of most fonts would leave gaps between the rows."""
    drawn = ""
    for block, group in itertools.groupby(text):
        width = len(list(group)) * _WIDTH
        height = _HEIGHT * _BLOCKS[block]
        faint = ' opacity="0.4"' if block == "░" else ""
        if height:
            drawn += (f'<rect x="{x:.4g}" y="{y + _HEIGHT - height:g}" width="{width:.4g}" '
                      f'height="{height:g}" fill="{colour}"{faint}/>')
        x += width
    return drawn


if __name__ == "__main__":
    (_HERE / "watch.svg").write_text(draw(*record()), encoding="utf-8")
