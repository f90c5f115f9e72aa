"""Fixtures of the tests with a real Home Assistant. One world for all of them, which is put right
before each."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEndTests"))

from harness import BINARY, Place  # noqa: E402
from world import World  # noqa: E402


def pytest_configure():
    assert os.access(BINARY, os.X_OK), f"{BINARY} is missing: make build"


@pytest.fixture(scope="session")
def shared_world():
    """Home Assistant was there first."""
    place = Place()
    try:
        world = World(place)
        world.start()
        yield world
        world.home.stop()
    finally:
        place.close()


@pytest.fixture
def world(shared_world):
    shared_world.settle()
    return shared_world
