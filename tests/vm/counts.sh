#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# 1, 2, 4 and 8 drives, as one array and with one file system each: created, found again,
# and no other drive written to.
#
# usage: tests/vm/run -d 8 -s 320M -- tests/vm/counts.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
modprobe -a xfs raid0
drives=$(for digit in 1 2 3 4 5 6 7 8; do drive_by_serial AWS0000000000000000$digit; done)

run() {
	t_run "$hosttune" "$@" "$work/profile.yaml"
}

# profile COUNT LINE...: write a profile for the first COUNT drives.
profile() {
	list=$(seq -s ', ' -f 'AWS0000000000000000%g' 1 "$1")
	shift
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: [$list]}"
		echo "    label: ephemeral"
		for line; do echo "    $line"; done
	} >"$work/profile.yaml"
}

# others COUNT: print what was written to the drives that are not selected.
others() {
	for drive in $(echo "$drives" | tail -n "+$(($1 + 1))"); do sectors_written "$drive"; done
}

# mounted MOUNT COUNT DRIVE...: check that COUNT file systems with the configured label are
# mounted at MOUNT, on all DRIVEs.
mounted() {
	sources=$(findmnt -rno SOURCE,LABEL,VFS-OPTIONS | awk '$2 == "ephemeral" && $3 == "rw,noatime" { print $1 }')
	t_is "$what: file systems mounted" "$1" "$(echo "$sources" | grep -c .)"
	shift
	# shellcheck disable=SC2086 # a list of devices
	t_is "$what: on all of its drives" "$(printf '%s\n' "$@" | sort)" \
		"$(lsblk -snpo NAME -l $sources | sort -u | grep nvme)"
}

twice() {
	before=$(others "$count")
	run apply
	t_status "$what: apply" 0
	# shellcheck disable=SC2046 # a list of devices
	mounted "$1" $(echo "$drives" | head -n "$count")
	run audit
	t_status "$what: audit" 0
	t_is "$what: the other drives are not written to" "$before" "$(others "$count")"
}

blank() {
	umount -q /mnt/data* 2>/dev/null
	for md in /sys/block/md*; do
		[ ! -d "$md" ] || mdadm -q --stop "/dev/${md##*/}" 2>/dev/null
	done
	for drive in $drives; do blkdiscard -fz "$drive" 2>/dev/null; done
}

for count in 1 2 4 8; do
	what="$count in one array"
	profile $count 'array: raid0' 'mount: /mnt/data' 'options: [noatime]'
	twice 1
	blank
	what="$count with a file system each"
	profile $count "mount: '/mnt/data{index}'" 'options: [noatime]'
	twice $count
	blank
done
t_done
