#!/bin/bash
# Runs a command of this machine while FOLDER/root is LOWER with FOLDER/upper on top of it, ready
# to chroot into: layer.sh LOWER FOLDER COMMAND... What the command changes there stays in
# FOLDER/upper. Needs root; the mounts end with the command.
set -euo pipefail
lower=$1 folder=$2
shift 2
mkdir -p "$folder/"{upper,work,root}
exec unshare --mount --propagation private bash -euc '
	lower=$1 folder=$2
	shift 2
	mount -t overlay overlay \
		-o "lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
	mount -t proc proc "$folder/root/proc"
	mount --rbind /dev "$folder/root/dev"
	export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
	exec "$@"' bash "$lower" "$folder" "$@"
