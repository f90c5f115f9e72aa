"""Outlets that are stuck while power fails. Whatever hangs, the shutdown command runs on time."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import threading

import pytest
from harness import (
    Daemon, ask_control, boot_time, open_idle, shutdown_on_time, wait_until)


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


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a mount namespace")
def test_resolver_that_never_answers(place, ups):
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with contextlib.closing(resolver):
        address = free_resolver_address(resolver)
        settings = place.write(
            "resolv.conf", f"nameserver {address}\noptions timeout:30 attempts:5\n")
        daemon = Daemon(place, ups.link, mqtt={"host": "broker.example.test"})
        daemon.start_linked(wrapper=(
            "unshare", "-m", "sh", "-c",
            f"mount --bind {settings} /etc/resolv.conf && exec \"$0\" \"$@\""))
        resolver.settimeout(5)
        assert b"\x06broker" in resolver.recv(512)
        fails_on_time(daemon, ups)


def free_resolver_address(resolver):
    """An address of 127.0.0.0/8 on which the socket now holds port 53."""
    for last in range(53, 250):
        with contextlib.suppress(OSError):
            resolver.bind((f"127.0.53.{last}", 53))
            return f"127.0.53.{last}"
    raise AssertionError("no address is free")


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


def fill(pipe):
    """Not a byte more fits into it; whoever writes now, waits."""
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    for size in (65536, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, b"." * size)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags)


def test_full_disk(place, ups):
    server = {"eventLog": "/dev/full", "logDirectory": "/dev/full", "logToFile": True}
    daemon = Daemon(place, ups.link, server=server).start_linked()
    wait_until(lambda: daemon.logged("The event log does not work"))
    fails_on_time(daemon, ups)
    assert daemon.errors().count("The event log does not work") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a mount namespace")
def test_full_file_system(place, ups):
    """Event log, measurements, run and state folder on a disk that is full after the start."""
    daemon = Daemon(place, ups.link, server={"logToFile": True})
    fullness = (f"mount -t tmpfs -o size=64k none {daemon.folder}/log && "
                f"head -c 1M /dev/zero > {daemon.folder}/log/full; exec \"$0\" \"$@\"")
    daemon.configure(server={"logToFile": True, "eventLog": f"{daemon.folder}/log/event.log"})
    daemon.start_linked(wrapper=("unshare", "-m", "sh", "-c", fullness))
    wait_until(lambda: daemon.logged("The event log does not work"))
    fails_on_time(daemon, ups)


def test_event_log_that_is_a_pipe_without_reader(place, ups):
    pipe = place.file("events")
    os.mkfifo(pipe)
    daemon = Daemon(place, ups.link, server={"eventLog": pipe}).start_linked()
    fails_on_time(daemon, ups)
    assert daemon.stop() == 0


class TestFlood:
    """200 commands a second, all of them refused or without effect."""

    RATE = 200

    def flood(self, send):
        """Calls `send` at that rate from a thread until the end of the context."""
        is_over = threading.Event()

        def run():
            number, start = 0, boot_time()
            while not is_over.wait(max(0, start + number / self.RATE - boot_time())):
                number += 1
                send(number)
        thread = threading.Thread(target=run)

        @contextlib.contextmanager
        def running():
            thread.start()
            try:
                yield
            finally:
                is_over.set()
                thread.join()
        return running()

    def test_control_socket(self, place, ups):
        daemon = Daemon(place, ups.link).start_linked()
        sent = []

        def send(number):
            with contextlib.suppress(OSError, ValueError):
                sent.append(ask_control(daemon.socket, {"cmd": "delay", "seconds": 0}))
        with self.flood(send):
            wait_until(lambda: len(sent) > 200)
            fails_on_time(daemon, ups)
        assert not any(result["ok"] for result in sent)

    def test_mqtt(self, place, ups, broker, subscriber):
        daemon = Daemon(place, ups.link, broker).start_linked()
        publisher = place.start(
            "mosquitto_pub", "-h", "127.0.0.1", "-p", broker.port, "-q", 1, "-l",
            "-t", "ups/e2e/command", stdin=subprocess.PIPE)
        pipe = publisher.process.stdin

        def send(number):
            command = {"command": "delay", "seconds": 1, "id": str(number)}
            pipe.write(json.dumps(command).encode() + b"\n")
            pipe.flush()
        with self.flood(send):
            wait_until(lambda: len(subscriber.payloads("ups/e2e/command")) > 200)
            fails_on_time(daemon, ups)
        # At most 20 a second are taken; the rest is dropped, and that is told.
        assert not any(result["ok"] for result in subscriber.objects("command/result"))
        wait_until(lambda: any(
            "ignored" in event["text"] for event in daemon.events("warning")))
        publisher.stop()
