"""Fixtures of the tests with whole programs that read the daemon. What runs behind the port is the
same as in EndToEndTests: the real daemon on a simulated UPS."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from fixtures import place, require_binary, ups  # noqa: E402, F401
from harness import Daemon, wait_until  # noqa: E402


def pytest_configure():
    require_binary()


@pytest.fixture
def daemon(place, ups):
    """All its values are known. In an outage there are some seconds before it commits."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 8}).start_linked()
    wait_until(lambda: daemon.status()["ucTemperature"])
    return daemon
