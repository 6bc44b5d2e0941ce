#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Kill -9 at a system call of an apply, apply again: the node must converge. Of our own
# process every STEP-th call from the first lock on, of mkfs every STEP-th write.
#
# usage: tests/vm/run -d 3 -s 320M -- tests/vm/killed.sh SCENARIO [STEP [OFFSET]]
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
scenario=$1 step=${2:-1} offset=${3:-0}
profile=/run/profile.yaml
modprobe -a xfs raid0
. tests/vm/scenario.sh
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
theirs=$(drive_by_serial AWS00000000000000003)
mkfs.ext4 -q "$theirs"
sync
before=$(sectors_written "$theirs")

# The drives as they were at first.
reset() {
	for mount in $mounts; do umount "$mount" 2>/dev/null; done
	mdadm -q --stop --scan 2>/dev/null
	blkdiscard -fz "$one"
	blkdiscard -fz "$two"
	sysctl -qw vm.swappiness=60
}

# Apply, with the AT-th of these CALLS the last one: fails, unless there are not so many.
attempt() {
	strace -qq "$@" -o /dev/null -e trace="$calls" -e inject="$calls:signal=KILL:when=$at" \
		"$hosttune" apply $profile >/run/first 2>&1
}

# campaign CALLS FROM [OPTION]: kill at each of the calls from number FROM on.
campaign() {
	calls=$1 at=$2
	shift 2
	while reset && ! attempt "$@"; do
		if output=$("$hosttune" apply $profile 2>&1 && "$hosttune" audit $profile 2>&1); then
			t_pass "$scenario: killed at call $at of $calls"
		else
			t_fail "$scenario: killed at call $at of $calls" "$output"
		fi
		at=$((at + step))
	done
}

reset
strace -qq -o /run/calls "$hosttune" apply $profile >/dev/null
first=$(grep -n -m 1 'flock(' /run/calls | cut -d : -f 1)
campaign all $((first + offset))
campaign pwrite64,pwritev,pwritev2,fallocate,fsync $((1 + offset % step)) -f
t_is "$scenario: the other drive is not written to" "$before" "$(sectors_written "$theirs")"
t_done
