#!/bin/bash
# Unpacks NUT's driver for this UPS into FOLDER, with the C library that it wants: nut_driver.sh
# FOLDER. No stable Debian has it yet. Nothing is installed.
set -euo pipefail
folder=$1 suite=forky
packages=(nut-server libsystemd0 libcap2 libc6 libgcc-s1)
[ ! -e "$folder" ] || exit 0
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 /debian)
new=$folder.new
rm -rf "$new"
mkdir -p "$new"/{lists,cache,root}
new=$(realpath "$new")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror $suite main" > "$new/sources.list"
options=(-qq -o Dir::Etc::SourceList="$new/sources.list" -o Dir::Etc::SourceParts=-
	-o Dir::State::Lists="$new/lists" -o Dir::Cache="$new/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
(cd "$new/cache" && apt-get "${options[@]}" download "${packages[@]}")
for package in "$new"/cache/*.deb; do dpkg-deb -x "$package" "$new/root"; done
mv "$new/root" "$folder"
rm -rf "$new"
