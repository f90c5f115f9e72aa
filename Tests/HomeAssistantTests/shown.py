"""What Home Assistant must show of a UPS on line power: each entity with its unit, its classes and
its state, against what the daemon itself says."""

import dataclasses

from harness import get_json, wait_until

#: As the issue wants it: all there, and right, within 10 s.
LIMIT = 10


@dataclasses.dataclass(frozen=True)
class Entity:
    """What it must be. `state` is a text, or a bit of the device status, or the key of the daemon's
    status with a factor and the deadband, or what follows from the status."""

    domain: str
    state: object
    device_class: str = None
    unit: str = None
    state_class: str = None
    category: str = None
    #: It stays when the link to the UPS is lost.
    stays: bool = False
    is_enabled: bool = True

    def matches(self, state, status):
        if isinstance(self.state, int):
            return state == ("on" if status["deviceStatus"] & self.state else "off")
        if callable(self.state):
            return state == self.state(status)
        if not isinstance(self.state, tuple):
            return state == self.state
        key, factor, deadband = self.state
        return abs(float(state) - status[key] * factor) <= deadband


def _measured(key, device_class, unit, deadband, factor=1, **others):
    return Entity(
        "sensor", (key, factor, deadband), device_class, unit,
        others.pop("state_class", "measurement"), **others)


def _flag(state, device_class=None, **others):
    return Entity("binary_sensor", state, device_class, **others)


def _register(key):
    return _measured(key, None, None, 0, state_class=None, category="diagnostic", is_enabled=False)


_DAEMON = {"stays": True}
_DIAGNOSTIC = {"category": "diagnostic"}
_BOTH = {**_DAEMON, **_DIAGNOSTIC}

ENTITIES = {
    "power": _flag("on", "power"),
    "status": Entity("sensor", "online", "enum", **_DAEMON),
    "link": _flag("on", "connectivity", **_BOTH),
    "charging": _flag(1, "battery_charging"),
    "discharging": _flag(2),
    "battery_present": _flag("on", **_DIAGNOSTIC),
    "low_battery": _flag("off", "battery"),
    "overcurrent": _flag("off", "problem"),
    "problem": _flag("off", "problem", **_BOTH),
    "dry_run": _flag("off", **_BOTH),
    "drill": _flag("off", **_BOTH),
    "input_voltage": _measured("inputVoltage", "voltage", "V", 0.1),
    "output_voltage": _measured("outputVoltage", "voltage", "V", 0.1),
    "battery_voltage": _measured("batteryVoltage", "voltage", "V", 0.1),
    "input_current": _measured("inputCurrent", "current", "A", 0.04, 0.001),
    "output_current": _measured("outputCurrent", "current", "A", 0.04, 0.001),
    "battery_current": _measured("batteryCurrent", "current", "A", 0.04, 0.001),
    "input_power": _measured("inputPower", "power", "W", 0.4),
    "output_power": _measured("outputPower", "power", "W", 0.4),
    "input_energy": _measured(
        "energyIn", "energy", "Wh", 0.2, state_class="total_increasing", **_DAEMON),
    "output_energy": _measured(
        "energyOut", "energy", "Wh", 0.2, state_class="total_increasing", **_DAEMON),
    "battery_charge": _measured("soc", "battery", "%", 1),
    "load": _measured("outputLoad", None, "%", 2),
    "battery_runtime": _measured("remainTime", "duration", "s", 2),
    "temperature": _measured("ucTemperature", "temperature", "°C", 1, **_DIAGNOSTIC),
    "capacitance": _measured("capacity", None, "F", 0.2, 0.001, **_DIAGNOSTIC),
    "esr": _measured("esr", None, "mΩ", 1, **_DIAGNOSTIC),
    **{f"cell_{cell}_voltage": _measured(
        f"vcap{cell}Voltage", "voltage", "V", 0.02, **_DIAGNOSTIC) for cell in range(1, 5)},
    "power_fail_count": _measured(
        "powerFailCount", None, None, 0, state_class="total_increasing", **_BOTH),
    "last_outage": Entity("sensor", lambda status: status["lastOutage"], "timestamp", **_BOTH),
    "device_status": _register("deviceStatus"),
    "charge_status": _register("chargeStatus"),
    "monitor_status": _register("monitorStatus"),
    "alarms": _register("alarms"),
    "shutdown": Entity("sensor", "unknown", "timestamp", **_DAEMON),
    "shutdown_phase": Entity("sensor", "idle", "enum", **_DAEMON),
    "shutdown_remaining": Entity(
        "sensor", "unknown", "duration", "s", "measurement", **_DAEMON),
    "shutdown_delay": Entity("sensor", "600", "duration", "s", "measurement", **_DAEMON),
}

