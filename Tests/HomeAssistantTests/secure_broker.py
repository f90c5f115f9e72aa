"""A real mosquitto as `homeassistant/mosquitto` has it: TLS, passwords and an access control list;
and what is retained outlives a restart."""

import os
import pathlib

from harness import ROOT, Broker, free_port

SAMPLE = ROOT / "homeassistant/mosquitto"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class SecureBroker(Broker):
    """Home Assistant logs in on the plain port of this host, the daemon on the encrypted one."""

    login = ("-u", "homeassistant", "-P", "secret")
    mark = "homeassistant/test/end"

    def __init__(self, place, users=(("workhorse", "ups_SIM00001"),)):
        """`users` are the ids of the daemons and the names of their UPS in Home Assistant."""
        self._folder = pathlib.Path(place.file("broker"))
        (self._folder / "certs").mkdir(parents=True)
        self._store = self._folder / "mosquitto.db"
        self.ca_file = str(self._folder / "certs/ca.pem")
        self.encrypted_port = free_port()
        self._make_certificates(place)
        self._write_list(users)
        self._make_passwords(place, [name for name, _ in users])
        text = (SAMPLE / "ups-server.conf").read_text(encoding="utf-8")
        for old, new in (("/etc/mosquitto", str(self._folder)), ("listener 1883 127.0.0.1", ""),
                         ("listener 8883", f"listener {self.encrypted_port} 127.0.0.1")):
            assert old in text
            text = text.replace(old, new)
        store = ("persistence true", f"persistence_location {self._folder}/")
        super().__init__(place, (*text.splitlines(), *store))

    def _make_certificates(self, place):
        certs = self._folder / "certs"

        def openssl(*arguments):
            done = place.run("openssl", *arguments)
            assert done.returncode == 0, done.stderr
        openssl("req", "-x509", "-days", 2, "-subj", "/CN=authority", *_KEY,
                "-keyout", certs / "ca.key", "-out", certs / "ca.pem")
        openssl("req", "-subj", "/CN=broker", *_KEY, "-keyout", certs / "broker.key",
                "-out", certs / "broker.csr")
        (certs / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        openssl("x509", "-req", "-days", 2, "-in", certs / "broker.csr", "-CA", certs / "ca.pem",
                "-CAkey", certs / "ca.key", "-CAcreateserial", "-extfile", certs / "names",
                "-out", certs / "broker.pem")

    def _write_list(self, users):
        """The block of the sample once for each."""
        text = (SAMPLE / "ups-server.acl").read_text(encoding="utf-8")
        head, mark, block = text.partition("user workhorse\n")
        assert mark and "ups_A1B2C3" in block
        blocks = [(mark + block).replace("workhorse", name).replace("ups_A1B2C3", ups)
                  for name, ups in users]
        (self._folder / "ups-server.acl").write_text(head + "\n".join(blocks), encoding="utf-8")

    def _make_passwords(self, place, names):
        file = self._folder / "passwords"
        file.touch()
        for name in (*names, "homeassistant"):
            place.run("mosquitto_passwd", "-b", file, name, "secret")
        self.password_file = place.write("password", "secret\n", 0o600)

    def settings_for(self, name):
        """The group mqtt of a daemon."""
        return {
            "port": self.encrypted_port, "id": name, "username": name,
            "passwordFile": self.password_file, "tls": {"caFile": self.ca_file}}

    def forget(self):
        """While it does not run: what was retained is lost."""
        os.remove(self._store)
