"""Debian's Netdata shows the UPS, an outage and the shutdown."""

from harness import wait_until
from netdata import Netdata


def test_netdata(place, ups, daemon):
    netdata = Netdata(place, daemon.port)
    wait_until(lambda: netdata.values("charge") == {"charge": 100})
    assert netdata.values("input_voltage")["voltage"] == 12.6
    assert netdata.values("output_voltage")["voltage"] == 12.5
    assert netdata.values("battery_voltage") == {"voltage": 10.4, "nominal": 10.4}
    assert netdata.values("load") == {"load": 20}
    assert netdata.values("temp") == {"temp": 28}
    assert netdata.values("time")["time"] == float(daemon.nis()["TIMELEFT"].split()[0])
    assert netdata.values("online") == {"online": 1}
    ups.power(False)
    wait_until(lambda: (netdata.values("input_voltage").get("voltage") or 1) < 1)
    assert netdata.values("online") == {"online": 1}
    wait_until(lambda: (netdata.values("charge").get("charge") or 100) < 100)
    daemon.wait_for_shutdown(timeout=15)
    wait_until(lambda: netdata.values("online") == {"online": 0})
