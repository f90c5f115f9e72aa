"""200 refused commands a second, as a process of its own: it must not slow down who measures.
`flood.py control SOCKET`, `flood.py websocket PORT`, or `flood.py lines` on standard output."""

import json
import sys
import time

from clients import WebSocket, ask_control

RATE = 200


def sender(kind, target):
    """A function that sends one command."""
    if kind == "control":
        return lambda: ask_control(target, {"cmd": "delay", "seconds": 0})
    if kind == "websocket":
        client = WebSocket(int(target))
        text = json.dumps({"cmd": "delay", "seconds": 1, "id": "flood"})
        return lambda: client.send(text)
    return lambda: print(json.dumps({"command": "delay", "seconds": 1}), flush=True)


def main(kind, target=""):
    send = sender(kind, target)
    number, start = 0, time.monotonic()
    while True:
        send()
        number += 1
        time.sleep(max(0, start + number / RATE - time.monotonic()))


if __name__ == "__main__":
    main(*sys.argv[1:])
