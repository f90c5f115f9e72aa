"""Fixtures of the tests with faults of the system below the daemon. Place, UPS and daemon are the
same as in EndToEndTests."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEndTests"))

from harness import BINARY, Broker, Place, Simulator  # noqa: E402


def pytest_configure():
    assert os.access(BINARY, os.X_OK), f"{BINARY} is missing: make build"


@pytest.fixture
def place():
    place = Place()
    yield place
    place.close()
    assert not pathlib.Path(place.path).exists()


@pytest.fixture
def ups(place):
    """A simulated UPS on line power, full, with a load of 1 A."""
    return Simulator(place)


@pytest.fixture
def broker(place):
    return Broker(place)
