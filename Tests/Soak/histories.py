"""The kinds of outages and link losses that the soak plays on the daemon that is dry. Each plays
one history and returns the events that it must make: names, or (name, part of the text)."""

from harness import boot_time
from scene import (
    DEAD_TIME, HOST_SHUTDOWN_TIME, LOW_CHARGE_HOLD, MAX_BACKUP_TIME, POLL, REOPEN, RESERVE,
    RETURN_HOLD, ROUND, TIMEOUT, VALUES, Undecided)

FAIL = ["power_fail", "shutdown_pending"]
CANCELLED = ["power_good", "shutdown_cancelled"]
RETURN = [("power_good", "Input power is back")]
BY_TIME = ("shutdown_committed", "the delay is over (dry run")
#: Before a deadline, for the return to be seen in time (s).
_MARGIN = 0.6
#: Where the daemon counts from its last reading: on a machine that stands still, that may have been
#: long before what happened.
_FROM_READING = AssertionError


def short(scene):
    start = scene.fail()
    scene.pause_until(start + scene.random.uniform(0.1, scene.delay - _MARGIN))
    scene.restore()
    return FAIL + CANCELLED


def long(scene):
    start = scene.fail()
    scene.committed("time", start + scene.delay)
    scene.pause(0, 0.8)
    scene.restore()
    return [*FAIL, BY_TIME, *RETURN]


def spoiled_answers(scene):
    """Some answers are no readings: each costs its time-out."""
    start = scene.fail()
    count = scene.random.randint(1, 3)
    kind = scene.random.choice(
        ["mute", "garbage", "truncated", "wrong-index", "wrong-length", "bad-size", "duplicate",
         "noise"])
    scene.pause_until(start + scene.random.uniform(0, scene.delay))
    scene.ups.say(f"fault {kind} {count}")
    # One more for what a spoiled answer leaves on the line.
    scene.committed("time", start + scene.delay, start + scene.delay + (count + 1) * TIMEOUT)
    scene.restore()
    return [*FAIL, BY_TIME, *RETURN]


def flapping(scene):
    """Power comes back and goes again, each time as soon as it was seen."""
    start, events = scene.fail(), list(FAIL)
    for _ in range(scene.random.randint(1, 4)):
        scene.pause(0, 0.3)
        if boot_time() > start + scene.delay - _MARGIN:
            break
        back, _ = scene.restore()
        again = scene.ups.power(False)
        known, _ = scene.eye.phase("pending", again)
        if again > start + scene.delay - 0.1 or known - back > RETURN_HOLD:
            raise Undecided
        events += [*CANCELLED, ("power_fail", "the same outage"), "shutdown_pending"]
    if scene.random.random() < 0.5 and boot_time() < start + scene.delay - 0.3:
        scene.restore()
        return events + CANCELLED
    scene.committed("time", start + scene.delay)
    scene.restore()
    return [*events, BY_TIME, *RETURN]


def low_charge(scene):
    scene.ups.say("load 0.2")
    scene.fail()
    scene.pause(0, 0.4)
    low = scene.ups.say("charge 5")
    latest = low + LOW_CHARGE_HOLD + 2 * VALUES + ROUND
    scene.committed("low_charge", low + LOW_CHARGE_HOLD, latest)
    scene.restore()
    return [*FAIL, "low_charge", ("shutdown_committed", "the charge is low"), *RETURN]


def low_runtime(scene):
    """At 10 A less is left than one and a half times what the host needs."""
    scene.fail()
    scene.pause(0, 0.3)
    low = scene.ups.say("charge 35")
    scene.ups.say("load 10")
    latest = low + LOW_CHARGE_HOLD + 3 * VALUES + ROUND
    scene.committed("low_runtime", low + LOW_CHARGE_HOLD, latest)
    scene.ups.say("load 1")
    scene.restore()
    return [*FAIL, "low_charge", ("shutdown_committed", "runtime is low"), *RETURN]


def cancelled(scene):
    start = scene.fail()
    scene.pause(0, 1)
    scene.command("cancel")
    scene.pause_until(start + scene.delay + 0.5)
    scene.restore()
    return [*FAIL, ("shutdown_cancelled", "by the control socket"), "power_good"]


def link_lost_on_battery(scene):
    """Nobody knows any more what the UPS does, and the timer does not run."""
    scene.fail()
    scene.pause(0, 0.5)
    scene.command("cancel")
    is_mute = scene.random.random() < 0.4
    lost = scene.lose_link(is_mute)
    scene.committed(
        "link_lost", lost - POLL - ROUND + DEAD_TIME, lost + DEAD_TIME, _FROM_READING)
    scene.find_link(is_mute)
    scene.restore()
    committed = ("shutdown_committed", "the link to the UPS was lost")
    return [*FAIL, "shutdown_cancelled", "link_lost", committed, "link_restored", *RETURN]


def silent_at_the_deadline(scene):
    """The deadline comes before the silence is long enough: it holds."""
    start = scene.fail()
    scene.pause_until(start + scene.random.uniform(0.2, scene.delay - 1.3))
    scene.lose_link()
    scene.committed("time", start + scene.delay)
    scene.find_link()
    scene.restore()
    return [*FAIL, "link_lost", BY_TIME, "link_restored", *RETURN]


def link_lost_for_a_moment(scene):
    """On battery, and back before anything is decided by it."""
    start = scene.fail()
    scene.command("delay", seconds=7)
    scene.pause(0, 0.3)
    scene.lose_link()
    scene.find_link()
    scene.restore()
    if boot_time() > start + 6:
        raise Undecided
    return [*FAIL, "shutdown_delayed", "link_lost", "link_restored", *CANCELLED]


