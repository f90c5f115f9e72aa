"""NIS as apcupsd speaks it: a word or a record is its length in two bytes, and then its text; an
empty record ends an answer."""

import struct

from connection import Connection


def request(word=b"status"):
    return struct.pack(">H", len(word)) + word


STATUS_REQUEST = request()
#: How each answer ends: the last record, and the empty one.
END = b"\n\0\0"


class NISClient(Connection):
    def ask(self, word=b"status"):
        """The records of the answer, as bytes."""
        self._connection.sendall(request(word))
        return list(iter(self._record, b""))

    def _record(self):
        length = self._exactly(2)
        return self._exactly(struct.unpack(">H", length)[0])

    def _exactly(self, count):
        data = self._stream.read(count)
        assert len(data) == count, "the connection ended within an answer"
        return data


def nis(port, word=b"status", times=1, timeout=5):
    """The records of the last of so many requests over one connection."""
    with NISClient(port, timeout) as client:
        for _ in range(times):
            records = client.ask(word)
    return [record.decode() for record in records]


def nis_values(port):
    """The status as {key: value}."""
    pairs = (record.split(":", 1) for record in nis(port))
    return {key.strip(): value.strip() for key, value in pairs}
