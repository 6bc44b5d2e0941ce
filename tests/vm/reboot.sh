#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One boot of the reboot test, which tests/vm/check.sh runs several times with the same
# drives.
#
# usage: tests/vm/run -D DIR -d 1 -- tests/vm/reboot.sh first|second
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
modprobe xfs
backing=$(drive_by_serial AWS00000000000000001)
store=$(instance_store_drive AWS1111 "$backing")

case $1 in
first)
	t_ok "first boot: apply" "$hosttune" apply nfs-server
	echo kept >/mnt/data/file
	blkid -p -o value -s UUID "$store" >/mnt/data/uuid
	sync
	power_cut 0
	;;
second)
	t_ok "after a power cut: apply" "$hosttune" apply nfs-server
	t_is "after a power cut: same file system" "$(cat /mnt/data/uuid)" \
		"$(blkid -p -o value -s UUID "$store")"
	t_is "after a power cut: the file is kept" kept "$(cat /mnt/data/file)"
	t_ok "after a power cut: audit clean" "$hosttune" audit nfs-server
	;;
esac
t_done
