"""A phone with the app of Home Assistant, as far as notifications go: it is registered as the app
does it, is pushed to over HTTP, and its owner may tap on an action."""

import http.server
import json
import threading

_ACCEPTED = {"rateLimits": {
    "successful": 1, "errors": 0, "maximum": 500, "resetsAt": "2100-01-01T00:00:00.000Z"}}


class Phone:
    def __init__(self, home):
        self.home = home
        #: What was pushed, the newest last.
        self.notifications = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        port = self._server.server_address[1]
        self._webhook = home.post("/api/mobile_app/registrations", {
            "device_id": "phone", "app_id": "test", "app_name": "Test", "app_version": "1",
            "device_name": "Phone", "manufacturer": "Test", "model": "Test", "os_name": "Test",
            "os_version": "1", "supports_encryption": False,
            "app_data": {"push_token": "token", "push_url": f"http://127.0.0.1:{port}/"},
        })["webhook_id"]

    def _handler(self):
        phone = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                phone.notifications.append(json.loads(self.rfile.read(length)))
                body = json.dumps(_ACCEPTED).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler

    @property
    def device_id(self):
        devices = self.home.ask("config/device_registry/list")
        return next(device["id"] for device in devices if device["name"] == "Phone")

    def tap(self, title):
        """On the action of the last notification that is called so."""
        actions = self.notifications[-1]["data"]["actions"]
        action = next(action for action in actions if action["title"] == title)
        self.home.post(f"/api/webhook/{self._webhook}", {
            "type": "fire_event", "data": {
                "event_type": "mobile_app_notification_action",
                "event_data": {"action": action["action"]}}})

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
