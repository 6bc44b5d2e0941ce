# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What the NFS experiments share: a server over XFS on a slow disk in one network namespace, a
# client in another, and what one sample is.
#
# Everything is a 64th of a node with 64 GiB of memory and a drive that writes 1.3 GB/s: 1 GiB
# and 20 MB/s. So what dirty limits allow takes as long to write out as on that node.
#
# Server and client share one kernel and its memory, and so its limits of dirty pages. Each
# file is written out by the client when it is closed, so its share is small.
. tests/lab/lab.sh

nfsd=/proc/fs/nfsd
data=/srv/data # the export
mounted=$lab/mnt # what the client mounts: v3, v4
pause=10000      # microseconds between the requests of a probe

# nfs_server: XFS, nfsd without threads, mountd.
nfs_server() {
	lab_commands
	modprobe -a xfs nfsd
	slow_disk 512 20 300
	mkfs.xfs -q "$disk"
	mkdir -p $data $mounted/v3 $mounted/v4 /var/lib/nfs/v4recovery
	mount -o noatime "$disk" $data
	mkdir $data/warm $data/local
	two_hosts 9000
	server mount -t nfsd nfsd $nfsd
	server rpcbind -w
	echo "/srv/data 10.7.0.2(rw,fsid=0,no_subtree_check,no_root_squash,insecure,sync)" >/etc/exports
	echo "+3 -4.0 +4.1 +4.2" >$nfsd/versions
	echo 10 >$nfsd/nfsv4leasetime
	echo 10 >$nfsd/nfsv4gracetime
	echo 8 >$nfsd/threads
	server exportfs -a
	server rpc.mountd
	sleep 15 # the grace period
}

# nfs_client 3|4: mount the export; the attributes of files are asked for each time.
nfs_client() {
	case $1 in
	3) client mount.nfs -o vers=3,nolock,proto=tcp,actimeo=0,hard 10.7.0.1:$data $mounted/v3 ;;
	4) client mount.nfs -o vers=4.2,proto=tcp,actimeo=0,hard 10.7.0.1:/ $mounted/v4 ;;
	esac || fail "NFSv$1: cannot mount"
}

# nfs_export sync|async
nfs_export() {
	server exportfs -o "rw,fsid=0,no_subtree_check,no_root_squash,insecure,$1" 10.7.0.2:$data
}

# nfs_warm MOUNT: a sample that is not counted, for what is done for the first time.
nfs_warm() {
	comparison=warm pair=0
	nfs_sample warm "$1" 4 4 16384
	rm -f $results.*
}

# nfs_sample ARM MOUNT WRITERS FILES BYTES
# One sample: the client's writers create files, then the server's disk is synchronized. What
# asks and writes a little, on the client and on the server ("local"), does so until then.
nfs_sample() {
	sync
	mkdir "$2/load"
	_stalled=$(stalled)
	background hold lab-tool hold
	background gauge lab-tool gauge 50
	background probe lab-tool probe "$2" $pause "$2/warm"
	background local lab-tool probe $data/local $pause $data/local
	lab-tool files "$2/load" "$3" "$4" "$5" "$seed$pair" >$lab/out/all || fail "files: failed"
	lab-tool drain $data >>$lab/out/all || fail "drain: failed"
	end_background probe >>$lab/out/all
	end_background local >$lab/out/local.all
	sed 's/^/local./' $lab/out/local.all >>$lab/out/all
	end_background gauge >$lab/out/dirty
	end_background hold >>$lab/out/all
	echo "stalled.time $(($(stalled) - _stalled))" >>$lab/out/all
	grep '^[0-9]' $lab/out/dirty | series "$1"
	grep '^d' $lab/out/dirty >>$lab/out/all
	record "$1" <$lab/out/all
	rm -rf $data/load
	sync
	echo 3 >/proc/sys/vm/drop_caches
}
