"""The decision that a fault must not touch: the command runs on time, for the right reason and
once, or not at all. Used by all tests here."""

from harness import boot_time, no_shutdown_until, shutdown_on_time, wait_until

#: After the first command the next follows 5 s later if the host still runs: that is no second one.
_AFTER = 1


def shuts_down_once(daemon, due, reason="time", latest=None):
    """Waits for it; the moments are on CLOCK_BOOTTIME."""
    run = shutdown_on_time(daemon, due, latest)
    assert run.reason == reason
    wait_until(lambda: boot_time() > run.time + _AFTER)
    assert len(daemon.shutdowns()) == 1
    assert daemon.program.runs
    return run


def fails_on_time(daemon, ups, delay=2):
    """Power fails now, and the command runs as if nothing were the matter."""
    return shuts_down_once(daemon, ups.power(False) + delay)


def nothing_until(daemon, moment):
    """With power present: no command, and no word of an outage."""
    no_shutdown_until(daemon, moment)
    assert daemon.program.runs
    texts = ("Input power failed", "Shutdown in", "Shutting this host down")
    assert not [text for text in texts if daemon.logged(text)]


def is_well(daemon):
    """It sees its UPS, and power."""
    status = daemon.status()
    return status["link"] == "ok" and status["status"] == "online" and status["soc"] == 100
