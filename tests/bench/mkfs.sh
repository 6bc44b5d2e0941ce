#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mkfs.sh: measure in the test VM how long it takes to format one drive, and eight. No time
# fails.
#
# tests/vm/run -b makes the drives slow on purpose: on real hardware the drives take the
# time, while in the VM the emulated processor does. The ratio shows whether hosttune waits
# for one drive after the other.
#
# usage: tests/vm/run -d 8 -s 320M -b 1M -t 1200 -- tests/bench/mkfs.sh [ROUNDS]
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
rounds=${1:-2}
work=$(mktemp -d)
modprobe xfs

now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

# format COUNT: format the first COUNT drives, and set `took` to the milliseconds of the
# apply.
format() {
	list=$(seq -s ', ' -f 'AWS0000000000000000%g' 1 "$1")
	cat >"$work/profile.yaml" <<-END
		version: 1
		storage:
		  - name: data
		    disks: {model: QEMU NVMe Ctrl, serial: [$list]}
		    label: data
		    mount: /mnt/disks/{index}
	END
	start=$(now_ms)
	t_run "$hosttune" apply --deadline 0 "$work/profile.yaml"
	took=$(($(now_ms) - start))
	[ "$(findmnt -rn -t xfs | wc -l)" = "$1" ] || fail "apply: status $status: $(cat "$t_out")"
	umount /mnt/disks/*
	for drive in /dev/nvme*n1; do
		blkdiscard -f "$drive"
	done
}

echo "round   1 drive   8 drives   ratio"
for round in $(seq "$rounds"); do
	format 1
	one=$took
	format 8
	printf '%5d %6d ms %7d ms %7s\n' "$round" "$one" "$took" \
		"$(awk "BEGIN { printf \"%.2f\", $took / $one }")"
done
