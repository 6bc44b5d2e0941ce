# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Memory runs out: for all, in a cgroup, for the kernel itself, and for an NFS server.

work=/mnt/stage
mkdir -p $work
cgroup=/sys/fs/cgroup

what oom_global "a process needs more memory than the machine has" "Out of memory: Killed process"
stage_oom_global() {
	head -c 2000000000 /dev/zero | tail -c 2000000000 | wc -c
}

what oom_cgroup "a process needs more memory than its cgroup may have" "Memory cgroup out of memory: Killed process"
stage_oom_cgroup() {
	echo +memory >$cgroup/cgroup.subtree_control
	pod=$cgroup/kubepods.slice/pod1
	mkdir -p $pod
	echo +memory >$cgroup/kubepods.slice/cgroup.subtree_control
	echo 33554432 >$pod/memory.max
	sh -c "echo \$\$ >$pod/cgroup.procs; head -c 200000000 /dev/zero | tail -c 200000000 | wc -c"
	sleep 1
	rmdir $pod $cgroup/kubepods.slice
}

what page_allocation_atomic "atomic allocations in a timer take all pages, order 0" "page allocation failure: order:0"
stage_page_allocation_atomic() {
	fault atomic 0
	sleep 5
}

what page_allocation_order "blocks of order 9 are allocated until memory is too fragmented" "page allocation failure: order:9"
stage_page_allocation_order() {
	sleep 11 # one report in ten seconds
	fault alloc 9
	sleep 1
}

# The guest's memory is mostly in use, so that each write needs reclaim.
what nfsd_memory_pressure "an NFS server and its client on a machine whose memory is in use" "nfsd: page allocation failure"
stage_nfsd_memory_pressure() {
	one=$(drive_by_serial AWS00000000000000001)
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	serve $work 64
	for n in 1 2 3 4; do
		dd if=/dev/zero of=/mnt/client/file$n bs=1M count=40 conv=fsync &
	done
	sleep 11 # one report in ten seconds
	fault alloc_at "0 nfsd_vfs_write nfsd"
	dd if=/dev/zero of=/mnt/client/file5 bs=1M count=10 conv=fsync
	wait
	unserve
	umount $work
}
