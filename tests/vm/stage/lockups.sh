# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Lockups, each with the stack of what locks up in production. With "lock", the kernel spins
# by itself for a lock that is never released in time.

lockup='watchdog: BUG: soft lockup - CPU#0 stuck for'
work=/mnt/stage

# As on most distributions. The report of an RCU stall, after 21 s otherwise, restarts the
# clock of the soft lockup.
rcu_timeout=/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
echo 60 >$rcu_timeout

# mounted FSTYPE OPTION...: make a file system and mount it.
mounted() {
	type=$1
	shift
	drive=$(drive_by_serial AWS00000000000000001)
	mkdir -p $work
	umount -q $work
	blkdiscard -f "$drive"
	"mkfs.$type" -q "$@" "$drive"
	mount -t "$type" "$drive" $work || fail "$type: cannot mount"
}

what soft_lockup_other "a process keeps its CPU for 26 s with preemption off" "$lockup"
stage_soft_lockup_other() {
	fault spin 26
}

what soft_lockup_writeback "wb_workfn() finds list_lock of the device taken, 30 s" "$lockup"
stage_soft_lockup_writeback() {
	mounted xfs
	fault lock "30 wb_workfn kworker"
	dd if=/dev/zero of=$work/file bs=64k count=100
	sync
	sleep 2
	umount $work
}

what soft_lockup_xfs "a write to XFS finds i_lock of the inode taken, 30 s" "$lockup"
stage_soft_lockup_xfs() {
	mounted xfs
	fault lock "30 xfs_file_write_iter dd"
	dd if=/dev/zero of=$work/file bs=64k count=100
	umount $work
}

what soft_lockup_ext4 "a write to ext4 finds i_lock of the inode taken, 30 s" "$lockup"
stage_soft_lockup_ext4() {
	mounted ext4
	fault lock "30 ext4_file_write_iter dd"
	dd if=/dev/zero of=$work/file bs=64k count=100
	umount $work
}

what soft_lockup_jbd2 "the commit of an ext4 journal finds j_list_lock taken, 30 s" "$lockup"
stage_soft_lockup_jbd2() {
	mounted ext4
	name=$(basename "$drive")
	fault lock "30 jbd2_journal_commit_transaction jbd2/$name-8"
	dd if=/dev/zero of=$work/file bs=64k count=100
	sync
	umount $work
}

# What memory pressure does: the shrinkers run, here on request.
what soft_lockup_reclaim "the shrinker of dentries finds the lock of the list taken, 30 s" "$lockup"
stage_soft_lockup_reclaim() {
	mounted xfs
	(cd $work && seq 1 2000 | xargs touch)
	fault lock "30 super_cache_scan sh"
	sh -c 'echo 2 >/proc/sys/vm/drop_caches'
	umount $work
}

what soft_lockup_kswapd "kswapd keeps its CPU for 30 s in shrink_node()" "$lockup"
stage_soft_lockup_kswapd() {
	fault spin_at "30 shrink_node kswapd0"
	head -c 1500000000 /dev/zero | tail -c 700000000 | wc -c &
	dd if=/dev/zero of=/tmp/fill bs=1M count=700
	wait
	rm /tmp/fill
}

what soft_lockup_nfsd_write "nfsd writes to XFS and finds i_lock of the inode taken, 30 s" "$lockup"
stage_soft_lockup_nfsd_write() {
	mounted xfs
	serve $work 4
	fault lock "30 xfs_file_write_iter nfsd"
	dd if=/dev/zero of=/mnt/client/file bs=64k count=20 conv=fsync
	unserve
	umount $work
}

what soft_lockup_nfsd_filecache "nfsd opens a file and finds the lock of its file cache's list taken, 30 s" "$lockup"
stage_soft_lockup_nfsd_filecache() {
	mounted xfs
	serve $work 4
	for file in 1 2 3 4 5; do
		echo $file >/mnt/client/$file
	done
	fault lock "30 nfsd_file_do_acquire nfsd"
	for file in 6 7 8; do
		echo $file >/mnt/client/$file
	done
	unserve
	umount $work
}

what hard_lockup_xfs "a write to XFS keeps its CPU for 30 s with interrupts off" "hard LOCKUP on cpu 0"
stage_hard_lockup_xfs() {
	mounted xfs
	fault hard_at "30 xfs_file_write_iter dd"
	dd if=/dev/zero of=$work/file bs=64k count=10
	umount $work
}

what soft_lockup_long "a process keeps its CPU for 70 s: reported again and again" "$lockup"
stage_soft_lockup_long() {
	fault spin 70
}

# grace_period: begin one, so that something waits for it.
grace_period() {
	ip link add d0 type dummy
	ip link del d0 &
	sleep 0.01
}

what rcu_stall "a process keeps its CPU for 70 s with preemption off" "rcu: INFO: rcu_preempt .*detected stall"
stage_rcu_stall() {
	echo 21 >$rcu_timeout
	fault load 1
	grace_period
	echo 70 >/sys/module/stage/parameters/spin
	echo 60 >$rcu_timeout
}
