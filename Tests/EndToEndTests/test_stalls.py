"""Sinks that are stuck while power fails. Whatever hangs, the shutdown command runs on time."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

import pytest
from harness import ROOT, Daemon, open_idle, shutdown_on_time, wait_until
from stalls import fill, free_resolver_address


def fails_on_time(daemon, ups):
    """Power fails, and the command runs as if nothing else were the matter."""
    shutdown_on_time(daemon, ups.power(False) + 2)


def test_broker_that_accepts_and_never_answers(place, ups):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mqtt = {"host": "127.0.0.1", "port": mute.getsockname()[1], "keepalive": 5}
        daemon = Daemon(place, ups.link, mqtt=mqtt).start_linked()
        connection, _ = mute.accept()
        with connection:
            fails_on_time(daemon, ups)


def test_broker_that_is_stopped(place, ups, broker):
    """Its kernel goes on to accept, it does not go on to read."""
    daemon = Daemon(place, ups.link, broker).start_linked()
    broker.program.send(signal.SIGSTOP)
    try:
        fails_on_time(daemon, ups)
    finally:
        broker.program.send(signal.SIGCONT)


#: A namespace in which what is mounted is seen by nobody else.
APART = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-r", "-m")


def mounted(script):
    """A wrapper for the daemon: mounts in a namespace of its own, then it."""
    if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this host does not allow a mount namespace")
    return (*APART, "sh", "-ec", f'{script}; exec "$0" "$@"')


@pytest.mark.skipif(os.geteuid() != 0, reason="port 53 is for root")
def test_resolver_that_never_answers(place, ups):
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with contextlib.closing(resolver):
        address = free_resolver_address(resolver)
        settings = place.write(
            "resolv.conf", f"nameserver {address}\noptions timeout:30 attempts:5\n")
        daemon = Daemon(place, ups.link, mqtt={"host": "broker.example.test"})
        switch = place.write("nsswitch.conf", "hosts: files dns\n")
        daemon.start_linked(wrapper=mounted(
            f"mount --bind {settings} /etc/resolv.conf; "
            f"mount --bind {switch} /etc/nsswitch.conf"))
        resolver.settimeout(5)
        assert b"\x06broker" in resolver.recv(512)
        fails_on_time(daemon, ups)


def test_clients_that_never_read(place, ups):
    daemon = Daemon(place, ups.link).start_linked()
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(open_idle(daemon.port, websocket=True))
        requests = b"\0\x06status" * 200
        for _ in range(50):
            raw = stack.enter_context(open_idle(daemon.port))
            raw.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                raw.send(requests)
        fails_on_time(daemon, ups)
        assert daemon.status()["shutdown"]["phase"] == "committed"


def test_standard_error_that_nobody_reads(place, ups):
    reader, writer = os.pipe()
    try:
        fill(writer)
        daemon = Daemon(place, ups.link).start_linked(stderr=writer)
        for _ in range(100):
            daemon.control("cancel")
        fails_on_time(daemon, ups)
        assert daemon.events("shutdown_committed")
        assert daemon.stop() == 0
    finally:
        os.close(reader)
        os.close(writer)


def test_full_disk(place, ups):
    server = {"eventLog": "/dev/full", "logDirectory": "/dev/full", "logToFile": True}
    daemon = Daemon(place, ups.link, server=server).start_linked()
    wait_until(lambda: daemon.logged("The event log does not work"))
    fails_on_time(daemon, ups)
    assert daemon.errors().count("The event log does not work") == 1


def test_full_file_system(place, ups):
    """Event log and measurements on a disk without a free byte."""
    daemon = Daemon(place, ups.link)
    log = f"{daemon.folder}/log"
    daemon.configure(server={"logToFile": True, "eventLog": f"{log}/event.log"})
    daemon.start_linked(wrapper=mounted(
        f"mount -t tmpfs -o size=64k none {log}; "
        f"head -c 1M /dev/zero > {log}/full 2> /dev/null || true"))
    wait_until(lambda: daemon.logged("The event log does not work"))
    fails_on_time(daemon, ups)


def test_event_log_that_is_a_pipe_without_reader(place, ups):
    pipe = place.file("events")
    os.mkfifo(pipe)
    daemon = Daemon(place, ups.link, server={"eventLog": pipe}).start_linked()
    fails_on_time(daemon, ups)
    assert daemon.stop() == 0


class TestFlood:
    """200 commands a second, all of them refused."""

    @staticmethod
    def start(place, *words, **options):
        """A child that goes on until the end of the test."""
        program = place.start(sys.executable, ROOT / "Tests/Harness/flood.py", *words,
                              stderr=subprocess.DEVNULL, **options)
        place.at_end(program.kill)
        return program

    def test_control_socket(self, place, ups):
        daemon = Daemon(place, ups.link).start_linked()
        flood = self.start(place, "control", daemon.socket)
        wait_until(lambda: daemon.events("command_refused"))
        fails_on_time(daemon, ups)
        assert flood.runs

    def test_websocket(self, place, ups):
        daemon = Daemon(place, ups.link).start_linked()
        flood = self.start(place, "websocket", daemon.port)
        wait_until(lambda: daemon.events("command_refused"))
        fails_on_time(daemon, ups)
        assert flood.runs

    def test_mqtt(self, place, ups, broker, subscriber):
        daemon = Daemon(place, ups.link, broker).start_linked()
        flood = self.start(place, "lines", stdout=subprocess.PIPE)
        place.start("mosquitto_pub", "-h", "127.0.0.1", "-p", broker.port, "-q", 1, "-l",
                    "-t", "ups/e2e/command", stdin=flood.process.stdout)
        wait_until(lambda: len(subscriber.payloads("ups/e2e/command")) > 200)
        fails_on_time(daemon, ups)
        # At most 20 a second are taken; the rest is dropped, and that is told.
        assert not any(result["ok"] for result in subscriber.objects("command/result"))
        wait_until(lambda: any(
            "ignored" in event["text"] for event in daemon.events("warning")))
