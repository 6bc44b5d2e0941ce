#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One boot of the reboot test with several drives. tests/vm/check.sh runs it twice with the
# same drives: an array of instance store drives next to EBS, and one file system per drive.
#
# usage: tests/vm/run -D DIR -d 5 -s 320M -- tests/vm/array-reboot.sh first|second
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
modprobe xfs
ebs_backing=$(drive_by_serial AWS00000000000000005)
[ "$1" = second ] || mkfs.ext4 -q "$ebs_backing"
one=$(instance_store_drive AWS1 "$(drive_by_serial AWS00000000000000001)")
two=$(instance_store_drive AWS2 "$(drive_by_serial AWS00000000000000002)")
ebs=$(ebs_drive vol5 "$ebs_backing")
ebs_before=$(sectors_written "$ebs_backing")
cat >"$work/profile.yaml" <<-END
	version: 1
	storage:
	  - name: array
	    array: raid0
	    label: ephemeral
	    mount: /mnt/data
	  - name: local
	    disks: {model: QEMU NVMe Ctrl, serial: [AWS00000000000000003, AWS00000000000000004]}
	    label: local
	    mount: /mnt/disks/{serial}
END

run() {
	status=0
	"$hosttune" "$@" >"$work/out" 2>&1 || status=$?
	t_is "$1: exit status" "${expected:-0}" "$status"
	[ "$status" = "${expected:-0}" ] || sed 's/^/# /' "$work/out"
}

md() {
	for holder in "/sys/block/${one##*/}/holders/"md*; do
		[ ! -e "$holder" ] || echo "/dev/${holder##*/}"
	done
}

uuids() {
	blkid -p -o value -s UUID "$(md)" "$(drive_by_serial AWS00000000000000003)" \
		"$(drive_by_serial AWS00000000000000004)" | xargs
}

case $1 in
first)
	run apply -o json "$work/profile.yaml"
	t_ok "the record lists the new file systems" test 3 = \
		"$(grep -c '"blank -> xfs label .* uuid ' "$work/out")"
	echo kept >/mnt/data/file
	echo kept >/mnt/disks/AWS00000000000000004/file
	uuids >/mnt/data/uuids
	t_is "EBS is not written to" "$ebs_before" "$(sectors_written "$ebs_backing")"
	sync
	power_cut 0
	;;
second)
	t_is "no udev here: the array is not assembled" "" "$(md)"
	run apply -o json "$work/profile.yaml"
	t_not "after a power cut: nothing is formatted" grep -q 'blank ->' "$work/out"
	t_is "after a power cut: the same file systems" "$(cat /mnt/data/uuids)" "$(uuids)"
	t_is "after a power cut: files of the array" kept "$(cat /mnt/data/file)"
	t_is "after a power cut: files of a drive" kept "$(cat /mnt/disks/AWS00000000000000004/file)"
	run audit "$work/profile.yaml"
	t_is "EBS is not written to" "$ebs_before" "$(sectors_written "$ebs_backing")"
	t_not "EBS is not mounted" findmnt -n "$ebs"

	# a stop and start of the instance brings other, blank drives
	before=$(uuids)
	umount /mnt/data /mnt/disks/*
	mdadm -q --stop "$(md)"
	for digit in 1 2 3 4; do
		blkdiscard -fz "$(drive_by_serial AWS0000000000000000$digit)" 2>/dev/null
	done
	echo 3 >/proc/sys/vm/drop_caches
	blockdev --flushbufs "$one" "$two"
	run apply -o json "$work/profile.yaml"
	t_ok "new drives: the record lists the new file systems" test 3 = \
		"$(grep -c '"blank -> xfs label .* uuid ' "$work/out")"
	t_ok "new drives: new file systems" test "$before" != "$(uuids)"
	;;
esac
t_done