#: What is no topic of the contract's table: their state is a moment, a number or a sentence.
ACTIVE = {
    "cancel": Entity("button", None, **_DAEMON),
    "measure": Entity("button", None, category="diagnostic"),
    "delay": Entity("number", "600", "duration", "s", **_DAEMON),
    "event": Entity("event", None, **_DAEMON),
    "command_result": Entity("sensor", None, category="diagnostic", stays=True),
}


class Shown:
    """What one Home Assistant shows of one UPS."""

    def __init__(self, home, daemon, identifier="ups_SIM00001", name="workhorse"):
        self.home, self.daemon = home, daemon
        self._identifier = identifier
        self._prefix = f"ups_{name}"

    def entity(self, key):
        """Its id."""
        domain = {**ENTITIES, **ACTIVE}[key].domain
        return f"{domain}.{self._prefix}_{key}"

    def state(self, key):
        return self.home.state(self.entity(key))

    def wait_for_all(self, limit=LIMIT):
        """Everything is there and right, and nothing about MQTT was logged meanwhile."""
        self._wait(self._wrong, limit)

    def wait_for_lost_link(self):
        """What the UPS tells is unavailable, and nothing else."""
        self._wait(self._wrongly_available, LIMIT)

    def _wait(self, wrong, limit):
        try:
            wait_until(lambda: not wrong(), limit, 0.2)
        except AssertionError:
            raise AssertionError(f"after {limit} s: {wrong()}") from None
        trouble = self.home.trouble()
        assert not trouble, "\n".join(trouble)

    def _wrong(self):
        """What is not as it must be: {key: what it is}."""
        registry, states = self.home.entities(), self.home.states()
        status = {**self.daemon.status(), "lastOutage": self._last_outage()}
        wrong = {}
        for key, entity in {**ENTITIES, **ACTIVE}.items():
            entry = registry.get(f"{self._identifier}_{key}")
            text = _difference(entity, entry, states, status, self.entity(key))
            if text:
                wrong[key] = text
        extra = {unique for unique in registry if unique.startswith(f"{self._identifier}_")
                 and unique.removeprefix(f"{self._identifier}_") not in {**ENTITIES, **ACTIVE}}
        return wrong | ({"extra": extra} if extra else {})

    def _last_outage(self):
        """As Home Assistant writes it; a drill is none."""
        outages = get_json(self.daemon.port, "/api/outages")["outages"]
        begins = [outage["from"] for outage in outages if not outage["drill"]]
        return begins[0].replace("Z", "+00:00") if begins else "unknown"

    def _wrongly_available(self):
        states = self.home.states()
        wrong = {}
        for key, entity in {**ENTITIES, **ACTIVE}.items():
            if entity.is_enabled:
                state = states[self.entity(key)]["state"]
                if (state != "unavailable") != entity.stays:
                    wrong[key] = state
        return wrong


def _difference(entity, entry, states, status, entity_id):
    """In words, or None."""
    if entry is None:
        return "missing"
    if entry["entity_id"] != entity_id:
        return entry["entity_id"]
    if entry["entity_category"] != entity.category:
        return f"category {entry['entity_category']}"
    if not entity.is_enabled:
        return None if entry["disabled_by"] == "integration" else "enabled"
    state = states.get(entity_id)
    if state is None:
        return "no state"
    attributes = state["attributes"]
    kinds = tuple(attributes.get(name) for name in (
        "device_class", "unit_of_measurement", "state_class"))
    if kinds != (entity.device_class, entity.unit, entity.state_class):
        return kinds
    if state["state"] == "unavailable":
        return "unavailable"
    if entity.state is not None and not _matches(entity, state["state"], status):
        return state["state"]
    return None


def _matches(entity, state, status):
    try:
        return entity.matches(state, status)
    except (TypeError, ValueError):
        return False
