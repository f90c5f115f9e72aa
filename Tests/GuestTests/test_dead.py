"""Broker, resolver and disk dead at once: the decision and its way to systemd hold."""

import os
import pathlib
import subprocess

from disk import Disk
from guest import enable, moment, run
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


# One thread waits for the disk with the lock of the memory, a second one for the lock: from then on
# whoever wants to read something of that memory, such as its command line, waits, too.
_HOLDER = """
import ctypes, mmap, os, sys, threading, time
libc = ctypes.CDLL(None)
libc.mmap.restype, libc.mmap.argtypes = ctypes.c_void_p, [ctypes.c_size_t] * 6
file = os.open(sys.argv[1], os.O_RDWR)
page = libc.mmap(0, 4096, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_SHARED, file, 0)
ctypes.memset(page, 0, 1)
os.setuid(65534)
print(flush=True)
sys.stdin.readline()
ctypes.memset(page, 1, 1)
threading.Thread(target=libc.munmap, args=(ctypes.c_void_p(page), ctypes.c_size_t(4096))).start()
time.sleep(0.5)
libc.mmap(0, 4096, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 2**64 - 1, 0)
"""


def test_a_process_that_holds_the_lock_of_its_memory(guest, place):
    """A user can be one with a file system of its own; it is ended, and the power goes off."""
    disk = Disk(place, "memory")
    place.write("memory.source/file", "x" * 4096)
    guest = guest(
        server={"shutdownDelay": 2}, ups={"maxBackupTime": 10},
        shutdown={"hostShutdownTime": 3, "reserve": 1})
    enable(guest, "slow.service", "[Service]\nExecStart=/bin/sleep infinity\n"
           "ExecStop=/bin/sleep infinity\nTimeoutStopSec=infinity\n", "multi-user.target")
    guest.boot()
    with subprocess.Popen(
            ["nsenter", f"--target={guest.leader}", "--pid", "python3", "-c", _HOLDER,
             f"{disk.path}/file"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        disk.die()
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        failed = guest.ups.power(False)
        memory = pathlib.Path(f"/proc/{guest.leader}/cmdline")
        try:
            # The first process of the guest ends; what waits for the disk cannot.
            wait_until(lambda: not memory.read_bytes(), 9 + 8 + 3)
            assert failed + 8 < boot_time() < failed + 9 + 8 + 2
        finally:
            disk.revive()
    assert guest.says("ended by force")
    assert guest.wait_for_end() == "poweroff"
