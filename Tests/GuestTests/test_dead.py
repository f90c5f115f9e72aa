"""Broker, resolver and disk dead at once: the decision and its way to systemd hold."""

import os
import pathlib
import subprocess

from disk import Disk
from guest import moment, run
from harness import boot_time, wait_until

LATENESS = 1.0
# A name server that never answers.
_RESOLVER = """
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True: server.recv(512)
"""


def resolver(guest):
    guest.place.start(
        "nsenter", f"--net=/proc/{guest.leader}/ns/net", "python3", "-c", _RESOLVER,
        stderr=subprocess.DEVNULL)


def test_all_at_once(guest, place):
    disk = Disk(place, "state")
    os.chmod(disk.path, 0o777)
    guest = guest(
        options=(f"--bind={disk.path}:/var/lib/ups-server",), server={"logToFile": True},
        mqtt={"host": "broker.example"})
    guest.write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    guest.boot()
    resolver(guest)
    wait_until(lambda: guest.run("ls", "/var/lib/ups-server"))
    disk.die()
    due = guest.ups.power(False) + 3
    asked = wait_until(lambda: guest.says("powering this host off"), 10)
    assert due <= moment(asked) <= due + LATENESS
    # It is unmounted and written to at the end, which takes as long as the disk is dead.
    disk.revive()
    assert guest.wait_for_end() == "poweroff"


# Where raising the limit is not allowed, the right to lock does the same.
_LOCKED = """[Service]
AmbientCapabilities=CAP_IPC_LOCK
CapabilityBoundingSet=CAP_IPC_LOCK
PrivateUsers=no
"""


def test_the_disk_of_the_binary(guest, place, layer):
    disk = Disk(place, "binary")
    run("cp", "-a", f"{layer}/opt/ups-server/ups-server", disk.path)
    guest = guest(options=(f"--bind={disk.path}:/opt/ups-server", "--capability=CAP_IPC_LOCK"))
    guest.write("/etc/systemd/system/ups-server.service.d/locked.conf", _LOCKED)
    guest.boot()
    wait_until(lambda: guest.says("The way to power this host off works"))
    guest.run("systemctl", "stop", "ups-server-poweroff.path")
    locked = guest.run("grep", "VmLck", f"/proc/{guest.main_process()}/status").split()
    assert int(locked[1]) > 1000
    request = pathlib.Path(f"/proc/{guest.leader}/root/run/ups-server/poweroff-request")
    disk.die()
    due = guest.ups.power(False) + 3
    wait_until(request.exists, 10)
    assert due <= boot_time() <= due + LATENESS
