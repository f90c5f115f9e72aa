"""Cancel and delay during an outage, on each way in, and what is refused."""

import datetime
import json
import time

import pytest
import websockets
from harness import (
    Daemon, WebSocket, boot_time, no_shutdown_until, shutdown_on_time, wait_until)


@pytest.fixture
def daemon(place, ups, broker, subscriber):
    return Daemon(place, ups.link, broker, server={"shutdownDelay": 3}).start_linked()


@pytest.fixture
def outage(daemon, ups):
    """Its beginning on CLOCK_BOOTTIME."""
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    return started


def by_mqtt(broker, subscriber, payload):
    """The result of a command that was published."""
    seen = len(subscriber.payloads("command/result"))
    broker.publish("ups/e2e/command", payload)
    wait_until(lambda: len(subscriber.payloads("command/result")) > seen)
    return subscriber.objects("command/result")[seen]


def seconds_until(text):
    return datetime.datetime.fromisoformat(text).timestamp() - time.time()


class TestMQTT:
    def test_cancel(self, daemon, outage, broker, subscriber):
        result = by_mqtt(broker, subscriber, "cancel")
        assert result["ok"] and result["command"] == "cancel"
        subscriber.wait_for("shutdown_phase", "cancelled")
        no_shutdown_until(daemon, outage + 4)

    def test_cancel_says_until_when(self, place, ups, broker, subscriber):
        # The UPS's own timer stays armed: 8 s less the host's 1 s and the reserve of 5 s.
        groups = {"server": {"shutdownDelay": 1}, "ups": {"maxBackupTime": 10}}
        daemon = Daemon(place, ups.link, broker, **groups).start_linked()
        started = ups.power(False)
        wait_until(lambda: daemon.shutdown["phase"] == "pending")
        result = by_mqtt(broker, subscriber, "cancel")
        assert result["ok"] and "at most" in result["message"]
        assert abs(boot_time() + seconds_until(result["deadline"]) - (started + 4)) < 1.2
        # Counted from the last reading with power, up to a status interval before.
        run = shutdown_on_time(daemon, started + 3.8, latest=started + 4)
        assert run.reason == "ups_timer"

    def test_delay(self, daemon, outage, broker, subscriber):
        asked = boot_time()
        result = by_mqtt(broker, subscriber, "delay 4")
        answered = boot_time()
        assert result["ok"]
        assert abs(seconds_until(result["deadline"]) - (asked + 4 - boot_time())) < 1.2
        shutdown_on_time(daemon, asked + 4, latest=answered + 4)

    def test_refusals(self, daemon, outage, broker, subscriber):
        assert not by_mqtt(broker, subscriber, "delay 1")["ok"]
        assert not by_mqtt(broker, subscriber, "reboot")["ok"]
        other = json.dumps({"command": "cancel", "incident": "another"})
        assert not by_mqtt(broker, subscriber, other)["ok"]
        broker.publish("ups/e2e/command", "cancel", retained=True)
        wait_until(lambda: (True, "ups/e2e/command", "") in subscriber.messages()
                   or subscriber.latest("command") == "")
        shutdown_on_time(daemon, outage + 3)
        assert daemon.events("command_refused")

    def test_the_same_id_has_no_second_effect(self, daemon, outage, broker, subscriber):
        command = json.dumps({"command": "delay", "seconds": 4, "id": "one"})
        asked = boot_time()
        first = by_mqtt(broker, subscriber, command)
        answered = boot_time()
        wait_until(lambda: boot_time() > answered + 1)
        assert by_mqtt(broker, subscriber, command) == first
        shutdown_on_time(daemon, asked + 4, latest=answered + 4)


class TestWebSocket:
    def test_cancel(self, daemon, outage):
        with WebSocket(daemon.port) as client:
            assert client.status()["control"] is True
            assert client.command("cancel")["ok"]
        no_shutdown_until(daemon, outage + 4)
        assert daemon.shutdown["phase"] == "cancelled"

    def test_delay(self, daemon, outage):
        with WebSocket(daemon.port) as client:
            assert not client.command("delay", seconds=1)["ok"]
            asked = boot_time()
            result = client.command("delay", seconds=4)
            answered = boot_time()
        assert result["ok"] and result["id"] == "test"
        shutdown_on_time(daemon, asked + 4, latest=answered + 4)

    def test_without_origin_it_may_only_read(self, daemon, outage):
        with WebSocket(daemon.port, origin=None) as client:
            assert client.status()["control"] is False
            result = client.command("cancel")
        assert not result["ok"] and "Origin" in result["message"]
        shutdown_on_time(daemon, outage + 3)

    def test_another_origin_is_turned_away(self, daemon):
        with pytest.raises(websockets.InvalidHandshake):
            WebSocket(daemon.port, origin="http://example.org")

    def test_changes_come_at_once(self, daemon, ups):
        with WebSocket(daemon.port) as client:
            client.status()
            ups.power(False)
            while client.status()["shutdown"]["phase"] != "pending":
                pass
            assert daemon.shutdown["remaining"] in (2, 3)


class TestControlSocket:
    def test_cancel(self, daemon, outage):
        done = daemon.command("cancel")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Cancelled")
        no_shutdown_until(daemon, outage + 4)

    def test_delay_may_shorten(self, daemon, outage):
        assert daemon.control("delay", seconds=60)["ok"]
        asked = boot_time()
        done = daemon.command("delay", 2)
        assert done.returncode == 0 and "Shutdown in 2 s" in done.stdout
        shutdown_on_time(daemon, asked + 2, latest=boot_time() + 2)

    def test_delay_after_a_cancel(self, daemon, outage):
        assert daemon.control("cancel")["ok"]
        asked = boot_time()
        assert daemon.control("delay", seconds=1)["ok"]
        shutdown_on_time(daemon, asked + 1, latest=boot_time() + 1)

    def test_refused_on_line(self, daemon):
        done = daemon.command("cancel")
        assert done.returncode == 1
        assert done.stderr == "ups-server: There is no outage, so there is nothing to cancel.\n"

    def test_delay_of_the_next_outage(self, daemon, ups):
        assert daemon.command("delay", 1).returncode == 0
        shutdown_on_time(daemon, ups.power(False) + 1)

    def test_measure(self, daemon):
        assert daemon.command("measure").returncode == 0
        wait_until(lambda: daemon.events("measurement_done"), 10)
        assert "25000 mF, ESR 34" in daemon.events("measurement_done")[0]["text"]
        assert daemon.command("measure").returncode == 1
