"""Many WebSocket clients of one daemon, read by one epoll: used by fanout.py. They answer no pings
by themselves; `pong` keeps them all."""

import os
import resource
import select

from harness import boot_time, open_idle
from sinks import PONG

_ON_LINE, _ON_BATTERY = b'"status":"online"', b'"status":"on_battery"'
#: Once in every message.
_MARK = b'"status":"'
_TIMEOUT = 10
_BYTES = 65536


class Dashboards:
    def __init__(self, port, count):
        _lift_descriptor_limit(count + 200)
        self._connections = []
        try:
            for _ in range(count):
                self._connections.append(
                    open_idle(port, websocket=True, receive_buffer=_BYTES))
        except BaseException:
            self.close()
            raise

    def pong(self):
        """The daemon hangs up on a client that it hears nothing of for 30 s."""
        for connection in self._connections:
            connection.sendall(PONG)

    def wait_for(self, is_powered):
        """When each showed it, if it was not what it showed before."""
        word, other = (_ON_LINE, _ON_BATTERY) if is_powered else (_ON_BATTERY, _ON_LINE)
        texts = {connection.fileno(): b"" for connection in self._connections}
        end, moments = boot_time() + _TIMEOUT, []
        with self._poll() as poll:
            while len(moments) < len(texts):
                missing = len(texts) - len(moments)
                assert boot_time() < end, f"{missing} were not told within {_TIMEOUT} s"
                for descriptor, data in _arrivals(poll, 1):
                    text = texts[descriptor] = (texts[descriptor] + data)[-_BYTES:]
                    if text.rfind(word) > text.rfind(other):
                        moments.append(boot_time())
                        poll.unregister(descriptor)
        return moments

    def count_messages(self, seconds):
        """How many each of them gets from now on."""
        counts = {connection.fileno(): 0 for connection in self._connections}
        ends = dict.fromkeys(counts, b"")
        with self._poll() as poll:
            # What has been waiting is of another time.
            while list(_arrivals(poll, 0)):
                pass
            end = boot_time() + seconds
            while (left := end - boot_time()) > 0:
                for descriptor, data in _arrivals(poll, left):
                    text = ends[descriptor] + data
                    counts[descriptor] += text.count(_MARK)
                    # Shorter than the mark: none is counted twice.
                    ends[descriptor] = text[-len(_MARK) + 1:]
        return list(counts.values())

    def _poll(self):
        poll = select.epoll()
        for connection in self._connections:
            poll.register(connection.fileno(), select.EPOLLIN)
        return poll

    def close(self):
        for connection in self._connections:
            connection.close()


def _arrivals(poll, timeout):
    for descriptor, _ in poll.poll(timeout):
        data = os.read(descriptor, _BYTES)
        assert data, "a connection was closed"
        yield descriptor, data


def _lift_descriptor_limit(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count)), hard))
