"""Fixtures of the package tests. They need root, the package, and the base trees of the guests:
all of that is made by `make package-test`."""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Harness"), str(TESTS / "GuestTests")]

from guest import BASES  # noqa: E402
from harness import Place  # noqa: E402
from package import Host, package  # noqa: E402

SUITES = os.environ.get("UPS_GUEST_SUITES", "bookworm trixie").split()


def pytest_configure(config):
    config.addinivalue_line("markers", "here: of a package that was built on this machine")
    assert os.geteuid() == 0, "the package tests need root: they mount and boot"
    for suite in SUITES:
        assert (BASES / f"{suite}-packages").is_dir(), f"no {suite} in {BASES}: make package-test"
    package()


@pytest.fixture(params=SUITES)
def suite(request):
    return request.param


@pytest.fixture
def place():
    place = Place(folder=BASES)
    yield place
    place.close()


@pytest.fixture
def host(place, suite):
    """Booted, without the package; its UPS is at another path than the package's file says."""
    return Host(place, suite).boot(linked=False)
