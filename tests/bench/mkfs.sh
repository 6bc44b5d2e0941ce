#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mkfs.sh: measure in the test VM how long it takes to format 1, 2, 4 and 8 drives: until the first
# one is mounted, and all. Nothing fails it.
#
# tests/vm/run -b makes the drives slow on purpose: on real hardware the drives take the
# time, while in the VM the emulated processor does. The ratio shows whether hosttune waits
# for one drive after the other. A discard at mkfs would not show there: it is counted.
#
# usage: tests/vm/run -d 8 -s 320M -b 1M -t 1200 -- tests/bench/mkfs.sh [ROUNDS]
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
rounds=${1:-2}
work=$(mktemp -d)
modprobe xfs

now_ms() {
	read -r now _ </proc/uptime
	now=$(echo "$now" | tr -d .)0
}

# Print how many discards all drives have had.
discards() {
	cat /sys/block/nvme*n1/stat | awk '{ n += $12 } END { print n + 0 }'
}

# Wait for the first drive that is mounted, and write when that was.
first_mount() {
	while :; do
		while read -r _ _ type _; do
			[ "$type" != xfs ] || break 2
		done </proc/mounts
		sleep 0.05
	done
	now_ms
	echo "$now" >"$work/first"
}

# format COUNT: format the first COUNT drives; set $took and $first, in ms, and $discarded.
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
	discarded=$(discards)
	now_ms
	start=$now
	first_mount &
	t_run "$hosttune" apply --deadline 0 "$work/profile.yaml"
	now_ms
	took=$((now - start))
	[ "$(findmnt -rn -t xfs | wc -l)" = "$1" ] || fail "apply: status $status: $(cat "$t_out")"
	wait
	first=$(($(cat "$work/first") - start))
	discarded=$(($(discards) - discarded))
	umount /mnt/disks/*
	for drive in /dev/nvme*n1; do
		blkdiscard -f "$drive" 2>/dev/null
	done
}

echo 'round  drives   first mounted (ratio)        all (ratio)  discards'
for round in $(seq "$rounds"); do
	for drives in 1 2 4 8; do
		format $drives
		[ $drives != 1 ] || { one=$took one_first=$first; }
		awk -v OFS='' "BEGIN { printf \"%5d  %6d  %10d ms (%.2f)  %10d ms (%.2f)  %8d\\n\", \
			$round, $drives, $first, $first / $one_first, $took, $took / $one, $discarded }"
	done
done
