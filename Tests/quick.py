"""`make quick`: the unit tests of what differs from the last commit, or of the last commit if
nothing does. Which tests belong to which file is read from the package itself: a test target runs
when a target changed on which it depends, over whatever detour. `quick.py SWIFT OPTION…` takes the
options of the build of `make test`, so that both share it. Python's tests are not among them."""

import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    folder: str
    is_test: bool = False
    #: Names of targets and of products of other packages.
    needs: tuple = ()

    def holds(self, path):
        return path.startswith(f"{self.folder}/")


def targets_of(package):
    """Those of what `swift package dump-package` tells, decoded."""
    return [_target(entry) for entry in package["targets"]]


def _target(entry):
    is_test = entry["type"] == "test"
    folder = entry.get("path") or f"{'Tests' if is_test else 'Sources'}/{entry['name']}"
    needs = (next(iter(need.values()))[0] for need in entry["dependencies"])
    return Target(entry["name"], folder.rstrip("/"), is_test, tuple(needs))


def unit_tests(paths, targets, texts):
    """(names of the test targets for the changed paths, the paths that no unit test looks at).
    `texts` is the source of test targets: a file outside all targets, such as README.md, belongs
    to the tests that name it or its folder. A target that needs no other reads files by itself,
    whichever they are, and always runs."""
    if "Package.swift" in paths:
        return sorted(target.name for target in targets if target.is_test), []
    changed, unseen = set(), []
    for path in paths:
        names = {target.name for target in targets if target.holds(path)} or {
            name for name, text in texts.items() if _names(text, path)}
        changed |= names
        if not names:
            unseen.append(path)
    affected = changed | _dependent(changed, targets)
    found = [target.name for target in targets
             if target.is_test and (target.name in affected or paths and not target.needs)]
    return sorted(found), unseen


def _dependent(changed, targets):
    """The names of all that need one of these, or something that does."""
    found = set(changed)
    while more := {target.name for target in targets if found & set(target.needs)} - found:
        found |= more
    return found


def _names(text, path):
    """Whether a string in the source names the file, or begins with its folder."""
    folder, _, _ = path.rpartition("/")
    top = path.partition("/")[0]
    return pathlib.Path(path).name in text or bool(folder) and bool(
        re.search(rf'"{re.escape(top)}["/]', text))


def changed_paths(root=ROOT):
    """What git sees: not committed yet, else in the last commit. A renamed file has two paths."""
    def lines(*words):
        done = subprocess.run(
            ["git", "-c", "core.quotePath=off", *words], cwd=root, check=True,
            capture_output=True, text=True)
        return done.stdout.splitlines()
    paths = lines("diff", "--no-renames", "--name-only", "HEAD") \
        + lines("ls-files", "--others", "--exclude-standard")
    if paths:
        return "not committed", sorted(paths)
    shown = lines("show", "--no-renames", "--first-parent", "--name-only", "--format=", "HEAD")
    return "of the last commit", sorted(shown)


def _text(target):
    files = (ROOT / target.folder).rglob("*.swift")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def main(swift, *options):
    began = time.monotonic()
    told = subprocess.run(
        [swift, "package", *options, "dump-package"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    targets = targets_of(json.loads(told.stdout))
    whence, paths = changed_paths()
    names, unseen = unit_tests(
        paths, targets,
        {target.name: _text(target) for target in targets if target.is_test and target.needs})
    print(f"{len(paths)} files {whence}: {', '.join(names) or 'no unit tests'}", flush=True)
    if unseen:
        print(f"No unit test looks at {', '.join(unseen)}", flush=True)
    if not names:
        return
    _run(swift, "build", *options, "--build-tests")
    _run(swift, "test", *options, "--skip-build", "--filter", rf"^({'|'.join(names)})\.")
    print(f"{', '.join(names)}: passed in {time.monotonic() - began:.0f} s, with the build")


def _run(*words):
    code = subprocess.run(words, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
