"""A real Home Assistant in the folder that set_up.sh has made, with a configuration of its own in
the place of a test. It is driven as its own page does it: over its HTTP API and WebSocket."""

import asyncio
import json
import os
import pathlib
import re
import urllib.error
import urllib.parse
import urllib.request

import websockets
from harness import free_port, wait_until

_HERE = pathlib.Path(__file__).resolve()
_ROOT = os.environ.get("HOME_ASSISTANT", str(_HERE.parents[2] / ".build/home-assistant"))
_SEES_NOBODY = 'mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; ' \
    'mount --bind "$1" "$0/config"; exec chroot "$0" /venv/bin/hass -c /config --skip-pip'
_SPEAKS_OF_TROUBLE = re.compile(r" (WARNING|ERROR|CRITICAL) ")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_CONFIGURATION = """\
homeassistant:
  name: Home
  time_zone: UTC
  unit_system: metric
  country: DE
http:
  server_host: 127.0.0.1
  server_port: {port}
logger:
  default: info
api:
config:
energy:
history:
logbook:
mobile_app:
recorder:
  commit_interval: 1
"""


class HomeAssistant:
    """Made with its files, not started."""

    def __init__(self, place, name="home-assistant", more=""):
        """`more` is added to its configuration."""
        self.place = place
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = pathlib.Path(place.file(name))
        (self.folder / ".storage").mkdir(parents=True)
        self.write("configuration.yaml", _CONFIGURATION.format(port=self.port) + more)
        # The steps after the first user would ask services outside.
        self.write(".storage/onboarding", json.dumps({
            "version": 4, "minor_version": 1, "key": "onboarding",
            "data": {"done": ["core_config", "analytics", "integration"]}}))
        self.token = None
        self._socket = None
        self.program = None
        self._seen = {}

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    # Its life

    def start(self):
        """Returns once it runs."""
        with open(self.folder / "output", "ab") as output:
            self.program = self.place.start(
                "env", "-i", f"UPS_SERVER_TEST={self.place.mark}", "HOME=/root", "LC_ALL=C.UTF-8",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "unshare", "--mount", "--propagation",
                "private", "bash", "-euc", _SEES_NOBODY, _ROOT, self.folder, stdout=output,
                stderr=output)
        self.place.at_end(self._end)
        wait_until(self._answers, 120)
        is_new = self.token is None
        if is_new:
            self.token = self._first_user()
        self._socket = _Socket(self.port, self.token)
        wait_until(lambda: self.get("/api/config")["state"] == "RUNNING", 60)
        if is_new:
            # Else it would take another port after five minutes: nobody would have confirmed this.
            self.ask("http/config/promote")
        return self

    def _answers(self):
        assert self.program.runs, f"it ended: {self.output()[-3000:]}"
        try:
            self._ask("/manifest.json")
            return True
        except OSError:
            return False

    def _first_user(self):
        client = f"{self.url}/"

        def create():
            try:
                return self._ask("/api/onboarding/users", {
                    "client_id": client, "name": "Owner", "username": "owner",
                    "password": "a-password", "language": "en"})["auth_code"]
            except OSError:  # the first answers may come before every view is there
                return None
        form = urllib.parse.urlencode({
            "grant_type": "authorization_code", "code": wait_until(create, 30),
            "client_id": client}).encode()
        self.token = self._ask("/auth/token", form)["access_token"]
        socket = _Socket(self.port, self.token)
        try:
            return socket.ask(
                "auth/long_lived_access_token", client_name="test", lifespan=30)
        finally:
            socket.close()

    def stop(self):
        self._socket.close()
        self._end()

    def _end(self):
        if self.program.runs:
            self.program.stop(timeout=60)

    def restart(self):
        self.stop()
        return self.start()

    # What it is asked

    def _ask(self, path, body=None, method=None):
        """The JSON answer; a body is posted."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def get(self, path):
        return self._ask(path)

    def post(self, path, body):
        return self._ask(path, body)

    def delete(self, path):
        return self._ask(path, method="DELETE")

    def ask(self, kind, **members):
        """The result of a WebSocket command."""
        return self._socket.ask(kind, **members)

    def act(self, domain, action, **members):
        """Performs an action, for example button.press."""
        self.post(f"/api/services/{domain}/{action}", members)

    def states(self):
        """{entity id: state object}"""
        return {state["entity_id"]: state for state in self.get("/api/states")}

    def state(self, entity):
        """The state as text, or None when there is no such entity."""
        found = self.states().get(entity)
        return found and found["state"]

    def entities(self):
        """{unique id: entry of the registry} of all that came over MQTT."""
        entries = self.ask("config/entity_registry/list")
        return {entry["unique_id"]: entry for entry in entries if entry["platform"] == "mqtt"}

    def devices(self):
        """Those that came over MQTT."""
        ids = {entry["device_id"] for entry in self.entities().values()}
        return [device for device in self.ask("config/device_registry/list")
                if device["id"] in ids]

    def connect_to_broker(self, port, username=None, password=None):
        values = {"broker": "127.0.0.1", "port": port}
        if username:
            values |= {"username": username, "password": password}
        self.set_up("mqtt", values, "broker")

    def set_up(self, integration, values, choice=None):
        """As a person does it; `choice` is what is chosen in a menu. The id of the entry."""
        flow = self.post("/api/config/config_entries/flow", {"handler": integration})
        while flow["type"] in ("menu", "form"):
            assert not flow.get("errors"), flow
            answer = {"next_step_id": choice} if flow["type"] == "menu" else _filled(
                flow["data_schema"], values)
            flow = self.post(f"/api/config/config_entries/flow/{flow['flow_id']}", answer)
        assert flow["type"] == "create_entry", flow
        return flow["result"]["entry_id"]

    def remove(self, entry):
        self.delete(f"/api/config/config_entries/entry/{entry}")

    # What it says

    def output(self):
        text = (self.folder / "output").read_text(encoding="utf-8", errors="replace")
        return _COLOUR.sub("", text)

    def trouble(self, about="mqtt"):
        """The warnings and errors about something since this was asked last."""
        lines = self.output().splitlines()
        fresh, self._seen[about] = lines[self._seen.get(about, 0):], len(lines)
        return [line for line in fresh
                if _SPEAKS_OF_TROUBLE.search(line) and about in line.lower()]


def _filled(schema, values):
    """A form with our values, and what is required besides."""
    answer = {}
    for field in schema:
        name = field["name"]
        if name in values:
            answer[name] = values[name]
        elif field.get("type") == "expandable":
            answer[name] = _filled(field["schema"], values)
        elif "default" in field:
            answer[name] = field["default"]
        elif "suggested_value" in (field.get("description") or {}):
            answer[name] = field["description"]["suggested_value"]
        elif field.get("required"):
            answer[name] = _first(field.get("selector", {}))
    return answer


def _first(selector):
    if "select" not in selector:
        return False
    option = selector["select"]["options"][0]
    return option["value"] if isinstance(option, dict) else option


class _Socket:
    """Its WebSocket, for callers without an event loop."""

    def __init__(self, port, token):
        self._runner = asyncio.Runner()
        self._number = 0
        self._connection = self._runner.run(self._connect(port, token))

    @staticmethod
    async def _connect(port, token):
        connection = await websockets.connect(
            f"ws://127.0.0.1:{port}/api/websocket", max_size=None, ping_interval=None)
        await connection.recv()
        await connection.send(json.dumps({"type": "auth", "access_token": token}))
        answer = json.loads(await connection.recv())
        assert answer["type"] == "auth_ok", answer
        return connection

    def ask(self, kind, **members):
        return self._runner.run(asyncio.wait_for(self._ask(kind, members), 30))

    async def _ask(self, kind, members):
        self._number += 1
        await self._connection.send(json.dumps({"id": self._number, "type": kind, **members}))
        while True:
            answer = json.loads(await self._connection.recv())
            if answer["type"] == "result" and answer["id"] == self._number:
                assert answer["success"], (kind, answer["error"])
                return answer["result"]

    def close(self):
        self._runner.run(self._connection.close())
        self._runner.close()
