"""Builds the tests once, and then for each mutant only the file that it changes: the other modules
see of a room only declarations, since nothing is inlined across files or modules."""

import json
import os
import pathlib
import re
import shutil
import subprocess

from mutant_list import ROOMS, ROOT, SOURCES

FOLDER = ROOT / ".build" / "mutants"
TARGETS = ("UPSTests", "SimulatorTests", "SimulationTests")

#: The settings of the rooms in Package.swift.
FEATURES = ("InternalImportsByDefault", "ExistentialAny")
_LANGUAGE = "6"
_NAME = "mutants"
#: One file an object. Whole modules would be optimised across files, and take ten times as long.
_APART = "-no-whole-module-optimization"


def _target(kind, name, dependencies, settings="strict"):
    return (f"        .{kind}(name: \"{name}\", dependencies: {json.dumps(dependencies)}, "
            f"swiftSettings: {settings}),")


_TARGETS = "\n".join([
    *(_target("target", room, list(uses), "apart") for room, uses in ROOMS.items()),
    _target("target", "Simulator", list(ROOMS)),
    *(_target("testTarget", name, [*ROOMS, "Simulator"]) for name in TARGETS),
])
_MANIFEST = f"""// swift-tools-version: 6.0
// What the mutants need of the package. Written by Tests/Mutation/mutant_build.py.
import PackageDescription

let strict: [SwiftSetting] = [
    {", ".join(f'.enableUpcomingFeature("{feature}")' for feature in FEATURES)}
]
let apart = strict + [.unsafeFlags(["{_APART}"])]

let package = Package(
    name: "{_NAME}",
    targets: [
{_TARGETS}
    ],
    swiftLanguageModes: [.v{_LANGUAGE}]
)
"""
#: `-disable-cmo`: no body of a room is copied into the modules that use it.
_BUILD = ("build", "-c", "release", "--build-tests", "-Xswiftc", "-enable-testing",
          "-Xswiftc", "-disable-cmo")
#: Hashes of the text of declarations, in a compiled module: they differ for a value, too.
_HASH = re.compile(rb"[0-9a-f]{32}")
_LONGEST_BUILD = 1200


class BuildError(Exception):
    """What the compiler said."""


def _run(command, folder):
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_LONGEST_BUILD)
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"the build took more than {_LONGEST_BUILD} s") from error
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise BuildError(text)
    return text


def _copy(source, target, changed=None):
    """All in one folder. Leaves what is the same alone, so that it is not built anew. `changed`:
    {name: text}"""
    changed = changed or {}
    target.mkdir(parents=True, exist_ok=True)
    files = {path.name: path for path in source.rglob("*.swift")}
    for path in target.iterdir():
        if path.name not in files:
            path.unlink()
    for name, path in files.items():
        text = changed.get(name)
        _write(target / name, path.read_bytes() if text is None else text.encode())


def _write(path, data):
    if not path.is_file() or path.read_bytes() != data:
        path.write_bytes(data)


class Toolchain:
    """The compiler beside the `swift` that builds the package."""

    def __init__(self):
        name = os.environ.get("SWIFT", "swift")
        found = shutil.which(name)
        if not found:
            raise BuildError(f"{name} is not on PATH; say where it is in the environment: SWIFT")
        self.swift = pathlib.Path(found)
        self.compiler = self.swift.resolve().with_name("swiftc")
        info = json.loads(_run([self.compiler, "-print-target-info"], ROOT))
        self._target = info["target"]["triple"]

    def build(self, package):
        _run([self.swift, *_BUILD], package)

    def frontend(self, room, modules, *words):
        """`modules` is where those are that the room uses."""
        features = [word for name in FEATURES for word in ("-enable-upcoming-feature", name)]
        _run([self.compiler, "-frontend", *words, "-module-name", room, "-I", modules,
              "-parse-as-library", "-swift-version", _LANGUAGE, *features, "-enable-testing", "-O",
              "-target", self._target, "-disable-objc-interop"], ROOT)

    def link(self, objects, folder, program):
        _run([self.compiler, "-emit-executable", "-L", folder, "-Xlinker", "--gc-sections",
              f"@{objects}", "-o", program], ROOT)


class Package:
    """A copy of what the mutants need, with its own build folder."""

    def __init__(self, tools, folder):
        self._tools, self.folder = tools, folder
        self.products = folder / ".build" / "release"
        self.program = self.products / f"{_NAME}PackageTests.xctest"
        self.modules = self.products / "Modules"

    def room(self, name):
        return self.folder / "Sources" / name

    def build(self, changed=None):
        """From the sources as they are; `changed` has another text for a file of a room."""
        for name in (*ROOMS, "Simulator"):
            _copy(SOURCES / name, self.room(name), changed)
        for name in TARGETS:
            _copy(ROOT / "Tests" / name, self.folder / "Tests" / name)
        _write(self.folder / "Package.swift", _MANIFEST.encode())
        self._tools.build(self.folder)

    def objects(self):
        listed = self.products / f"{_NAME}PackageTests.product" / "Objects.LinkFileList"
        return listed.read_text(encoding="utf-8").splitlines()


class Workshop:
    """Where one mutant at a time is built, in a folder of its own."""

    def __init__(self, tools, base, name):
        self._tools, self._base = tools, base
        self._folder = FOLDER / name
        self._own = Package(tools, self._folder / "package")
        # As Swift's package manager calls the base: rooms share declarations by that name.
        self._package = ("-package-name", base.folder.name)
        self._declared = {}

    def prepare(self):
        """From the base package, whose sources stay as they are until the end."""
        for room in ROOMS:
            _copy(self._base.room(room), self._folder / room)
            self._declared[room] = self._declarations(room)

    def build(self, file, text):
        """The test program with this text in one file of a room."""
        (source,) = (path for room in ROOMS for path in (self._folder / room).glob(file))
        room, former = source.parent.name, source.read_bytes()
        try:
            source.write_text(text, encoding="utf-8")
            if self._declarations(room) == self._declared[room]:
                return self._relinked(room, source)
        finally:
            source.write_bytes(former)
        # Whoever uses the declaration must be compiled with it.
        self._own.build({file: text})
        return self._own.program

    def _declarations(self, room):
        """All that another file or module can see of the room."""
        module = self._folder / f"{room}.swiftmodule"
        self._tools.frontend(
            room, self._base.modules, "-emit-module", *self._package,
            "-experimental-skip-non-inlinable-function-bodies", *self._sources(room), "-o", module)
        return _HASH.sub(b"", module.read_bytes())

    def _sources(self, room):
        return sorted((self._folder / room).iterdir())

    def _relinked(self, room, source):
        compiled = self._folder / "mutant.o"
        others = [path for path in self._sources(room) if path != source]
        self._tools.frontend(
            room, self._base.modules, "-c", *self._package, "-primary-file", source, *others,
            "-o", compiled)
        replaced = f"/{room}.build/{source.name}.o"
        objects = [str(compiled) if path.strip("'\"").endswith(replaced) else path
                   for path in self._base.objects()]
        if objects.count(str(compiled)) != 1:
            raise BuildError(f"the package has no object {replaced}")
        listed = self._folder / "objects"
        listed.write_text("\n".join(objects) + "\n", encoding="utf-8")
        program = self._folder / "tests"
        self._tools.link(listed, self._base.products, program)
        return program
