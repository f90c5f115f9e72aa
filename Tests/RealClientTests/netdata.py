"""Debian's Netdata with nothing but its apcupsd collector, which asks once a second."""

import json
import os

from harness import free_port, get, wait_until

_SETTINGS = """
[global]
  run as user = {user}
[db]
  mode = ram
[directories]
  config = {folder}/config
  cache = {folder}/cache
  lib = {folder}/lib
  log = {folder}/log
[web]
  bind to = 127.0.0.1:{port}
[health]
  enabled = no
[ml]
  enabled = no
[plugins]
  enable running new plugins = no
  timex = no
  checks = no
  idlejitter = no
  tc = no
  diskspace = no
  proc = no
  cgroups = no
  slabinfo = no
  charts.d = yes
"""


class Netdata:
    """Returns once it shows all charts of the UPS on this port."""

    CHARTS = {"charge", "battery_voltage", "input_voltage", "input_frequency", "output_voltage",
              "load", "load_usage", "temp", "time", "online"}

    def __init__(self, place, nis_port):
        self.port = free_port()
        folder = place.file("netdata")
        for name in ("config/charts.d", "cache", "lib", "log"):
            os.makedirs(f"{folder}/{name}")
        user = "root" if os.geteuid() == 0 else os.environ["USER"]
        settings = place.write(
            f"{folder}/config/netdata.conf",
            _SETTINGS.format(user=user, folder=folder, port=self.port))
        place.write(f"{folder}/config/charts.d.conf", "enable_all_charts=no\napcupsd=yes\n")
        place.write(
            f"{folder}/config/charts.d/apcupsd.conf",
            f'declare -A apcupsd_sources=(["ups"]="127.0.0.1:{nis_port}")\n'
            "apcupsd_update_every=1\n")
        with open(f"{folder}/output", "wb") as output:
            place.start(
                "/usr/sbin/netdata", "-D", "-c", settings, stdout=output, stderr=output)
        wait_until(lambda: self.charts() == Netdata.CHARTS, timeout=60)

    def charts(self):
        try:
            charts = self._ask("charts")["charts"]
        except OSError:
            return set()
        return {name.removeprefix("apcupsd_ups.") for name in charts if "apcupsd_ups." in name}

    def values(self, chart):
        """The newest value of each dimension; empty as long as there is none."""
        try:
            told = self._ask(f"data?chart=apcupsd_ups.{chart}&after=-1&points=1&format=json")
        except json.JSONDecodeError:
            return {}
        if not told["data"]:
            return {}
        return dict(zip(told["labels"][1:], told["data"][0][1:]))

    def _ask(self, path):
        return json.loads(get(self.port, f"/api/v1/{path}")[1])
