"""Fixtures of the tests with a real Home Assistant. One world for all of them, which is put right
before each."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from fixtures import require_binary  # noqa: E402
from harness import Place  # noqa: E402
from world import World  # noqa: E402


def pytest_configure():
    require_binary()


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
