"""Ends and beginnings of the daemon: kill -9, SIGTERM, SIGHUP."""

import os
import socket
import time

from harness import Daemon, boot_time, get, no_shutdown_until, shutdown_on_time, wait_until


def test_kill_in_the_middle_of_a_countdown(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 4}).start_linked()
    started = ups.power(False)
    wait_until(lambda: boot_time() > started + 1.5)
    incident = daemon.shutdown["incident"]
    daemon.kill()
    daemon.start()
    assert daemon.shutdown["incident"] == incident
    assert shutdown_on_time(daemon, started + 4).incident == incident


def test_killed_again_and_again(place, ups):
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 5}).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    for moment in (1, 2, 3, 4):
        wait_until(lambda at=started + moment: boot_time() > at)
        daemon.kill()
        daemon.launch()
    shutdown_on_time(daemon, started + 5)


def test_the_port_ends_the_daemon_each_time(place, ups):
    """As whoever reaches it could with a defect in what reads it: it decides for a while first."""
    daemon = Daemon(place, ups.link, server={"shutdownDelay": 6}).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    lives = 0
    while not daemon.shutdowns() and boot_time() < started + 12:
        if is_served(daemon):
            lives += 1
            daemon.kill()
            daemon.launch()
        time.sleep(0.02)
    run = shutdown_on_time(daemon, started + 6, latest=started + 6.5)
    assert run.reason == "time"
    assert 2 <= lives <= 5


def is_served(daemon):
    try:
        return get(daemon.port, "/healthz", timeout=0.05)[0] == 200
    except OSError:
        return False


def test_the_deadline_passes_while_it_is_away(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    daemon.kill()
    wait_until(lambda: boot_time() > started + 3)
    again = boot_time()
    daemon.start()
    shutdown_on_time(daemon, again, latest=boot_time() + 0.5)


def test_power_returns_while_it_is_away(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    daemon.kill()
    ups.power(True)
    wait_until(lambda: boot_time() > started + 3)
    daemon.start()
    wait_until(lambda: daemon.shutdown["phase"] == "idle")
    no_shutdown_until(daemon, boot_time() + 1)


def test_cancel_and_delay_hold_over_a_restart(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    assert daemon.control("delay", seconds=3)["ok"]
    daemon.kill()
    daemon.start_linked()
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    assert daemon.shutdown["delay"] == 3
    assert daemon.control("cancel")["ok"]
    daemon.kill()
    daemon.start()
    no_shutdown_until(daemon, started + 4)
    assert daemon.shutdown["phase"] == "cancelled"


def test_what_is_left_for_the_end_stays_over_a_restart(daemon, ups):
    order = f"{daemon.folder}/run/late-order"
    ups.power(False)
    daemon.wait_for_shutdown()
    wait_until(lambda: os.path.exists(order))
    daemon.kill()
    daemon.start()
    assert daemon.shutdown["phase"] == "committed"
    assert f"INCIDENT={daemon.shutdown['incident']}\nREASON=time\n" in open(order).read()


def test_what_is_left_by_another_boot_goes(place, ups):
    daemon = Daemon(place, ups.link)
    place.write(f"{daemon.folder}/run/late-order", "BOOT_ID=x\n")
    daemon.start()
    assert not os.path.exists(f"{daemon.folder}/run/late-order")


def test_sigterm(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link, broker).start_linked()
    subscriber.wait_for("availability", "online")
    start = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - start < 1
    subscriber.wait_for("availability", "offline", 1)
    assert subscriber.objects("event")[-1]["event"] == "service_stop"


def test_sigterm_with_a_stuck_broker(place, ups):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mqtt = {"host": "127.0.0.1", "port": mute.getsockname()[1]}
        daemon = Daemon(place, ups.link, mqtt=mqtt).start_linked()
        start = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - start < 2.5


def test_reload(daemon, ups):
    daemon.configure(server={"shutdownDelay": 1}, ups={"name": "Cellar"})
    daemon.reload()
    wait_until(lambda: daemon.shutdown["delay"] == 1)
    assert daemon.nis()["UPSNAME"] == "Cellar"
    shutdown_on_time(daemon, ups.power(False) + 1)


def test_reload_of_a_wrong_file(daemon, ups):
    daemon.configure(server={"shutdownDelay": "soon"})
    daemon.reload()
    wait_until(lambda: daemon.events("warning"))
    text = daemon.events("warning")[-1]["text"]
    assert "server.shutdownDelay" in text and "nothing was changed" in text
    assert daemon.shutdown["delay"] == 2
    shutdown_on_time(daemon, ups.power(False) + 2)


def test_reload_of_what_needs_a_restart(daemon):
    port = daemon.port
    daemon.configure(server={"port": port + 1})
    daemon.reload()
    wait_until(lambda: any("restart" in event["text"] for event in daemon.events("warning")))
    assert daemon.status()["status"] == "online"


def test_reload_with_a_new_broker(place, ups, broker, subscriber):
    daemon = Daemon(place, ups.link).start_linked()
    daemon.configure(mqtt={"host": "127.0.0.1", "port": broker.port, "id": "later"})
    daemon.reload()
    wait_until(lambda: subscriber.latest("ups/later/availability") == "online")
    daemon.configure()
    daemon.reload()
    wait_until(lambda: subscriber.latest("ups/later/availability") == "offline")


def test_reload_in_an_outage_changes_nothing_of_it(daemon, ups):
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    daemon.configure(server={"shutdownDelay": 300}, shutdown={"dryRun": True})
    daemon.reload()
    shutdown_on_time(daemon, started + 2)
