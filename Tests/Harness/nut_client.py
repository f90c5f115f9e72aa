"""NUT's protocol as its clients speak it: a line, and a line or a list as the answer."""

from connection import Connection


class NUTClient(Connection):
    def send(self, text):
        self._connection.sendall(text.encode("latin-1"))

    def line(self):
        """The next line of an answer, without its end; empty: the connection has ended."""
        return self._stream.readline().decode().removesuffix("\n")

    def ask(self, request):
        """The answer: a line, or the lines of a list between the first and the last."""
        self.send(request + "\n")
        first = self.line()
        if not first.startswith("BEGIN "):
            return first
        return list(iter(self.line, "END " + first.removeprefix("BEGIN ")))

    def value(self, name, ups="ups"):
        """Of a variable; the word of the error when it has none."""
        answer = self.ask(f"GET VAR {ups} {name}")
        return answer.removeprefix(f"VAR {ups} {name} ").strip('"').removeprefix("ERR ")
