#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: does vm.vfs_cache_pressure: 50 of nfs-server keep the inodes of a tree in memory
#   while a large file is read?
# Method: a guest with 512 MiB of memory. 12000 empty files on XFS over a slow disk are walked
#   twice ("again" is from the cache); then a file larger than the memory is read in between.
# Arms: pressure 100 -> 50
# Metrics: walk.time again.time
# Refuted if: the walk after the large file takes as long with 50 as with 100.
# Answer: the walk after the large file takes {pressure walk.time} times as long, one from the
#   cache {pressure again.time} times.
# Limits: how the caches of a large memory behave, with millions of inodes.
# VM: -m 512M
. tests/lab/lab.sh

tree=/srv/tree

one() {
	echo "$1" >/proc/sys/vm/vfs_cache_pressure
	echo 3 >/proc/sys/vm/drop_caches
	lab-tool walk $tree/load >/dev/null
	lab-tool walk $tree/load | sed 's/^walk/again/' | record "$1"
	lab-tool walk $tree/large read >/dev/null
	lab-tool walk $tree/large read >/dev/null
	lab-tool walk $tree/load | record "$1"
}

lab_commands
modprobe xfs
slow_disk 330 20 300
mkfs.xfs -q "$disk"
mkdir -p $tree
mount -o noatime "$disk" $tree
mkdir $tree/load $tree/large
lab-tool files $tree/load 4 3000 0 "$seed" >/dev/null
busybox truncate -s 700M $tree/large/file # without blocks: to read it needs no disk
sync
paired pressure 100 50 one
lab_done
