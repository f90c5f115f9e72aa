"""Programs and libraries in C that tests need: each is one file beside the tests."""

import shutil
import subprocess


def compiled(path, source, *options):
    """Makes `path` of the source, and returns it; fails if there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise LookupError("no C compiler (cc)")
    words = [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", path, source, *options]
    subprocess.run([str(word) for word in words], check=True)
    return str(path)
