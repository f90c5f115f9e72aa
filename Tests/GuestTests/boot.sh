#!/bin/bash
# Boots one guest in a mount namespace of its own: boot.sh NAME LOWER FOLDER [nspawn options...].
# Run by guest.py; ends when the guest ends, with nspawn's exit code: 0 is a power-off, 133 a
# reboot. The guest has its own PID namespace, so nothing in it can end this machine.
set -euo pipefail
name=$1 lower=$2 folder=$3
shift 3
# nspawn wants to clean up below /run/systemd, and refuses where that lies on a disk.
mount -t tmpfs tmpfs /run
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
	umount -l /sys/fs/cgroup
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mkdir /sys/fs/cgroup/"$name"
echo $$ > /sys/fs/cgroup/"$name"/cgroup.procs
# The guest is thrown away, so nothing of it has to reach this machine's disk: volatile spares its
# end from waiting there for what others have written. A guest that is booted again must forget that.
rm -rf "$folder/work/work/incompat"
mount -t overlay overlay \
	-o "volatile,lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
code=0
# Without a bus on this machine there is nobody to register the guest with.
systemd-nspawn -q -D "$folder/root" --boot --register=no --keep-unit --private-network \
	--machine="$name" --console=pipe "$@" \
	-- systemd.show_status=1 systemd.log_target=journal < /dev/null || code=$?
echo $$ > /sys/fs/cgroup/cgroup.procs
find /sys/fs/cgroup/"$name" -depth -type d -exec rmdir {} + || true
exit $code
