# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Tasks that wait without end, found after 20 s instead of 120.

work=/mnt/stage
mkdir -p $work
echo 20 >/proc/sys/kernel/hung_task_timeout_secs
echo 10 >/proc/sys/kernel/hung_task_check_interval_secs
one=$(drive_by_serial AWS00000000000000001)
hung='INFO: task .* blocked for more than'

# fresh: each scenario may report its own tasks.
fresh() {
	echo 10 >/proc/sys/kernel/hung_task_warnings
}

what hung_fsfreeze "a frozen XFS: a writer waits for the thaw" "$hung"
stage_hung_fsfreeze() {
	fresh
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	fsfreeze -f $work
	dd if=/dev/zero of=$work/file bs=64k count=10 &
	sleep 45
	fsfreeze -u $work
	wait
	umount $work
}

what hung_dm "the device below XFS answers no request for 45 s (dm suspended): writers and the log wait" "$hung"
stage_hung_dm() {
	fresh
	dmsetup create slow --table "0 $(blockdev --getsz "$one") linear $one 0"
	dmsetup mknodes slow
	mkfs.xfs -q -f /dev/mapper/slow
	mount /dev/mapper/slow $work
	dmsetup suspend --noflush --nolockfs slow
	cp -r lib $work &
	(cd $work && sleep 1 && touch a && sync a) &
	sync -f $work &
	sleep 45
	dmsetup resume slow
	wait
	umount $work
	dmsetup remove --retry slow
}

what hung_dm_delay "the device below ext4 answers after 60 s (dm-delay): the journal and its callers wait" "$hung"
stage_hung_dm_delay() {
	fresh
	dmsetup create slow --table "0 $(blockdev --getsz "$one") linear $one 0"
	dmsetup mknodes slow
	mkfs.ext4 -q -F /dev/mapper/slow
	mount /dev/mapper/slow $work
	dmsetup suspend --noflush --nolockfs slow
	echo "0 $(blockdev --getsz "$one") delay $one 0 0 $one 0 50000" | dmsetup load slow
	dmsetup resume slow
	cp -r cmd $work
	sync -f $work &
	(sleep 1 && touch $work/a && sync $work/a) &
	sleep 48
	dmsetup suspend --noflush --nolockfs slow
	echo "0 $(blockdev --getsz "$one") linear $one 0" | dmsetup load slow
	dmsetup resume slow
	wait
	umount $work
	dmsetup remove --retry slow
}

what hung_nfsd "nfsd writes to a frozen XFS: its threads and the client wait" "$hung"
stage_hung_nfsd() {
	fresh
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	serve $work 4 vers=3,nolock,timeo=100,retrans=1
	fsfreeze -f $work
	dd if=/dev/zero of=/mnt/client/file bs=64k count=10 conv=fsync &
	sleep 50
	fsfreeze -u $work
	wait
	unserve
	umount $work
}

what hung_lockd "the server of NFSv3 locks is not reachable: a client waits for its lock" "lockd: server .* not responding\|nfs: server .* not responding"
stage_hung_lockd() {
	fresh
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	modprobe sch_netem
	pgrep -x rpcbind || rpcbind
	pgrep -x rpc.statd || rpc.statd
	serve $work 4 vers=3,timeo=50,retrans=1
	echo 1 >/mnt/client/file
	flock /mnt/client/file true
	tc qdisc add dev lo root netem loss 100%
	flock /mnt/client/file true &
	cat /mnt/client/file &
	sleep 70
	tc qdisc del dev lo root
	wait
	unserve
	umount $work
}
