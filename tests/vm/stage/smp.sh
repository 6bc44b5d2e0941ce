# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Two processors: what one reports of the other.

what hard_stall "CPU 1 has its interrupts off for 40 s" "rcu_preempt detected stalls on CPUs"
stage_hard_stall() {
	echo 0 >/proc/sys/kernel/nmi_watchdog
	fault load 1
	taskset -c 1 sh -c 'echo 40 >/sys/module/stage/parameters/stall'
	sleep 5
}

what soft_lockup_other_cpu "a process keeps CPU 1 for 30 s with preemption off" "soft lockup - CPU#1 stuck for"
stage_soft_lockup_other_cpu() {
	echo 60 >/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
	fault load 1
	taskset -c 1 sh -c 'echo 30 >/sys/module/stage/parameters/spin'
}

what rcu_expedited "CPU 1 has its interrupts off for 40 s while a network device is removed, with expedited grace periods" "detected expedited stalls"
stage_rcu_expedited() {
	echo 1 >/sys/kernel/rcu_expedited
	fault load 1
	ip link add d0 type dummy
	# its program is in memory: the other CPU may be the one that answers reads
	taskset -c 0 busybox sh -c "sleep 2; ip link del d0" &
	sleep 0.5
	taskset -c 1 sh -c 'echo 40 >/sys/module/stage/parameters/stall'
	wait
	echo 0 >/sys/kernel/rcu_expedited
}

# The request is slow (tests/vm/run -b), so that it ends while its CPU does not listen.
what nvme_polled "CPU 1 has its interrupts off for 40 s: a request of its queue ends, and nobody notices" "completion polled"
stage_nvme_polled() {
	one=$(drive_by_serial AWS00000000000000001)
	echo 5000 >"/sys/block/$(basename "$one")/queue/io_timeout"
	fault load 1
	# the timer of the queue belongs to the CPU of the first request
	taskset -c 0 dd if=/dev/zero of="$one" bs=64k count=3 oflag=direct &
	sleep 0.3
	taskset -c 1 dd if=/dev/zero of="$one" bs=128k count=1 oflag=direct &
	sleep 0.3
	taskset -c 1 sh -c 'echo 40 >/sys/module/stage/parameters/stall'
	wait
}
