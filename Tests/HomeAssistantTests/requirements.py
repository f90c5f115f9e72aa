"""Prints what the named integrations of the installed Home Assistant require, with all integrations
that it loads because of them. Run inside its virtual environment by set_up.sh."""

import json
import pathlib
import sys

import homeassistant.bootstrap as bootstrap
import homeassistant.components as components

_FOLDER = pathlib.Path(components.__path__[0])


def main():
    waiting = set(sys.argv[1:]) | set(bootstrap.DEFAULT_INTEGRATIONS)
    seen, requirements = set(), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        manifest = json.loads((_FOLDER / name / "manifest.json").read_text())
        requirements |= set(manifest.get("requirements", []))
        waiting |= set(manifest.get("dependencies", [])) - seen
    print(*sorted(requirements))


main()
