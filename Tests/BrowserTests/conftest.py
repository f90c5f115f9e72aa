"""Fixtures of the browser tests. What runs behind the page is the same as in EndToEndTests: the
real daemon on a simulated UPS."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from chromium import Chromium  # noqa: E402
from fixtures import place, require_binary, ups  # noqa: E402, F401
from harness import Daemon  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures time, so that nothing else may run")
    require_binary()


@pytest.fixture
def daemon(place, ups):
    """With time enough to do something in an outage."""
    return Daemon(place, ups.link, server={"shutdownDelay": 60}).start_linked()


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; each page of it is a fresh one."""
    chromium = Chromium()
    yield chromium
    chromium.quit()


@pytest.fixture
def browser(chromium, place):
    """A page of its own, which has said nothing on the console when the test is over. It is left
    before the programs of the place end."""
    chromium.begin()
    yield chromium
    messages = chromium.console()
    chromium.end()
    assert messages == []
