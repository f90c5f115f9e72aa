"""Everything that a UPS in Home Assistant takes: a simulated UPS, a broker with TLS, passwords and
an access control list, the daemon on both, and a Home Assistant that has the files of
`homeassistant/`. Used by the tests and by screenshots.py."""

import contextlib
import shutil

from harness import ROOT, Daemon, Simulator, wait_until
from home_assistant import HomeAssistant
from secure_broker import SecureBroker
from shown import Shown

#: The files of `homeassistant/` as a person uses them.
_MORE = """\
automation: !include automations.yaml
lovelace:
  dashboards:
    ups-workhorse:
      mode: yaml
      title: UPS
      filename: dashboard.yaml
mqtt: !include ups-server.yaml
"""


class World:
    """Made, not started."""

    def __init__(self, place):
        self.place = place
        self.ups = Simulator(place)
        self.broker = SecureBroker(
            place, (("workhorse", "ups_SIM00001"), ("spare", "ups_SIM00002")))
        self.daemon = self.make_daemon("workhorse", self.ups)
        self.home = HomeAssistant(place, more=_MORE)
        files = ROOT / "homeassistant"
        shutil.copytree(files / "blueprints", self.home.folder / "blueprints")
        shutil.copy(files / "dashboard.yaml", self.home.folder)
        shutil.copy(files / "manual.yaml", self.home.folder / "ups-server.yaml")
        self.home.write("automations.yaml", "[]\n")
        self.shown = Shown(self.home, self.daemon)

    def start(self):
        """Home Assistant first, as most people do it."""
        self.home.start()
        self.home.connect_to_broker(self.broker.port, "homeassistant", "secret")
        self.daemon.start_linked()

    def make_daemon(self, name, ups):
        return Daemon(self.place, ups.link, **self._groups(name))

    def _groups(self, name, mqtt=None, shutdown=None):
        return {
            "server": {"shutdownDelay": 600},
            "shutdown": {"returnHold": 0.0, **(shutdown or {})},
            "mqtt": {"host": "127.0.0.1", **self.broker.settings_for(name), **(mqtt or {})}}

    def configure(self, **groups):
        """The daemon, with changes to the groups `mqtt` and `shutdown`; without: as it was."""
        self.daemon.configure(**self._groups("workhorse", **groups))

    def reload(self, **groups):
        self.configure(**groups)
        self.daemon.reload()

    def settle(self):
        """Everything is there and right: the start of each test."""
        if self.daemon.program.runs:
            self.reload()
        else:
            self.configure()
            self.daemon.start()
        self.ups.say("plug")
        self.ups.power(True)
        self.ups.say("charge 100")
        self.shown.wait_for_all()
        self.home.act("persistent_notification", "dismiss_all")

    @contextlib.contextmanager
    def outage(self):
        """Without power within; afterwards everything is as it was."""
        self.ups.power(False)
        try:
            wait_until(lambda: self.shown.state("shutdown_phase") == "pending")
            yield
        finally:
            self.ups.power(True)
            self.ups.say("charge 100")
            self.shown.wait_for_all()
