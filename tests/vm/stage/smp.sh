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
