"""All events of one daemon as its port told them, and whether the event log and the subscriber
have the same ones: each once, in this order."""

import json

from harness import get_json, metric

_KEYS = ("event", "incident", "text")
#: What the broker has not acknowledged may come again: so many are on their way at most.
_WINDOW = 64


class Ledger:
    """Called by one thread."""

    def __init__(self, port):
        self._port = port
        self.events = []
        self._delivered = 0
        self._messages = 0

    def catch_up(self):
        """The events since the last call."""
        total = None
        while total != (now := self._total()):
            total = now
            told = get_json(self._port, "/api/events?limit=1000")["events"][::-1]
        count = total - len(self.events)
        assert 0 <= count <= len(told), f"{count} new events, but /api/events has {len(told)}"
        known, fresh = told[:len(told) - count], told[len(told) - count:]
        last = self.events[-len(known):] if known else []
        assert _bare(last) == _bare(known[-len(last):] if last else []), (
            "/api/events tells past events anew: " + _difference(_bare(last), _bare(known)))
        self.events += fresh
        return fresh

    def _total(self):
        for name in ("ups_events_dropped_total", "ups_records_lost_total"):
            count = metric(self._port, name)
            assert count == 0, f"{name} is {count}"
        return int(metric(self._port, "ups_events_total"))

    def is_connected(self):
        return metric(self._port, "ups_broker_connected") == 1

    def compare_log(self, texts):
        """None, or what differs in the texts of the event log."""
        return _difference([event["text"] for event in self.events], texts)

    def compare_messages(self, messages):
        """The same for all that the subscriber got. A message may come again when the connection
        was lost before the broker had acknowledged it, with all that followed it."""
        for message in messages[self._messages:]:
            told = _bare([message])[0]
            place = self._place(told)
            if place is None:
                return f"the subscriber got {told} after {self._around()}"
            self._delivered = place + 1
        self._messages = len(messages)
        missing = _bare(self.events[self._delivered:])
        return f"the subscriber did not get {missing[:3]} of {len(missing)}" if missing else None

    def _place(self, told):
        if self._delivered < len(self.events) and _bare([self.events[self._delivered]])[0] == told:
            return self._delivered
        again = range(self._delivered - 1, max(-1, self._delivered - 1 - _WINDOW), -1)
        return next((index for index in again if _bare([self.events[index]])[0] == told), None)

    def _around(self):
        return _bare(self.events[max(0, self._delivered - 2):self._delivered + 1])


def unexcused_commit(events):
    """None, or which commit of a history has no outage (or drill, or request of the UPS) before
    it, or is its second one."""
    is_open = False
    for event in events:
        if event["event"] in ("power_fail", "shutdown_pending"):
            is_open = True
        elif event["event"] == "power_good":
            is_open = False
        elif event["event"] == "shutdown_committed":
            if not is_open:
                told = [(event["event"], event["text"]) for event in events]
                return f"{event['text']!r} has no outage of its own in {told}"
            is_open = False
    return None


def _bare(events):
    """Without the time, which is told in whole seconds of a clock that may be set."""
    return [json.dumps([event[key] for key in _KEYS]) for event in events]


def _difference(wanted, found):
    if wanted == found:
        return None
    pairs = zip(wanted, found)
    index = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(wanted), len(found)))
    return (f"{len(wanted)} events, {len(found)} found; number {index + 1} is "
            f"{wanted[index:index + 2]}, found {found[index:index + 2]}")
