"""Clients of NIS from PyPI against the port: the one that Home Assistant uses, and a synchronous
one. Each reads every state of the UPS."""

import asyncio
import sys

import pytest
from harness import ROOT, Daemon, wait_until

sys.path.insert(0, str(ROOT / ".build/nis-clients"))
import aioapcaccess  # noqa: E402
import apcaccess.status  # noqa: E402


def asynchronous(port):
    return dict(asyncio.run(aioapcaccess.request_status("127.0.0.1", port)))


def synchronous(port):
    return dict(apcaccess.status.parse(apcaccess.status.get("127.0.0.1", port, timeout=5)))


def test_they_agree_on_every_key(daemon):
    # What changes no more: the temperature is the last of the values, the texts come beside them.
    wait_until(lambda: all(daemon.status()[key] for key in ("ucTemperature", "hwRevision",
                                                            "firmware", "serial", "batteryType")))
    told = daemon.nis()
    del told["DATE"], told["ENDAPC"], told["END APC"]
    for read in (asynchronous, synchronous):
        values = read(daemon.port)
        assert {key: values[key].strip() for key in told} == told
        assert {"DATE", "ENDAPC", "END APC"} < values.keys()


@pytest.mark.parametrize("read", [asynchronous, synchronous])
def test_every_state(place, ups, read):
    def status():
        values = read(daemon.port)
        return values["STATUS"], int(values["STATFLAG"], 16)
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 3}).start_linked()
    assert status() == ("ONLINE", 0x05000008)
    ups.power(False)
    wait_until(lambda: daemon.status()["status"] == "on_battery")
    assert status() == ("ONBATT", 0x05000010)
    daemon.wait_for_shutdown()
    assert status() == ("SHUTTING DOWN", 0x05000210)
    ups.say("unplug")
    wait_until(lambda: daemon.status()["link"] == "lost")
    assert status() == ("SHUTTING DOWN", 0x05000310)
