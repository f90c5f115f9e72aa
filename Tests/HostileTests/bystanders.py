"""Clients of this host that were there before the attack and do nothing wrong: a WebSocket, one of
NIS, and one of the control socket. Nobody may end them."""

from harness import ControlClient, NISClient, WebSocket


class Bystanders:
    def __init__(self, daemon):
        self._websocket = WebSocket(daemon.port)
        self._nis = NISClient(daemon.port)
        self._control = ControlClient(daemon.socket)
        self.are_served()

    def are_served(self):
        """Each of them, on the connection that it has had from the start."""
        assert self._websocket.status()["link"] == "ok"
        assert not self._websocket.command("delay", seconds=0)["ok"]
        assert self._nis.ask()[0].startswith(b"APC      : 001,")
        assert not self._control.ask({"cmd": "nothing"})["ok"]

    def close(self):
        self._websocket.close()
        self._nis.close()
        self._control.close()
