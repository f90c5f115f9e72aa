#!/bin/bash
# Makes what the guests start from, once: base.sh SUITE FOLDER puts a minimal Debian without D-Bus
# and polkit into FOLDER/SUITE, and what polkit and logind add to it into FOLDER/SUITE-polkit.
# Needs root. An interrupted run leaves nothing that a later one would take for whole.
set -euo pipefail
suite=$1 folder=$2
mkdir -p "$folder"
# The mirror of this machine, whatever it is.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 /debian)
if [ ! -e "$folder/$suite" ]; then
	script=/usr/share/debootstrap/scripts/$suite
	[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
	rm -rf --one-file-system "$folder/$suite.new"
	debootstrap --variant=minbase --include=systemd-sysv "$suite" "$folder/$suite.new" "$mirror" "$script"
	: > "$folder/$suite.new/etc/machine-id"
	mkdir -p "$folder/$suite.new/var/log/journal"
	mv "$folder/$suite.new" "$folder/$suite"
fi
if [ ! -e "$folder/$suite-polkit" ]; then
	new=$folder/$suite-polkit.new
	rm -rf --one-file-system "$new"
	"${0%/*}/layer.sh" "$folder/$suite" "$new" chroot "$new/root" bash -euc '
		apt-get update -qq
		apt-get install -y -qq --no-install-recommends polkitd dbus libpam-systemd'
	mv "$new/upper" "$folder/$suite-polkit"
	rm -rf --one-file-system "$new"
fi
