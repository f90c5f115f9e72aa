"""Steps of the wall clock, of a day ahead, a day back, and to the right time again: the decision
does not look at it, and what does goes on with the new time."""

import datetime
import os
import sys
import time

import pytest
from decision import is_well, nothing_until, shuts_down_once
from harness import Daemon, boot_time, get_json, wait_until
from interposed import Faults

DAY = 86400
STEPS = (DAY, -DAY)
_CLOCKS = """import time
print(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic())"""


class Stepped:
    """A daemon whose wall clock the test steps."""

    def __init__(self, place, ups, delay=3):
        server = {"shutdownDelay": delay, "logToFile": True}
        self.daemon = Daemon(place, ups.link, server=server)
        self.faults = Faults(place, self.daemon, ups.link)
        self.daemon.start_linked(wrapper=self.faults.wrapper)

    def step(self, seconds):
        """Ahead of the right time by so much from now on."""
        self.faults.set(wall_step=seconds)


def day(seconds):
    return datetime.date.fromtimestamp(time.time() + seconds).isoformat()


def told_time(daemon):
    """What it takes for the time, in seconds from the right one."""
    said = datetime.datetime.fromisoformat(daemon.status()["time"].replace("Z", "+00:00"))
    return said.timestamp() - time.time()


@pytest.mark.parametrize("step", STEPS)
def test_only_this_clock(place, ups, step):
    """What the other tests stand on."""
    faults = Faults(place, Daemon(place, ups.link), ups.link)
    faults.set(wall_step=step)
    done = place.run(*faults.wrapper, sys.executable, "-c", _CLOCKS)
    assert done.returncode == 0, done.stderr
    real, boot, monotonic = map(float, done.stdout.split())
    assert abs(real - time.time() - step) < 10
    assert abs(boot - boot_time()) < 10
    assert abs(monotonic - time.monotonic()) < 10


@pytest.mark.parametrize("step", STEPS)
def test_outage(place, ups, step):
    clock = Stepped(place, ups)
    daemon = clock.daemon
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    clock.step(step)
    wait_until(lambda: abs(told_time(daemon) - step) < 10)
    assert 0 < daemon.shutdown["remaining"] <= 3
    shuts_down_once(daemon, started + 3)


@pytest.mark.parametrize("step", STEPS)
def test_there_and_back_again(place, ups, step):
    clock = Stepped(place, ups)
    daemon = clock.daemon
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    for seconds in (step, 0, -step, 0):
        clock.step(seconds)
        after = boot_time()
        wait_until(lambda at=after: boot_time() > at + 0.4)
    shuts_down_once(daemon, started + 3)


@pytest.mark.parametrize("step", STEPS)
def test_line_power(place, ups, step):
    """Nothing happens, and links, ages and uptime stay what they are."""
    clock = Stepped(place, ups, delay=1)
    daemon = clock.daemon
    for seconds in (step, 0):
        clock.step(seconds)
        nothing_until(daemon, boot_time() + 1.5)
        assert is_well(daemon)
    names = {event["event"] for event in daemon.events()}
    assert not {name for name in names if name.startswith(("link_l", "power_", "shutdown_"))}


@pytest.mark.parametrize("step", STEPS)
def test_restart_in_an_outage(place, ups, step):
    """Killed with one time and started with another."""
    clock = Stepped(place, ups, delay=4)
    daemon = clock.daemon
    started = ups.power(False)
    wait_until(lambda: daemon.shutdown["phase"] == "pending")
    daemon.kill()
    clock.step(step)
    daemon.start(wrapper=clock.faults.wrapper)
    shuts_down_once(daemon, started + 4)


@pytest.mark.parametrize("step", STEPS)
def test_measurements(place, ups, step):
    """The file of the day changes with the clock; each has a header, and no row is lost."""
    clock = Stepped(place, ups)
    daemon = clock.daemon
    for seconds in (0, step, 0):
        clock.step(seconds)
        path = f"{daemon.folder}/log/ups-server_{day(seconds)}.csv"
        before = rows(path)
        wait_until(lambda: rows(path) > before + 1)
    files = os.listdir(f"{daemon.folder}/log")
    assert len(files) == 2
    for name in files:
        lines = place.read(f"{daemon.folder}/log/{name}").splitlines()
        assert len({line.count(";") for line in lines}) == 1
        assert sum(not line[:1].isdigit() for line in lines) == 1
        assert all(line[:10] == name[-14:-4] for line in lines[1:])


def rows(path):
    try:
        with open(path, encoding="utf-8") as file:
            return sum(1 for _ in file)
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("step", STEPS)
def test_history(place, ups, step):
    """It counts backwards from now: a row a second, none lost, and none a day away."""
    clock = Stepped(place, ups)
    daemon = clock.daemon
    wait_until(lambda: len(moments(daemon)) >= 2)
    for seconds in (step, 0):
        before = len(moments(daemon))
        clock.step(seconds)
        wait_until(lambda count=before: len(moments(daemon)) >= count + 2)
        times = moments(daemon)
        assert [later - earlier for earlier, later in zip(times, times[1:])] == \
            [1] * (len(times) - 1)
        assert abs(times[-1] - time.time() - seconds) < 5
    shuts_down_once(daemon, ups.power(False) + 3)
    outages = get_json(daemon.port, "/api/history?seconds=900")["outages"]
    assert len(outages) == 1


@pytest.mark.parametrize("step", STEPS)
def test_history_after_a_restart(place, ups, step):
    """What was kept before the clock was set, or after: nothing in it is yet to come."""
    clock = Stepped(place, ups)
    daemon = clock.daemon
    wait_until(lambda: len(moments(daemon)) >= 3)
    daemon.stop()
    clock.step(step)
    daemon.start_linked(wrapper=clock.faults.wrapper)
    wait_until(lambda: len(moments(daemon)) >= 2)
    times = moments(daemon)
    assert times == sorted(times)
    assert times[-1] - time.time() - step < 5
    assert len(times) < 900
    shuts_down_once(daemon, ups.power(False) + 3)


def moments(daemon):
    answer = get_json(daemon.port, "/api/history?seconds=900")
    position = answer["columns"].index("time")
    return [datetime.datetime.fromisoformat(row[position].replace("Z", "+00:00")).timestamp()
            for row in answer["rows"]]
