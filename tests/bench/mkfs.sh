#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mkfs.sh: how long one drive takes to be formatted, and eight; in the test VM. Measures
# only.
#
# The drives are slow on purpose: each write takes DELAY_MS more (dm-delay). What costs
# time on real hardware are the drives, while in the VM it is the emulated processor; so
# what is compared is whether the drives are waited for one after the other.
#
# usage: tests/vm/run -d 0 -t 600 -- tests/bench/mkfs.sh      (make bench-vm)
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
: "${DELAY_MS:=400}" "${ROUNDS:=3}"
work=$(mktemp -d)
modprobe -a xfs loop dm-mod

for i in 1 2 3 4 5 6 7 8; do
	truncate -s 320M "$work/drive$i"
	losetup "/dev/loop$i" "$work/drive$i"
	slow_device "slow$i" "/dev/loop$i" "$DELAY_MS" >/dev/null
	instance_store_drive "AWS$i" "/dev/mapper/slow$i" >/dev/null
done

now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

# format COUNT: milliseconds of an apply that formats the first COUNT drives.
format() {
	list=$(seq -s ', ' -f 'AWS%g' 1 "$1")
	cat >"$work/profile.yaml" <<-END
		version: 1
		storage:
		  - name: data
		    disks: {serial: [$list]}
		    label: data
		    mount: /mnt/disks/{index}
	END
	start=$(now_ms)
	"$hosttune" apply --deadline 0 "$work/profile.yaml" >"$work/out" 2>&1 || {
		cat "$work/out"
		exit 1
	}
	echo $(($(now_ms) - start))
	umount /mnt/disks/*
	for i in 1 2 3 4 5 6 7 8; do
		fallocate -p -o 0 -l 320M "$work/drive$i"
		blockdev --flushbufs "$(drive_by_serial "AWS$i")" "/dev/loop$i"
	done
	echo 3 >/proc/sys/vm/drop_caches
}

echo "round   1 drive   8 drives   ratio"
for round in $(seq "$ROUNDS"); do
	one=$(format 1 | head -n 1)
	eight=$(format 8 | head -n 1)
	printf '%5d %6d ms %7d ms %7s\n' "$round" "$one" "$eight" \
		"$(awk "BEGIN { printf \"%.2f\", $eight / $one }")"
done
