"""What is in the package, and what Debian's own tools say about it."""

import os
import pathlib
import re
import subprocess

import pytest
from conftest import SUITES
from guest import BASES, run
from guest import HERE as GUESTS
from harness import BINARY, ROOT
from package import FOLDER, changes, field, package

#: Where the package was built.
SUITE = SUITES[0]

#: Of Debian's package, in KiB.
LARGEST = 20_000_000 // 1024
_FILES = """
/etc/default/ups-server.cfg
/opt/ups-server/ups-server
/opt/www/ups-server/index.html
/usr/lib/sysusers.d/ups-server.conf
/usr/lib/tmpfiles.d/ups-server.conf
/usr/bin/ups-server
/usr/share/bash-completion/completions/ups-server
/usr/share/doc/ups-server/README.md
/usr/share/doc/ups-server/SECURITY.md
/usr/share/doc/ups-server/changelog.gz
/usr/share/doc/ups-server/copyright
/usr/share/doc/ups-server/homeassistant/README.md
/usr/share/doc/ups-server/homeassistant/dashboard.yaml
/usr/share/fish/vendor_completions.d/ups-server.fish
/usr/share/man/man5/ups-server.cfg.5.gz
/usr/share/man/man8/ups-server.8.gz
/usr/share/zsh/vendor-completions/_ups-server
"""


@pytest.fixture
def unpacked(place):
    folder = pathlib.Path(place.file("unpacked"))
    run("dpkg-deb", "-x", package(), folder)
    return folder


def test_files(unpacked):
    assert [name for name in _FILES.split() if not (unpacked / name[1:]).is_file()
            and not (unpacked / name[1:]).is_symlink()] == []
    units = {path.name for path in unpacked.glob("**/systemd/system/*.*") if path.is_file()}
    assert units == {path.name for path in (ROOT / "debian").glob("*.service")} | {
        path.name for path in (ROOT / "debian").glob("*.path")}
    pages = [path.name for path in (ROOT / "docs").iterdir()]
    assert sorted(os.listdir(unpacked / "usr/share/doc/ups-server/docs")) == sorted(pages)
    assert int(field("Installed-Size")) < LARGEST
    assert [path for path in unpacked.rglob("*") if path.lstat().st_mode & 0o6000] == []
    assert (unpacked / "etc/default/ups-server.cfg").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("page", ["man8/ups-server.8", "man5/ups-server.cfg.5"])
def test_manual(unpacked, page):
    """The formatter only warns of what is one long word."""
    result = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
         unpacked / f"usr/share/man/{page}.gz"], capture_output=True, text=True, check=True)
    assert [line for line in result.stderr.splitlines() if "can't break line" not in line] == []


def test_libraries(host):
    """Of what the binary is linked with, all is there by what the package depends on by name."""
    host.install(package())
    path = pathlib.Path(f"/proc/{host.leader}/root/opt/ups-server/ups-server")
    needed = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", path))
    assert "not found" not in host.run("ldd", "/opt/ups-server/ups-server")
    depends = {re.split(r"[ (]", name.strip())[0] for name in field("Depends").split(",")}
    for library in needed:
        owners = host.run("dpkg", "-S", f"*/{library}")
        owner = owners.split(":")[0]
        assert owner.removesuffix("t64") in {name.removesuffix("t64") for name in depends}


@pytest.mark.here
def test_reproducible(unpacked, place):
    """The package was built in another folder than the binary that `make` left here."""
    own, packaged = pathlib.Path(place.file("own")), unpacked / "opt/ups-server/ups-server"
    unwanted = ("--remove-section=.comment", "--remove-section=.note")
    run("strip", *unwanted, "-o", own, BINARY)
    run("objcopy", "--remove-section=.gnu_debuglink", packaged)
    assert own.read_bytes() == packaged.read_bytes()


@pytest.mark.here
def test_lintian():
    result = subprocess.run(
        ["lintian", "--allow-root", "--pedantic", "--display-info", "--tag-display-limit=0",
         changes()], capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_piuparts():
    """The folder that it ignores is debconf's own."""
    mirror = re.search(r"deb (\S+)", (BASES / SUITE / "etc/apt/sources.list").read_text())
    with open(FOLDER / "piuparts.log", "w", encoding="utf-8") as log:
        subprocess.run(
            ["piuparts", f"--existing-chroot={BASES}/{SUITE}", f"--distribution={SUITE}",
             f"--mirror={mirror[1]} main", "--no-eatmydata", "--no-upgrade-test",
             "--install-remove-install", "--ignore=/var/cache/debconf/tmp.ci/", package()],
            stdout=log, stderr=log, check=True)


def test_autopkgtest(place):
    folder, source = place.file("testbed"), place.file("source")
    os.mkdir(source)
    # What git knows, and not what was built here: the testbed itself is below .build.
    subprocess.run(
        f"git ls-files -z | tar -c --null -T - | tar -x -C {source}", shell=True, cwd=ROOT,
        check=True)
    with open(FOLDER / "autopkgtest.log", "w", encoding="utf-8") as log:
        subprocess.run(
            [GUESTS / "layer.sh", f"{BASES}/{SUITE}", folder, "autopkgtest", "--apt-upgrade",
             "--no-built-binaries", source, package(), "--", "chroot", f"{folder}/root"],
            stdout=log, stderr=log, check=True)
