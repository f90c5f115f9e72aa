"""The list of mutants: what is wrong in it is told with its line, and it fits the code."""

import re

import mutant_build
import mutant_list
import mutant_run
import pytest
from mutant_list import ListError, check, parse

_ENTRY = """# A comment.
RD01 Room.swift
Rule 1: one is enough.
-count >= 2
+count >= 1

RD02 Room.swift
Rule 2: it is said.
equivalent: nobody listens.
-
-    say()
"""


def _told(text):
    with pytest.raises(ListError) as error:
        parse(text)
    return str(error.value)


def _room(folder, text):
    """A file in a folder of a room."""
    (folder / "UPS" / "Subject").mkdir(parents=True)
    (folder / "UPS" / "Subject" / "Room.swift").write_text(text, encoding="utf-8")
    return folder


def test_an_entry_has_an_id_a_file_a_rule_and_two_texts():
    first, second = parse(_ENTRY)
    assert (first.id, first.file, first.line) == ("RD01", "Room.swift", 2)
    assert first.rule == "Rule 1: one is enough."
    assert (first.before, first.after, first.equivalent) == ("count >= 2", "count >= 1", "")
    assert (second.before, second.after) == ("\n    say()", "")
    assert second.equivalent == "nobody listens."


@pytest.mark.parametrize("text, line, message", [
    ("# One\n\nrd1 Room.swift\nRule.\n-a\n", 3, "begins with an id"),
    ("RD01 Room.swift\n-a\n+b\n", 1, "must say which rule"),
    ("RD01 Room.swift\n", 1, "must say which rule"),
    ("RD01 Room.swift\nRule.\n+a\n", 1, "no - line"),
    ("RD01 Room.swift\nRule.\n-\n+a\n", 1, "no - line"),
    ("RD01 Room.swift\nRule.\n-a\n+a\n", 1, "the same"),
    ("RD01 Room.swift\nRule.\n-a\nb\n", 4, "may follow"),
    ("RD01 Room.swift\nRule.\n-a\n+b\n-c\n", 5, "may not follow a + line"),
    ("RD01 Room.swift\nRule.\n-a\n\nRD01 Room.swift\nRule.\n-b\n", 5, "taken by line 1"),
])
def test_a_bad_entry_is_told_with_its_line(text, line, message):
    told = _told(text)
    assert told.startswith(f"mutants.txt:{line}: ")
    assert message in told


@pytest.mark.parametrize("name", ["P06", "RD101", "PL01a", "ABC01"])
def test_an_id_may_be_short_or_have_a_letter(name):
    assert parse(f"{name} Room.swift\nRule.\n-a\n")[0].id == name


def test_a_seed_that_the_simulation_found_is_told(tmp_path):
    program = tmp_path / "tests"
    program.write_text(
        "#!/bin/sh\n"
        "echo \"Test invariantsHold() recorded an issue at A.swift:1:1: Issue recorded\"\n"
        "echo \"// seed 236: no commit after $UPS_HISTORIES of $4\"\nexit 1\n", encoding="utf-8")
    program.chmod(0o700)
    (target, tests), = mutant_run.SIMULATION.items()
    verdict = mutant_run.run(program, target, tests, 50)
    told = f"seed 236: no commit after 50 of {tests}"
    assert (verdict.target, verdict.how) == (target, f"invariantsHold() ({told})")


def test_a_text_is_replaced_once():
    mutant = parse(_ENTRY)[0]
    assert mutant.applied("if count >= 2 {}") == "if count >= 1 {}"


def test_all_texts_that_do_not_fit_are_told(tmp_path):
    room = _room(tmp_path, "count >= 2, count >= 2")
    with pytest.raises(ListError) as error:
        check(parse(_ENTRY), room)
    twice, never = str(error.value).splitlines()
    assert twice.startswith("mutants.txt:2: mutant RD01: ") and "occurs 2 times" in twice
    assert never.startswith("mutants.txt:7: mutant RD02: ") and "occurs 0 times" in never


def test_a_file_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(ListError, match=r"no file Room\.swift in Sources/UPS"):
        check(parse(_ENTRY), tmp_path)


def test_the_list_fits_the_code():
    mutants = mutant_list.read()
    assert mutants
    check(mutants)


def test_mutants_are_compiled_with_the_settings_of_the_package():
    package = (mutant_list.ROOT / "Package.swift").read_text(encoding="utf-8")
    features = re.findall(r'\.enableUpcomingFeature\("(\w+)"\)', package)
    assert tuple(features) == mutant_build.FEATURES
    assert "swiftLanguageModes: [.v6]" in package
