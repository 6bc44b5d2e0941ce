# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What a healthy node logs besides storage and network: dumps on request, programs that
# crash or write to the log, caches, limits, udev and systemd.

# shellcheck disable=SC2034 # read by run.sh
suffix=noise
one=$(drive_by_serial AWS00000000000000001)

what swap "swap on zram and on a drive is turned on, used and off" "swap"
stage_swap() {
	modprobe zram
	echo 64M >/sys/block/zram0/disksize
	for device in /dev/zram0 "$one"; do
		mkswap -q "$device"
		swapon "$device"
	done
	swapoff -a
	swapoff /dev/zram0 "$one"
	blkdiscard -f "$one"
}

what sysrq_memory "memory, tasks, timers and the CPU are shown on request (sysrq)" "sysrq"
stage_sysrq_memory() {
	for key in h m l w p; do
		echo $key >/proc/sysrq-trigger
	done
}

what sysrq_tasks "all tasks are shown on request (sysrq)" "sysrq"
stage_sysrq_tasks() {
	echo t >/proc/sysrq-trigger
}

what crashes "programs crash: a bad address, a trap, an illegal instruction; core patterns" "segfault\|traps"
stage_crashes() {
	cat >/tmp/crash.c <<-'END'
		#include <stdlib.h>
		int main(int n, char **v)
		{
			if (n > 1 && *v[1] == 'u') __builtin_trap();
			if (n > 1 && *v[1] == 'd') return 1 / (n - 2);
			*(volatile int *)(long)atoi(v[1]) = 0;
		}
	END
	gcc -w -o /tmp/crash /tmp/crash.c
	for how in 0 8 u d; do
		/tmp/crash $how
	done
	rm /tmp/crash /tmp/crash.c
}

what caches "caches are dropped, memory is compacted, swappiness and min_free change" "drop_caches"
stage_caches() {
	for n in 1 2 3; do
		echo $n >/proc/sys/vm/drop_caches
	done
	echo 1 >/proc/sys/vm/compact_memory
	sysctl -qw vm.min_free_kbytes=20000 vm.nr_hugepages=4
	sysctl -qw vm.nr_hugepages=0 vm.overcommit_memory=0
	echo never >/sys/kernel/mm/transparent_hugepage/enabled
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
}

what limits "a cgroup's limit of processes is reached, and a process lives near its memory limit" "fork rejected"
stage_limits() {
	echo "+pids +memory" >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/small
	echo 3 >/sys/fs/cgroup/small/pids.max
	echo 64M >/sys/fs/cgroup/small/memory.max
	# shellcheck disable=SC2016 # for the shell in the cgroup
	busybox sh -c 'echo $$ >/sys/fs/cgroup/small/cgroup.procs
		dd if=/dev/zero of=/run/fill bs=1M count=40 && rm /run/fill
		for n in 1 2 3 4 5; do sleep 2 & done'
	sleep 3
	rmdir /sys/fs/cgroup/small
}

what freezer "a suspend is rehearsed up to the freezer" "PM:"
stage_freezer() {
	echo freezer >/sys/power/pm_test
	echo freeze >/sys/power/state
	sleep 1
}

what udev "udevd is started and finds all devices again" "."
stage_udev() {
	/lib/systemd/systemd-udevd --daemon
	udevadm trigger --action=add
	udevadm settle -t 60
	modprobe -r zram
	modprobe zram num_devices=2
	udevadm settle -t 30
	udevadm control --exit
}

what systemd "systemd starts as the first process of a namespace, and stops" "systemd"
stage_systemd() {
	timeout -s RTMIN+4 40 unshare -f -p -m --mount-proc /lib/systemd/systemd --system --log-target=kmsg --unit=multi-user.target &
	sleep 45
}
