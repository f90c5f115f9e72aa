"""`mqtt-purge` and what a demo leaves on somebody else's broker: nothing."""

import signal

import pytest
from harness import BINARY, Daemon, command_line, free_port, wait_until

DOCUMENT = "homeassistant/device/ups_SIM00001/config"


@pytest.fixture
def daemon(place, ups, broker):
    return Daemon(place, ups.link, broker).start_linked()


def test_nothing_is_left(daemon, broker, subscriber):
    wait_until(lambda: DOCUMENT in broker.retained() and "ups/e2e/alarms" in broker.retained())
    daemon.stop()
    count = len(broker.retained())
    done = daemon.command("mqtt-purge")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Removed {count} retained topics of ups/e2e\n"
    assert broker.retained() == {}
    # Home Assistant forgets the entities before their states go.
    cleared = [topic for _, topic, payload in subscriber.messages() if not payload]
    assert cleared[0] == DOCUMENT


def test_not_while_the_daemon_runs(daemon, broker):
    done = daemon.command("mqtt-purge")
    assert done.returncode == 1
    assert "is running and would publish it all again: stop it first" in done.stderr
    assert "ups/e2e/power" in broker.retained()


def test_it_wants_a_configuration(place):
    done = command_line(place, "mqtt-purge")
    assert done.returncode != 0 and "--config" in done.stderr


def test_without_mqtt(place, ups):
    done = Daemon(place, ups.link).command("mqtt-purge")
    assert done.returncode == 1 and "there is no group mqtt" in done.stderr


def test_a_demo_leaves_nothing(place, broker, subscriber):
    demo = place.start(
        BINARY, "demo", "--port", free_port(), "--broker", f"127.0.0.1:{broker.port}",
        "--discovery")
    wait_until(lambda: any(topic.startswith("homeassistant/device/ups_SIM")
                           for topic in broker.retained()))
    demo.send(signal.SIGINT)
    assert demo.wait(10) == 0
    assert broker.retained() == {}
