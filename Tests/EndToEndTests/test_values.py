"""Every value, on every sink, against what the simulated UPS says that it measures."""

import pytest
from harness import Daemon, WebSocket, wait_until

#: V above a quarter of the stack
CELLS = {"vcap1Voltage": 0.004, "vcap2Voltage": -0.003, "vcap3Voltage": 0.001,
         "vcap4Voltage": -0.002}
IDENTITY = {"batteryType": "SUC-1011", "series": "UPSIC Series", "firmware": "1.2.0",
            "hwRevision": "A1", "serial": "SIM00001"}
NOMINAL_WATTS = 12.4 * 5
IDLE = {"phase": "idle", "incident": None, "reason": None, "remaining": None, "deadline": None,
        "delay": 600, "latest": None}
MEASURED = {
    "inputVoltage", "outputVoltage", "batteryVoltage", *CELLS, "inputCurrent", "outputCurrent",
    "batteryCurrent", "outputLoad", "ucTemperature", "capacity", "esr", "soc", "remainTime",
    "chargeStatus", "monitorStatus", "deviceStatus", "alarms", "inputPower", "outputPower"}
OTHER = {
    *IDENTITY, "status", "link", "age", "time", "uptime", "powerFailCount", "dryRun", "drill",
    "problem", "problems", "settings", "capacityWhenNew", "esrWhenNew", "energyIn", "energyOut",
    "host", "version", "control", "access", "demo", "shutdown",
    "power", "charging", "discharging", "measuring"}


@pytest.fixture
def daemon(place, ups, broker, subscriber):
    groups = {"server": {"shutdownDelay": 600}, "poll": {"slow": 1.0}}
    return Daemon(place, ups.link, broker, **groups).start_linked()


def expected(measured):
    """The measurements that follow from what the simulator says, while it does not charge."""
    volts, load = measured["millivolts"] / 1000, measured["load"]
    is_on = measured["power"]
    output = 12.5 if is_on else 12.1
    watts = output * load
    values = {
        "inputVoltage": 12.6 if is_on else 0.1, "outputVoltage": output, "batteryVoltage": volts,
        "inputCurrent": watts / 12.6 * 1000 if is_on else 0, "outputCurrent": load * 1000,
        "batteryCurrent": 0 if is_on else -watts / 0.9 / volts * 1000,
        "outputLoad": watts / NOMINAL_WATTS * 100, "ucTemperature": 28, "capacity": 25000,
        "esr": 34, "soc": measured["charge"], "alarms": 0, "outputPower": watts,
        "inputPower": watts if is_on else 0,
        "remainTime": 0.5 * 25 * (volts**2 - 5.2**2) * 0.9 / watts,
        "deviceStatus": 0b1100 if is_on else 0b1010}
    return values | {key: volts / 4 + offset for key, offset in CELLS.items()}


def differences(status, values, tolerance):
    """What is further off than the tolerance (a share) and 1 mV, 1 mA, 1 %, 1 s."""
    def is_off(key, value):
        least = 0.0011 if isinstance(status[key], float) and value < 20 else 1.0
        return status[key] is None or abs(status[key] - value) > max(least, abs(value) * tolerance)
    return {key: (status[key], value) for key, value in values.items() if is_off(key, value)}


def test_every_key_on_line(daemon, ups):
    # The last one that is asked, and one that is asked twice.
    wait_until(lambda: daemon.status()["ucTemperature"] and daemon.status()["esr"])
    wait_until(lambda: daemon.status()["capacity"])
    status = daemon.status()
    assert set(status) == MEASURED | OTHER
    assert not differences(status, expected(ups.measure()), tolerance=0.001)
    assert {key: status[key] for key in IDENTITY} == IDENTITY
    assert status["shutdown"] == IDLE
    assert (status["status"], status["link"], status["problem"]) == ("online", "ok", None)
    assert status["chargeStatus"] == 0x1425 and status["monitorStatus"] == 0x0200
    assert 0 <= status["age"] < 1 and status["powerFailCount"] == 0


@pytest.mark.parametrize("load", [0.5, 2.5])
def test_every_key_on_battery(daemon, ups, load):
    ups.say(f"load {load}")
    ups.say("charge 80")
    ups.power(False)
    wait_until(lambda: daemon.status()["esr"] and daemon.status()["inputVoltage"] == 0.1)

    def agrees():
        return not differences(daemon.status(), expected(ups.measure()), tolerance=0.03)
    wait_until(agrees)
    status = daemon.status()
    assert (status["status"], status["powerFailCount"]) == ("on_battery", 1)
    assert status["shutdown"]["phase"] == "pending"
    assert status["shutdown"]["reason"] == "time"


def test_charging(daemon, ups):
    ups.say("charge 40")

    def is_charging():
        status = daemon.status()
        return (status["batteryCurrent"] == 2000 and status["deviceStatus"] == 0b1101
                and 40 <= status["soc"] <= 60 and status["inputCurrent"] > 2000)
    wait_until(is_charging)


def test_all_sinks_agree(daemon, ups, subscriber):
    ups.say("load 2")
    wait_until(lambda: daemon.status()["esr"] and daemon.status()["outputCurrent"] == 2000)
    keys = {"LINEV": "12.6 Volts", "OUTPUTV": "12.5 Volts", "OUTPUTA": "2.000 Amps",
            "BATTV": "10.4 Volts", "BATTA": "0.000 Amps", "BCHARGE": "100 Percent",
            "ITEMP": "28 C", "STATUS": "ONLINE", "STATFLAG": "0x05000008", "REG1": "0x0C",
            "SERIALNO": "SIM00001", "MODEL": "SUC-1011", "FIRMWARE": "1.2.0"}
    told = daemon.nis()
    assert {key: told[key] for key in keys} == keys
    topics = {"availability": "online", "link": "online", "status": "online", "power": "ON",
              "charging": "OFF", "discharging": "OFF", "battery_present": "ON",
              "low_battery": "OFF", "overcurrent": "OFF", "problem": "OFF", "dry_run": "OFF",
              "drill": "OFF", "input_voltage": "12.600", "output_voltage": "12.500",
              "battery_voltage": "10.400", "cell_1_voltage": "2.604", "output_current": "2.000",
              "output_power": "25.00", "battery_charge": "100", "temperature": "28",
              "capacitance": "25.000", "esr": "34", "device_status": "12",
              "shutdown_phase": "idle", "shutdown_delay": "600"}
    wait_until(lambda: {key: subscriber.latest(key) for key in topics} == topics)
    with WebSocket(daemon.port) as client:
        told = client.status()
        assert told["control"] is True
        assert told["outputCurrent"] == 2000 and set(told) == MEASURED | OTHER
