"""Fixtures of the tests with hostile clients: the real daemon on a simulated UPS, as in
EndToEndTests, in a network that nobody else has."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from fixtures import broker, place, require_binary, ups  # noqa: E402, F401
from harness import Daemon, Place  # noqa: E402
from network import Outside, leave_network  # noqa: E402
from siege import Siege  # noqa: E402
from tools import tools_in  # noqa: E402


def pytest_configure():
    require_binary()
    assert os.geteuid() == 0, "make hostile-test needs root: it makes networks of its own"
    leave_network()


@pytest.fixture
def daemon(place, ups):
    """With time enough to be asked all kinds of things."""
    return Daemon(place, ups.link).start_linked()


@pytest.fixture(scope="session")
def tools():
    """{name: path} of the programs in C."""
    place = Place()
    yield tools_in(pathlib.Path(place.path))
    place.close()


@pytest.fixture
def outside(place):
    """Another host, from which the attacks come."""
    return Outside(place)


@pytest.fixture
def siege(place, ups, outside, tools):
    """A daemon that is about to be attacked, and clients of it that behave."""
    with Siege(place, ups, outside, tools) as siege:
        yield siege
