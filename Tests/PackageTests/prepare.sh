#!/bin/bash
# Puts what the package depends on, and who reads the daemon, into FOLDER/SUITE-packages:
# prepare.sh SUITE FOLDER PACKAGE. Needs root, and base.sh before it. Done again when the package
# depends on something else.
set -euo pipefail
suite=$1 folder=$2
depends="$(dpkg-deb -f "$3" Depends), mosquitto, mosquitto-clients, apcupsd, curl"
layer=$folder/$suite-packages
[ "$(cat "$layer.depends" 2>/dev/null)" != "$depends" ] || exit 0
rm -rf --one-file-system "$layer" "$layer.new" "$layer.depends"
"${0%/*}/../GuestTests/layer.sh" "$folder/$suite" "$layer.new" chroot "$layer.new/root" bash -euc '
	# A package of Debian 12 on Debian 13: what is left of Debian 12 there, as after an upgrade.
	sed -n "s/trixie/bookworm/p" /etc/apt/sources.list > /etc/apt/sources.list.d/older.list
	apt-get update -qq
	apt-get satisfy -y -qq --no-install-recommends "$1"
	rm /etc/apt/sources.list.d/older.list
	apt-get clean' bash "$depends"
mv "$layer.new/upper" "$layer"
rm -rf --one-file-system "$layer.new"
echo "$depends" > "$layer.depends"
