"""What makes a sink hang: a pipe that is full, and a resolver that never answers."""

import contextlib
import fcntl
import os


def fill(pipe):
    """Not a byte more fits into it; whoever writes now, waits."""
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    for size in (65536, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, b"." * size)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags)


def free_resolver_address(resolver):
    """An address of 127.0.0.0/8 on which the socket now holds port 53."""
    for last in range(53, 250):
        with contextlib.suppress(OSError):
            resolver.bind((f"127.0.53.{last}", 53))
            return f"127.0.53.{last}"
    raise AssertionError("no address is free")
