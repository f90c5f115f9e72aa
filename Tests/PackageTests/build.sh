#!/bin/bash
# Builds the package as README.md says, from a clean copy of what git knows here, and puts it into
# FOLDER: build.sh FOLDER. Called by `make package-test`, and by trixie.sh in another Debian.
set -euo pipefail
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
rm -rf --one-file-system "$folder"
mkdir -p "$folder/ups-server"
git ls-files -z | tar -c --null -T - | tar -x -C "$folder/ups-server"
cd "$folder/ups-server"
dpkg-buildpackage -b -uc > ../build.log 2>&1 || { tail -40 ../build.log >&2; exit 1; }
rm -rf --one-file-system "$folder/ups-server"
