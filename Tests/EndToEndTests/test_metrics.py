"""/metrics: Prometheus' own tool finds nothing to say, whatever the state of the UPS."""

import subprocess

from harness import Daemon, get, wait_until


def metrics(daemon):
    """Sample and value."""
    status, body = get(daemon.port, "/metrics")
    assert status == 200
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=body, capture_output=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    return {sample: float(value) for sample, _, value in (line.rpartition(" ") for line in lines)}


def test_promtool_in_every_state(place, ups, broker):
    daemon = Daemon(place, ups.link, broker, shutdown={"dryRun": True}).start_linked()
    wait_until(lambda: daemon.status()["esr"])
    told = metrics(daemon)
    assert told['ups_status{status="online"}'] == 1 and told["ups_input_volts"] == 12.6
    assert told["ups_port_opens_total"] == 1 and told["ups_replies_total"] > 10
    wait_until(lambda: metrics(daemon)["ups_broker_connected"] == 1)
    ups.power(False)
    wait_until(lambda: metrics(daemon).get("ups_shutdown_remaining_seconds"))
    wait_until(lambda: metrics(daemon)['ups_status{status="shutting_down"}'] == 1)
    assert daemon.control("cancel")["ok"] is False
    told = metrics(daemon)
    assert told["ups_outages_total"] == 1 and told['ups_commands_total{result="refused"}'] == 1
    ups.say("unplug")
    wait_until(lambda: metrics(daemon)['ups_link{link="lost"}'] == 1)
    assert "ups_input_volts" not in metrics(daemon)
