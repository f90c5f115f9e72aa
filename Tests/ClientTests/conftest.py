"""Fixtures of the tests with whole programs that read the daemon. What runs behind the port is the
same as in EndToEndTests: the real daemon on a simulated UPS."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEndTests"))

from harness import BINARY, Daemon, Place, Simulator, wait_until  # noqa: E402


def pytest_configure():
    assert os.access(BINARY, os.X_OK), f"{BINARY} is missing: make build"


@pytest.fixture
def place():
    place = Place()
    yield place
    place.close()


@pytest.fixture
def ups(place):
    """A simulated UPS on line power, full, with a load of 1 A."""
    return Simulator(place)


@pytest.fixture
def daemon(place, ups):
    """All its values are known. In an outage there are some seconds before it commits."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 8}).start_linked()
    wait_until(lambda: daemon.status()["ucTemperature"])
    return daemon
