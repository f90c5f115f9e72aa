"""Fixtures of the end-to-end tests. Each test has a place, and what it starts ends with it."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from fixtures import broker, place, require_binary, ups  # noqa: E402, F401
from harness import Daemon, Subscriber  # noqa: E402


def pytest_configure():
    require_binary()


@pytest.fixture
def subscriber(broker):
    """Of everything on the broker."""
    return Subscriber(broker)


@pytest.fixture
def daemon(place, ups):
    """A running daemon with the default settings of the tests, linked to its UPS."""
    return Daemon(place, ups.link).start_linked()
