#!/bin/bash
# Builds the package in a minimal Debian 13 with Debian's own Swift, asks the lintian of Debian 13,
# and puts what came out into OUTPUT: trixie.sh GUESTS OUTPUT. Needs root, and base.sh before it.
# Called by `make acceptance-trixie`. What it installs is kept for the next time.
set -euo pipefail
guests=$1 output=$2 build=$1/trixie-build
cd "$(dirname "$0")/../.."
rm -rf --one-file-system "$build/upper/srv" "$output"
mkdir -p "$build/upper/srv/"{ups-server,apple} "$output"
git ls-files -z | tar -c --null -T - | tar -x -C "$build/upper/srv/ups-server"
# The one thing that does not come from Debian; git knows here how to reach it.
git clone -q --bare "$(sed -n 's/.*url: "\(.*\)", .*/\1/p' Package.swift)" \
	"$build/upper/srv/apple/swift-argument-parser"
Tests/GuestTests/layer.sh "$guests/trixie" "$build" chroot "$build/root" bash -euc '
	cd /srv/ups-server
	apt-get update -qq
	apt-get build-dep -y -qq --no-install-recommends ./
	apt-get install -y -qq --no-install-recommends lintian
	export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url./srv/.insteadOf \
		GIT_CONFIG_VALUE_0=https://github.com/
	dpkg-buildpackage -b -uc
	lintian --allow-root --pedantic --display-info --tag-display-limit 0 \
		--fail-on error,warning,info,pedantic ../ups-server_*.changes
	' > "$output/build.log" 2>&1 || { tail -40 "$output/build.log" >&2; exit 1; }
mv "$build/upper/srv/"ups-server?* "$output"