def link_lost_on_line(scene):
    """An alarm, and nothing more."""
    is_mute = scene.random.random() < 0.5
    scene.lose_link(is_mute)
    scene.pause(0, 1.5)
    scene.find_link(is_mute)
    return ["link_lost", "link_restored"]


def unseen(scene):
    """Power fails while the link is lost."""
    scene.lose_link()
    scene.ups.power(False)
    plugged = scene.ups.say("plug")
    if scene.random.random() < 0.5:
        scene.eye.phase("pending", plugged)
        scene.restore()
        return ["link_lost", "link_restored", *FAIL, *CANCELLED]
    scene.committed("time", plugged + scene.delay, plugged + REOPEN + scene.delay)
    scene.restore()
    return ["link_lost", "link_restored", *FAIL, BY_TIME, *RETURN]


def delayed(scene):
    """To earlier or later; the control socket may do both."""
    scene.fail()
    scene.pause(0, 0.8)
    seconds = scene.random.randint(1, 4)
    before = boot_time()
    scene.command("delay", seconds=seconds)
    scene.committed("time", before + seconds, boot_time() + seconds)
    scene.restore()
    return [*FAIL, ("shutdown_delayed", "by the control socket"), BY_TIME, *RETURN]


def delayed_before(scene):
    """On line power it is the delay of the next outage, and of no other."""
    seconds = scene.random.choice([1, 4])
    scene.command("delay", seconds=seconds)
    start = scene.fail()
    scene.committed("time", start + seconds)
    scene.restore()
    return ["shutdown_delayed", *FAIL, BY_TIME, *RETURN]


def delayed_over_mqtt(scene, broker):
    scene.fail()
    before, after = scene.publish_delay(broker, 4)
    scene.committed("time", before + 4, after + 4)
    scene.restore()
    return [*FAIL, ("shutdown_delayed", "MQTT"), BY_TIME, *RETURN]


def delayed_too_far(scene):
    """Nothing reaches past the UPS's own timer."""
    start = scene.fail()
    scene.command("delay", seconds=60)
    latest = start + MAX_BACKUP_TIME - HOST_SHUTDOWN_TIME - RESERVE
    scene.committed("ups_timer", latest - POLL - ROUND, latest, _FROM_READING)
    scene.restore()
    committed = ("shutdown_committed", "about to cut its output")
    return [*FAIL, "shutdown_delayed", committed, *RETURN]


def drill(scene):
    began = boot_time()
    is_long = scene.random.random() < 0.5
    seconds = scene.delay + 1 if is_long else 1
    scene.command("drill", seconds=seconds)
    scene.eye.first(lambda status: status["drill"], began, 3, "a drill")
    scene.eye.first(lambda status: not status["drill"], boot_time(), seconds + 4, "its end")
    played = [*FAIL, "shutdown_committed", "power_good"] if is_long else FAIL + CANCELLED
    events = [(name, "Drill: ") for name in played]
    return [("warning", "Drill: A drill"), *events, ("warning", "Drill: over")]


def drill_ended_by_an_outage(scene):
    began = boot_time()
    scene.command("drill", seconds=30)
    scene.eye.phase("pending", began)
    start = scene.ups.power(False)
    scene.eye.first(lambda status: not status["drill"], start, 2, "the end of the drill")
    scene.committed("time", start + scene.delay)
    scene.restore()
    drilled = [("warning", "Drill: A drill"), *((name, "Drill: ") for name in FAIL)]
    return [*drilled, ("warning", "Drill: ended"), *FAIL, BY_TIME, *RETURN]


def request_withdrawn(scene):
    """The UPS asks for a shutdown and takes it back."""
    asked = scene.ups.say("request on")
    scene.eye.phase("pending", asked)
    scene.pause_until(asked + scene.random.uniform(0.1, scene.delay - _MARGIN))
    scene.eye.phase("idle", scene.ups.say("request off"))
    return [("warning", "asks for a shutdown"), "shutdown_pending", "shutdown_cancelled"]


def request_on_battery(scene):
    """Its own timer has run out."""
    scene.fail()
    scene.pause(0, 1)
    asked = scene.ups.say("request on")
    scene.committed("ups_request", asked, asked + POLL)
    scene.ups.say("request off")
    scene.restore()
    return [*FAIL, ("shutdown_committed", "the UPS asked for it"), *RETURN]


def wrong_file(scene):
    """A reload of it changes nothing."""
    scene.reload_nonsense()
    return [("warning", "nothing was changed")]


#: (history, how often, whether it needs the broker, how many incidents it makes)
KINDS = [
    (short, 10, False, 1), (long, 10, False, 1), (spoiled_answers, 5, False, 1),
    (flapping, 6, False, 1), (low_charge, 4, False, 1), (low_runtime, 2, False, 1),
    (cancelled, 4, False, 1), (link_lost_on_battery, 3, False, 1),
    (silent_at_the_deadline, 2, False, 1), (link_lost_for_a_moment, 3, False, 1),
    (link_lost_on_line, 5, False, 0), (unseen, 3, False, 1), (delayed, 4, False, 1),
    (delayed_before, 2, False, 1), (delayed_over_mqtt, 3, True, 1), (delayed_too_far, 1, False, 1),
    (drill, 2, False, 1), (drill_ended_by_an_outage, 1, False, 2),
    (request_withdrawn, 2, False, 1), (request_on_battery, 2, False, 1),
    (wrong_file, 2, False, 0),
]
