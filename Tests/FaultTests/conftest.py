"""Fixtures of the tests with faults of the system below the daemon. Place, UPS and daemon are the
same as in EndToEndTests."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from fixtures import broker, place, require_binary, ups  # noqa: E402, F401


def pytest_configure():
    require_binary()
