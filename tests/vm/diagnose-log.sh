#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run in the VM: hosttune diagnose names faults of this kernel, right after they happened:
# a task that waits for a drive, a soft lockup in XFS, and XFS on a drive that fails. The
# log of each one has those before it, too. The lockup needs the module of
# tests/vm/fetch-headers: HOSTTUNE_MODULE.
. tests/vm/guest.sh

module=${HOSTTUNE_MODULE-}
one=$(drive_by_serial AWS00000000000000001)
work=/mnt/diagnose
mkdir -p $work

# replace TARGET: what the device below XFS does from now on.
replace() {
	echo "0 $(blockdev --getsz "$one") $1" | dmsetup load below
	dmsetup resume below
}

diagnosed() {
	t_run "$HOSTTUNE_B/hosttune" diagnose --no-api --seconds 0 -o json
}

# found QUERY: print what the last diagnosis says, by a query of jq.
found() {
	jq -r "$1" $t_out
}

# finding REASON: its subject and count.
finding() {
	found ".findings[] | select(.reason == \"$1\") | \"\(.subject) \(.count)\""
}

verdict() {
	found 'if .verdict then "\(.verdict.reason) \(.verdict.confidence)" else "none" end'
}

diagnosed
# the machine below may be busy: that is a verdict over counters, not of the log
t_is "a healthy node has no verdict" none "$(verdict | sed 's/^HypervisorTakesCpus .*/none/')"
t_is "and the log was read" "" "$(found '.not_checked[] | select(.what | test("kmsg|log")) | .what')"

# --- a task that waits for its drive ---
dmsetup create below --table "0 $(blockdev --getsz "$one") linear $one 0"
dmsetup mknodes below
mkfs.xfs -q /dev/mapper/below
mount /dev/mapper/below $work
echo 1 >/proc/sys/kernel/hung_task_check_interval_secs
echo 2 >/proc/sys/kernel/hung_task_timeout_secs
dmsetup suspend --noflush --nolockfs below
dd if=/dev/zero of=$work/waits bs=4k count=1 conv=fsync 2>/dev/null &
until_ok sh -c "dmesg | grep -q 'INFO: task dd:'"
diagnosed
t_status "a task that waits: a problem" 1
t_is "a task that waits: the verdict" "TasksWaitForStorage likely" "$(verdict)"
t_is "a task that waits: it is named" "task dd" "$(finding HungTask | sed 's/ [0-9]*$//')"
t_says "a task that waits: the evidence" "INFO: task dd:"
dmsetup resume below
wait

# --- a soft lockup ---
lock_up() {
	echo 2 >/proc/sys/kernel/watchdog_thresh
	insmod "$module"
	echo "8 xfs_file_write_iter dd" >/sys/module/stage/parameters/lock
	dd if=/dev/zero of=$work/file bs=64k count=10 2>/dev/null
	rmmod stage
	diagnosed
	t_status "a soft lockup: a problem" 1
	t_is "a soft lockup: the verdict" "FileSystemHoldsCpu likely" "$(verdict)"
	t_is "a soft lockup: the CPU is named" "CPU 0" "$(finding SoftLockup | sed 's/ [0-9]*$//')"
	t_says "a soft lockup: the evidence" "BUG: soft lockup - CPU#0 stuck for"
}
if [ "$module" ]; then
	lock_up
else
	t_skip "a soft lockup" "no test module: tests/vm/fetch-headers failed"
fi

# --- a drive that fails ---
dd if=/dev/zero of=$work/lost bs=64k count=10 2>/dev/null
dmsetup suspend --noflush --nolockfs below
replace error
sync -f $work 2>/dev/null
touch $work/more 2>/dev/null
sync -f $work 2>/dev/null
umount $work
diagnosed
t_status "a drive that fails: a problem" 1
t_is "a drive that fails: the verdict" "StorageErrors certain" "$(verdict)"
t_is "a drive that fails: the file system is named" "dm-0" "$(finding XfsShutdown | sed 's/ [0-9]*$//')"

dmsetup remove --retry below
t_done
