"""The fixtures that all tests with a real daemon share. Imported by the conftest of each folder."""

import os
import pathlib

import pytest
from harness import BINARY, Broker, Place, Simulator


def require_binary():
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
