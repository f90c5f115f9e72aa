"""Fixtures of the guest tests. They need root, and the base trees that `make guest-test` makes."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Harness"))

from guest import BASES, Guest, installed  # noqa: E402
from place import Place  # noqa: E402

SUITES = os.environ.get("UPS_GUEST_SUITES", "bookworm trixie").split()


def pytest_configure():
    assert os.geteuid() == 0, "the guest tests need root: they mount and boot"
    for suite in SUITES:
        assert (BASES / f"{suite}-polkit").is_dir(), f"no {suite} in {BASES}: make guest-test"


@pytest.fixture(scope="session", params=SUITES)
def suite(request):
    return request.param


@pytest.fixture(scope="session")
def layer(suite, testrun_uid):
    """The service, installed on the suite."""
    return installed(suite, testrun_uid)


@pytest.fixture
def place():
    place = Place(folder=BASES)
    yield place
    place.close()


@pytest.fixture
def guest(place, suite, layer):
    """Makes a guest that is not booted yet; see Guest."""
    return lambda **options: Guest(place, suite, layer, **options)
