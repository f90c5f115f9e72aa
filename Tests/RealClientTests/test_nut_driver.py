"""The simulated UPS is what NUT's driver takes for one: its variables and limits behave as the
driver's manual page says."""

import time

import pytest
from harness import Simulator, boot_time, wait_until
from nut_driver import NUTDriver

#: From the manual page bicker_ser(8): what is on by default, and the limits of the device.
SETTINGS = {
    "ups.delay.shutdown": ("", 1, 3600), "ups.delay.start": ("", 1, 180),
    "battery.charge.restart": ("", 1, 100), "battery.charge.low": ("20", 1, 100),
    "experimental.output.current.low": ("200", 100, 800),
    "experimental.ups.delay.shutdown.signal": ("", 1, 3600),
    "experimental.ups.delay.shutdown.signal.masked": ("", 1, 3600),
    "experimental.battery.charge.low.empty": ("20", 1, 100),
    "experimental.ups.relay.mode": ("1", 1, 5),
}
ALWAYS_ON = ["experimental.battery.charge.low.empty", "experimental.ups.relay.mode"]


@pytest.fixture
def driver(place, ups):
    return NUTDriver(place, ups.link)


def is_dark(driver):
    """A UPS without output answers nothing."""
    return driver.is_stale()


def test_what_it_reads(driver):
    variables = driver.variables()
    assert {name: variables[name] for name in SETTINGS} == {
        name: value for name, (value, _, _) in SETTINGS.items()}
    assert driver.writable() >= set(SETTINGS)
    assert {name: driver.ranges()[name] for name in SETTINGS} == {
        name: (least, most) for name, (_, least, most) in SETTINGS.items()}
    expected = {
        "ups.status": "OL", "battery.charge": "100", "battery.voltage": "10.400",
        "input.voltage": "12.6", "output.voltage": "12.500", "output.current": "1.000",
        "device.mfr": "Bicker Elektronik GmbH", "device.model": "UPSIC Series",
        "device.serial": "SIM00001", "battery.type": "SUC-1011", "ups.firmware": "1.2.0"}
    assert {name: variables[name] for name in expected} == expected


@pytest.mark.parametrize("name", SETTINGS)
def test_a_variable_and_its_limits(driver, name):
    default, least, most = SETTINGS[name]
    for value in (least, most):
        assert driver.set(name, value) == str(value)
    for value in (least - 1, most + 1):
        assert driver.set(name, value) == str(most)
    # Without a battery.charge.low the driver 2.8.5 itself ends: it reads it with each status.
    if name != "battery.charge.low":
        assert (driver.set(name, "") != "") == (name in ALWAYS_ON)


def test_the_shutdown_delay_and_the_start_delay(driver, ups):
    assert driver.set("ups.delay.shutdown", 4) == "4"
    assert driver.set("ups.delay.start", 5) == "5"
    failed = ups.power(False)
    wait_until(lambda: "OB" in driver.variables()["ups.status"])
    wait_until(lambda: is_dark(driver), 20)
    assert boot_time() > failed + 4
    returned = ups.power(True)
    wait_until(lambda: not is_dark(driver) and driver.variables()["ups.status"] == "OL", 30)
    assert boot_time() > returned + 5


def test_the_charge_at_which_the_output_returns(driver, ups):
    driver.set("battery.charge.restart", 100)
    driver.set("ups.delay.shutdown", 1)
    driver.set("ups.delay.start", 1)
    ups.power(False)
    wait_until(lambda: is_dark(driver), 20)
    ups.ask("charge 90")
    ups.power(True)
    time.sleep(2)
    assert is_dark(driver), "it waits for the charge"
    wait_until(lambda: not is_dark(driver), 30)
    assert ups.measure()["charge"] == 100


def test_the_load_sensor(driver, ups):
    driver.set("experimental.output.current.low", 500)
    ups.ask("load 0.6")
    ups.power(False)
    time.sleep(5)
    assert not is_dark(driver)
    ups.ask("load 0.4")
    wait_until(lambda: is_dark(driver), 20)


@pytest.mark.parametrize("model, seconds", [("psz-1063", 8), ("upsic-2403d", 2)])
def test_shutdown_return(place, model, seconds):
    """One device takes 2 s, whatever it is told."""
    ups = Simulator(place, model=model)
    driver = NUTDriver(place, ups.link)
    driver.set("ups.delay.shutdown", 8)
    ups.power(False)
    wait_until(lambda: "OB" in driver.variables()["ups.status"])
    driver.say("INSTCMD shutdown.return")
    wait_until(lambda: "the output goes off in" in ups.text(), 10)
    assert f"the output goes off in {seconds} s" in ups.text()
    wait_until(lambda: is_dark(driver), 20)
