"""Fixtures of the end-to-end tests. Each test has a place, and what it starts ends with it."""

import os
import pathlib

import pytest
from harness import BINARY, Broker, Daemon, Place, Simulator, Subscriber


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


@pytest.fixture
def subscriber(broker):
    """Of everything on the broker."""
    return Subscriber(broker)


@pytest.fixture
def daemon(place, ups):
    """A running daemon with the default settings of the tests, linked to its UPS."""
    return Daemon(place, ups.link).start_linked()
