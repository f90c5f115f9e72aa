"""Which unit tests `make quick` takes for which file."""

import subprocess

import pytest
import quick
from quick import Target, unit_tests

_TARGETS = [
    Target("Values", "Sources/Values"),
    Target("Words", "Sources/Words", needs=("Values",)),
    Target("Port", "Sources/Port", needs=("Words", "CPort")),
    Target("CPort", "Sources/CPort"),
    Target("Fleet", "Tests/Benchmarks/Fleet", needs=("Port",)),
    Target("ValuesTests", "Tests/ValuesTests", True, ("Values",)),
    Target("WordsTests", "Tests/WordsTests", True, ("Words",)),
    Target("PortTests", "Tests/PortTests", True, ("Port",)),
    Target("TidyTests", "Tests/TidyTests", True),
]
_TEXTS = {
    "WordsTests": 'let page = read("README.md")\nlet files = "www/languages"',
    "PortTests": 'let all = folder("docs")',
}


@pytest.mark.parametrize("paths, names", [
    (["Sources/Values/Deep/Below/Value.swift"], ["PortTests", "TidyTests", "ValuesTests",
                                                 "WordsTests"]),
    (["Sources/Words/Word.swift"], ["PortTests", "TidyTests", "WordsTests"]),
    (["Sources/Port/Port.swift"], ["PortTests", "TidyTests"]),
    (["Sources/CPort/shim.h"], ["PortTests", "TidyTests"]),
    (["Tests/ValuesTests/ValueTests.swift"], ["TidyTests", "ValuesTests"]),
    (["Tests/Benchmarks/Fleet/main.swift"], ["TidyTests"]),
    (["Tests/ValuesTests/A.swift", "Sources/Port/B.swift"],
     ["PortTests", "TidyTests", "ValuesTests"]),
    (["README.md"], ["TidyTests", "WordsTests"]),
    (["www/scripts/app.js"], ["TidyTests", "WordsTests"]),
    (["docs/http.md"], ["PortTests", "TidyTests"]),
    (["Package.swift"], ["PortTests", "TidyTests", "ValuesTests", "WordsTests"]),
])
def test_tests_of_a_change(paths, names):
    assert unit_tests(paths, _TARGETS, _TEXTS) == (names, [])


def test_what_no_unit_test_looks_at_is_told():
    path = "Tests/EndToEndTests/test_link.py"
    assert unit_tests([path], _TARGETS, _TEXTS) == (["TidyTests"], [path])


def test_a_room_with_the_beginning_of_another_name_is_another():
    assert unit_tests(["Sources/PortNext/A.swift"], _TARGETS, {})[1] == ["Sources/PortNext/A.swift"]


def test_nothing_changed():
    assert unit_tests([], _TARGETS, _TEXTS) == ([], [])


def test_targets_of_a_package():
    package = {"targets": [
        {"name": "Values", "type": "regular", "dependencies": []},
        {"name": "Fleet", "type": "executable", "path": "Tests/Benchmarks/Fleet",
         "dependencies": [{"byName": ["Values", None]},
                          {"product": ["Parser", "parser", None, None]}]},
        {"name": "ValuesTests", "type": "test", "dependencies": [{"byName": ["Values", None]}]}]}
    assert quick.targets_of(package) == [
        Target("Values", "Sources/Values"),
        Target("Fleet", "Tests/Benchmarks/Fleet", needs=("Values", "Parser")),
        Target("ValuesTests", "Tests/ValuesTests", True, ("Values",))]


def test_changed_paths(tmp_path):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=tmp_path, check=True,
            capture_output=True)
    git("init")
    for name in ("kept", "moved"):
        (tmp_path / name).write_text(f"{name}\n")
    git("add", ".")
    git("commit", "-m", "first")
    assert quick.changed_paths(tmp_path) == ("of the last commit", ["kept", "moved"])
    git("mv", "moved", "elsewhere")
    (tmp_path / "új.swift").write_text("new\n")
    assert quick.changed_paths(tmp_path) == ("not committed", ["elsewhere", "moved", "új.swift"])
