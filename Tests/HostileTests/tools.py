"""The programs in C: attackers that are fast although they are niced, and a client that measures.
Compiled once for each run of the tests."""

import pathlib

from harness import compiled

_HERE = pathlib.Path(__file__).parent


def tools_in(folder):
    """{name: path} of all of them, made in the folder."""
    return {
        source.stem: compiled(folder / source.stem, source, "-pthread")
        for source in sorted(_HERE.glob("*.c"))}
