"""What a process takes, from /proc."""

import os
import pathlib


def kilobytes(pid, file, name):
    """The number behind a name in `status` or `smaps_rollup`; the kernel counts 1024 bytes."""
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(f"{name} is not in /proc/{pid}/{file}")


def descriptors(pid):
    """The numbers of those that are open."""
    return {int(name) for name in os.listdir(f"/proc/{pid}/fd")}


def megabytes(count):
    """Of so many kilobytes of the kernel."""
    return round(count * 1.024 / 1000, 1)


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def cpu_seconds(pid):
    """Of all threads that there are now, to the nanosecond."""
    files = pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[0]) for file in files) / 1e9


def send_queue(port, peer):
    """Bytes that the kernel keeps because the peer's port does not take them."""
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, own, other, _, queues, *_ = line.split()
        if (_port(own), _port(other)) == (port, peer):
            return int(queues.split(":")[0], 16)
    raise LookupError(f"no connection from {port} to {peer}")


def _port(address):
    return int(address.split(":")[1], 16)
