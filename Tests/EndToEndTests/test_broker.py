"""A broker that goes away and comes back, and a broker that was never there."""

import json
import signal

from harness import Broker, Daemon, Subscriber, boot_time, shutdown_on_time, wait_until

NOT_RETAINED = ("event", "command", "command/result")


def test_all_is_retained_again_within_two_seconds(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker).start_linked()
    wait_until(lambda: subscriber.latest("esr") == "34" and subscriber.latest("alarms") == "0")
    topics = {topic for _, topic, _ in subscriber.messages()}
    wanted = {topic for topic in topics if not topic.endswith(NOT_RETAINED)}
    broker.stop()
    wait_until(lambda: daemon.events("broker_lost"))
    broker.start()
    started = boot_time()
    later = Subscriber(broker)

    def is_complete():
        return wanted <= {topic for _, topic, _ in later.messages()}
    wait_until(is_complete, 5)
    # The first attempt may come just before the broker listens, the next one a second later.
    assert boot_time() - started < 2.5
    newcomer = Subscriber(broker)

    def is_retained():
        return wanted <= {topic for is_kept, topic, _ in newcomer.messages() if is_kept}
    wait_until(is_retained)


def test_events_in_order_and_none_lost(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker, shutdown={"dryRun": True}).start_linked()
    subscriber.wait_for("power", "ON")
    broker.stop()
    wait_until(lambda: daemon.events("broker_lost"))
    for _ in range(3):
        ups.power(False)
        wait_until(lambda: daemon.shutdown["phase"] == "pending")
        ups.power(True)
        wait_until(lambda: daemon.shutdown["phase"] == "idle")
    # Events are not retained: the daemon must not be there before who listens.
    daemon.program.send(signal.SIGSTOP)
    broker.start()
    later = Subscriber(broker, "ups/e2e/event")
    daemon.program.send(signal.SIGCONT)
    wait_until(lambda: any(
        json.loads(text)["event"] == "broker_restored" for text in later.payloads("event")))
    told = subscriber.objects("event") + later.objects("event")
    keys = ("time", "event", "incident", "text")
    distinct = {json.dumps({key: event[key] for key in keys}): None for event in told}
    expected = {json.dumps({key: event[key] for key in keys}): None for event in daemon.events()}
    missing = [event for event in expected if event not in distinct]
    assert not missing
    assert [event for event in distinct if event in expected] == list(expected)


def test_restart_in_the_middle_of_an_outage(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker).start_linked()
    subscriber.wait_for("power", "ON")
    started = ups.power(False)
    broker.stop()
    broker.start()
    shutdown_on_time(daemon, started + 2)
    later = Subscriber(broker)
    later.wait_for("shutdown_phase", "committed")
    later.wait_for("power", "OFF")


def test_the_will(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker).start_linked()
    subscriber.wait_for("availability", "online")
    daemon.kill()
    subscriber.wait_for("availability", "offline")


def test_a_broker_that_comes_later(place, ups):
    broker = Broker(place)
    broker.stop()
    daemon = Daemon(place, ups.link, broker).start_linked()
    assert daemon.status()["status"] == "online"
    wait_until(lambda: daemon.logged("MQTT"))
    broker.start()
    subscriber = Subscriber(broker)
    subscriber.wait_for("availability", "online", 8)
    assert daemon.errors().count("MQTT") <= 3
