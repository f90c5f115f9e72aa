"""A real MQTT broker and a real subscriber, both children on loopback: Debian's mosquitto."""

import json
import shutil
import socket

from place import boot_time, free_port, wait_until

_MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


class Broker:
    """It keeps its port over a restart, and nothing else: what is retained is lost with it."""

    #: How its clients say who they are.
    login = ()
    #: A topic that they may use, and nobody else does.
    mark = "test/end"

    def __init__(self, place, lines=("allow_anonymous true", "persistence false")):
        """`lines` are of its configuration."""
        self.place = place
        self.port = free_port()
        self._settings = place.write(
            f"broker-{self.port}.conf", "\n".join(
                (f"listener {self.port} 127.0.0.1", "user root", "log_type error", *lines, "")))
        self.program = None
        self.start()

    def start(self):
        with open(self.place.file("broker.log"), "ab") as log:
            self.program = self.place.start(_MOSQUITTO, "-c", self._settings, stderr=log)
        wait_until(self._answers)

    def stop(self):
        self.program.stop()

    def publish(self, topic, payload, *, retained=False):
        options = ["-r"] if retained else []
        done = self.place.run(
            "mosquitto_pub", "-h", "127.0.0.1", "-p", self.port, *self.login, "-q", 1, "-t", topic,
            "-m", payload, *options)
        assert done.returncode == 0, done.stderr

    def retained(self):
        """{topic: payload} of all that is retained."""
        newcomer = Subscriber(self)
        # Queued behind what is retained.
        self.publish(self.mark, "now")
        newcomer.wait_for(self.mark, "now")
        newcomer.program.stop()
        return {topic: payload for is_kept, topic, payload in newcomer.messages() if is_kept}

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Subscriber:
    """Everything below a topic since it was made, in order. It connects again by itself."""

    _made = 0

    def __init__(self, broker, topic="#", session=None):
        """What comes while it or the broker is away is delivered later in a named session."""
        Subscriber._made += 1
        kept = ["-c", "-i", session] if session else []
        self._output = broker.place.file(f"subscriber-{Subscriber._made}.out")
        with open(self._output, "wb") as output:
            self.program = broker.place.start(
                "stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", broker.port,
                *broker.login, *kept, "-q", 1, "-t", topic, "-F", "%r %t %p", "-d", stdout=output)
        wait_until(lambda: any(line.startswith("Subscribed") for line in self._lines()))

    def _lines(self):
        """Messages, and between them what -d tells: that begins with a letter."""
        with open(self._output, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def messages(self):
        """(is retained, topic, payload) in the order of arrival."""
        words = [line.split(" ", 2) for line in self._lines() if line[:2] in ("0 ", "1 ")]
        return [(mark == "1", topic, payload) for mark, topic, payload in words]

    def payloads(self, topic):
        """All payloads of topics that end so, the newest last."""
        return [payload for _, name, payload in self.messages() if _is(name, topic)]

    def latest(self, topic):
        return next(reversed(self.payloads(topic)), None)

    def wait_for(self, topic, payload, timeout=5):
        """Until the newest payload is that. The moment it was seen, on CLOCK_BOOTTIME."""
        wait_until(lambda: self.latest(topic) == payload, timeout)
        return boot_time()

    def objects(self, topic):
        return [json.loads(payload) for payload in self.payloads(topic)]


def _is(name, topic):
    return name == topic or name.endswith(f"/{topic}")
