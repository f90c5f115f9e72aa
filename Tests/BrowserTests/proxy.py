"""A reverse proxy as people put one in front of the port: it serves the page under a path of its
own and hands WebSockets through. One connection for each request."""

import contextlib
import socket
import socketserver
import threading


class Proxy(socketserver.ThreadingTCPServer):
    """Takes what lies below `prefix` to a port of this host. `port` is its own."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, prefix, target):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.prefix, self.target = b" " + prefix.encode(), target
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    rbufsize = 0

    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (byte := self.rfile.read(1)):
                return
            head += byte
        if self.server.prefix not in head.split(b"\r\n")[0]:
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        head = head.replace(self.server.prefix, b" /", 1)
        if b"upgrade: websocket" not in head.lower():
            head = head.replace(b"Connection: keep-alive", b"Connection: close")
        with socket.create_connection(("127.0.0.1", self.server.target)) as server:
            server.sendall(head)
            threading.Thread(
                target=_carry, args=(self.connection, server), daemon=True).start()
            _carry(server, self.connection)


def _carry(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
