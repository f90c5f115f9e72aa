"""Paths that try to leave the folder of the dashboard, or to hurt whoever reads them."""

import os

import pytest
from harness import Daemon
from wire import BEFORE, exchange, request, statuses

_SECRET = b"not for you"

#: Links inside the folder that lead out of it.
LINKS = {
    "absolute.txt": "{place}/secret.txt", "relative.txt": "../secret.txt", "etc": "/etc",
    "up": "..", "self": "/proc/self", "beside": "../www2", "device": "/dev/zero",
    "library": "/usr/share/javascript/../../../etc/passwd", "twice.txt": "up/secret.txt",
}

NOT_FOUND = [
    *(f"/{name}" for name in LINKS), "/etc/passwd", "/up/secret.txt", "/self/environ",
    "/beside/secret.txt", "/.hidden", "/pipe", "/sub", "/sub/", "/index.html/", "/;/index.html",
    "/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/sub\\..\\..\\secret.txt",
    "//etc/passwd", "///etc/passwd", "/\\/etc/passwd", "/%5c/etc/passwd", "/%252e%252e/secret.txt",
    "/%c0%ae%c0%ae/secret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/.%2e/secret.txt",
    "/api/status/../../secret.txt", "/api/status/..;/secret.txt", "/sub/a.txt#x",
    "/\xff\xfe", "/...", "/sub/a.txt/../../../secret.txt", "/" + "a" * 3000,
    "/" + "../" * 2000 + "etc/passwd", "/" + "%2e%2e/" * 600 + "etc/passwd",
]

#: Refused, or the connection is ended.
REFUSED = [
    "http://a/sub/a.txt", "http://evil.example/../secret.txt", "https://a/", "file:///etc/passwd",
    "*", "sub/a.txt", "..", "", "%2e%2e/secret.txt", "/%", "/%zz", "/%2", "/sub/a.txt%00",
    "/sub/a.txt%00.html", "/secret.txt%00/index.html", "/" + "a" * 9000, "/" + "a" * 1_000_000,
]

#: The same file by other names, as every server takes them.
FOUND = ["/sub/a.txt", "/sub/./a.txt", "/sub//a.txt", "/sub/../sub/a.txt", "/sub/a.txt?../..",
         "/inside.txt", "/../sub/a.txt", "/%73ub/a.txt"]


@pytest.fixture
def daemon(place, ups):
    daemon = Daemon(place, ups.link)
    www = place.file("www")
    for folder in ("www/sub", "www2"):
        os.makedirs(place.file(folder))
    for name in ("secret.txt", "www2/secret.txt", "www/.hidden"):
        place.write(name, _SECRET.decode())
    place.write("www/sub/a.txt", "a file")
    place.write("www/index.html", "the page")
    for name, target in LINKS.items():
        os.symlink(target.format(place=place.path), f"{www}/{name}")
    os.symlink("sub/a.txt", f"{www}/inside.txt")
    os.mkfifo(f"{www}/pipe")
    daemon.configure(server={"www": www})
    return daemon.start_linked()


def _answers(daemon, paths, before=0):
    """{path: (statuses, whole answer)} of those that were asked for."""
    answers = {}
    for path in paths:
        text = request(f"GET {path} HTTP/1.1", "Connection: close")
        answer, is_over = exchange(daemon.port, text, 5, before)
        assert is_over, path[:80]
        answers[path] = (statuses(answer), answer)
    return answers


@pytest.mark.parametrize("before", BEFORE)
def test_what_is_outside_stays_outside(daemon, before):
    answers = _answers(daemon, NOT_FOUND, before)
    assert {path[:80]: got for path, (got, _) in answers.items() if got != [404]} == {}
    refused = _answers(daemon, REFUSED, before)
    assert {path[:80]: got for path, (got, _) in refused.items()
            if got not in ([], [400], [403], [404], [414])} == {}
    for _, answer in [*answers.values(), *refused.values()]:
        assert _SECRET not in answer and b"root:" not in answer and b"UPS_SERVER_TEST" not in answer
    assert daemon.logged("it leads out of the folder")
    assert daemon.program.runs


@pytest.mark.parametrize("before", BEFORE)
def test_what_is_inside_is_served(daemon, before):
    for path, (got, answer) in _answers(daemon, FOUND, before).items():
        assert got == [200] and answer.endswith(b"\r\n\r\na file"), path


def test_a_link_that_is_turned_later_changes_nothing(daemon, place):
    """Files are read at the start; what a path means afterwards does not matter."""
    os.remove(place.file("www/sub/a.txt"))
    os.symlink("../../secret.txt", place.file("www/sub/a.txt"))
    (got, answer), = _answers(daemon, ["/sub/a.txt"]).values()
    assert got == [200] and answer.endswith(b"a file")
