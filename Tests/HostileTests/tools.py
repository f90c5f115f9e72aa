"""The programs in C: attackers that are fast although they are niced, and a client that measures.
Compiled once for each run of the tests."""

import pathlib
import shutil
import subprocess

_HERE = pathlib.Path(__file__).parent


def compiled(folder):
    """{name: path} of all of them, made in the folder."""
    compiler = shutil.which("cc") or shutil.which("clang")
    assert compiler, "no C compiler (cc)"
    programs = {}
    for source in sorted(_HERE.glob("*.c")):
        program = folder / source.stem
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, source],
            check=True)
        programs[source.stem] = str(program)
    return programs
