"""The list of mutants, `mutants.txt`: read, checked, and applied to a text. Builds nothing."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).resolve().with_name("mutants.txt")
SOURCES = ROOT / "Sources"
#: What is mutated, and of what each room is made: as in Package.swift.
ROOMS = {
    "UPS": (), "Bicker": ("UPS",), "Decision": ("UPS",),
    "Monitoring": ("UPS", "Bicker", "Decision"),
}

_HEAD = re.compile(r"([A-Z]{1,3}[0-9]{2,3}[a-z]?) (\S+\.swift)")
_EQUIVALENT = "equivalent: "


class ListError(Exception):
    """The list is wrong, or does not fit the code any more."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    id: str
    file: str
    rule: str
    before: str
    after: str
    line: int
    #: Why no test can tell it from the code; empty: it is to be killed.
    equivalent: str = ""

    def applied(self, text):
        """`text` with the mutation; it must fit exactly once, or nobody knows what is tested."""
        count = text.count(self.before)
        if count != 1:
            raise ListError(
                f"{self.where}: its text to replace occurs {count} times in {self.file}, "
                "but must occur exactly once; bring the list up to date with the code")
        return text.replace(self.before, self.after)

    @property
    def where(self):
        return f"{LIST.name}:{self.line}: mutant {self.id}"


def parse(text):
    """The mutants of a list: entries apart by blank lines, `#` begins a line of comment."""
    mutants, entry = [], []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            entry.append((number, line))
        elif entry:
            mutants.append(_mutant(entry))
            entry = []
    seen = {}
    for mutant in mutants:
        first = seen.setdefault(mutant.id, mutant)
        if first is not mutant:
            raise ListError(f"{mutant.where}: the id is taken by line {first.line}")
    return mutants


def _mutant(entry):
    (number, head), *rest = entry
    match = _HEAD.fullmatch(head)
    if not match:
        raise ListError(
            f"{LIST.name}:{number}: an entry begins with an id of one to three capital letters, "
            "two or three digits and perhaps a small letter, and a file of "
            f"{rooms()}, as \"RD13 Watch.swift\", not {head!r}")
    if not rest or rest[0][1][0] in "-+":
        raise ListError(f"{LIST.name}:{number}: the next line must say which rule is broken")
    (_, rule), *rest = rest
    equivalent = ""
    if rest and rest[0][1].startswith(_EQUIVALENT):
        equivalent = rest.pop(0)[1].removeprefix(_EQUIVALENT).strip()
    before, after = _texts(rest, number)
    return Mutant(match[1], match[2], rule.strip(), before, after, number, equivalent)


def _texts(lines, head):
    """What is replaced (`-`), then what replaces it (`+`), each of any number of lines."""
    texts = {"-": [], "+": []}
    for number, line in lines:
        if line[0] not in texts:
            raise ListError(
                f"{LIST.name}:{number}: only lines that begin with - (the code) and then + (what "
                f"replaces it) may follow, not {line!r}")
        if line[0] == "-" and texts["+"]:
            raise ListError(f"{LIST.name}:{number}: a - line may not follow a + line")
        texts[line[0]].append(line[1:])
    before, after = ("\n".join(texts[sign]) for sign in "-+")
    if not before.strip():
        raise ListError(f"{LIST.name}:{head}: no - line says what is replaced")
    if before == after:
        raise ListError(f"{LIST.name}:{head}: the - lines and the + lines are the same")
    return before, after


def read(path=LIST):
    return parse(path.read_text(encoding="utf-8"))


def rooms():
    return " or ".join(f"Sources/{room}" for room in ROOMS)


def source(file, sources=SOURCES):
    """The file of that name, in whatever folder of a room; None: there is none."""
    found = [path for room in ROOMS for path in (sources / room).rglob(file)]
    return found[0] if len(found) == 1 else None


def check(mutants, sources=SOURCES):
    """Whether every mutant still fits the code; all that do not are named at once."""
    wrong = []
    for mutant in mutants:
        path = source(mutant.file, sources)
        try:
            if not path:
                raise ListError(f"{mutant.where}: there is no file {mutant.file} in {rooms()}")
            mutant.applied(path.read_text(encoding="utf-8"))
        except ListError as error:
            wrong.append(str(error))
    if wrong:
        raise ListError("\n".join(wrong))
