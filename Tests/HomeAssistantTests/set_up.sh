#!/bin/bash
# set_up.sh ROOT: puts the pinned Home Assistant into the folder ROOT, once; about 80 s and 2 GB.
# It wants Python 3.14, which Debian 12 and 13 do not have: ROOT is a small Debian forky of its own.
# Needs root and debootstrap. Called by `make ha-test`.
set -euo pipefail

VERSION=2026.11.0
PYTHON=python3.14
# What the tests configure, and what Home Assistant loads by itself with it.
# (The page for a broker's settings loads hassio.)
INTEGRATIONS=(apcupsd api config energy file_upload frontend hassio history http isal logbook
	lovelace mobile_app mqtt onboarding person recorder websocket_api)

root=$(realpath -m "$1")
here=$(realpath "$0")
stamp="$VERSION $(sha256sum < "$here")"
[ "$(cat "$root/stamp" 2>/dev/null)" != "$stamp" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "set_up.sh: only root may set up Home Assistant's folder" >&2; exit 1; }

# The mirror that this host uses.
site() {
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 /debian
}

# A command inside, which finds /proc, /dev, and for the time of the set-up the names and
# certificates of this host. The mounts go with the command.
inside() {
	env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		SSL_CERT_FILE=/tmp/certificates PIP_CERT=/tmp/certificates \
		unshare --mount --propagation private bash -euc '
			mount -t proc proc "$0/proc"
			mount --rbind /dev "$0/dev"
			mount --bind /etc/resolv.conf "$0/etc/resolv.conf"
			exec chroot "$0" "$@"' "$root" "$@"
}

echo "Setting up Home Assistant $VERSION in $root, once"
rm -rf --one-file-system "$root"
mkdir -p "$root"
debootstrap --variant=minbase --include=$PYTHON,$PYTHON-venv,$PYTHON-dev,g++,libc6-dev \
	forky "$root" "${MIRROR:-$(site)}" /usr/share/debootstrap/scripts/sid > "$root.log" \
	|| { tail -20 "$root.log" >&2; exit 1; }
cp -L /etc/ssl/certs/ca-certificates.crt "$root/tmp/certificates"
touch "$root/etc/resolv.conf"

inside $PYTHON -m venv /venv
inside /venv/bin/pip install -q uv
install=(/venv/bin/uv pip install -q --python /venv/bin/python)
inside "${install[@]}" "homeassistant==$VERSION"
# What Home Assistant would fetch at its start.
# shellcheck disable=SC2046 # A requirement is a word.
inside "${install[@]}" \
	$(inside /venv/bin/python - "${INTEGRATIONS[@]}" < "${here%/*}/requirements.py")
inside /venv/bin/hass --version

# From now on names are asked at a closed port: Home Assistant reaches nobody outside.
mkdir -p "$root/config"
rm -rf "$root/etc/resolv.conf" "$root/root/.cache" "$root/tmp/certificates" "$root.log" \
	"$root/var/cache/apt"
echo nameserver 127.0.0.1 > "$root/etc/resolv.conf"
echo "$stamp" > "$root/stamp"
