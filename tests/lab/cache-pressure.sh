#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: does vm.vfs_cache_pressure: 50 of nfs-server keep the inodes of a tree in memory
#   while a large file is read?
# Method: a guest with 512 MiB of memory. 12000 empty files on XFS over a slow disk are walked
#   twice ("again" is from the cache); then a program takes all memory but a little, and a file
#   larger than that is read. How much is lost depends on how little it was, so it is 24 MiB, 32
#   ... and 64, and the times of the walks after it are added. (While there is more to spare, the
#   kernel takes pages only: a cache of inodes this small is not touched.)
# Arms: pressure 100 -> 50
# Metrics: walk.time again.time
# Refuted if: the walk after the large file takes as long with 50 as with 100.
# Answer: the walks after the large file take {pressure walk.time} times as long, one from the
#   cache {pressure again.time} times.
# Limits: how the caches of a large memory behave, with millions of inodes.
# VM: -m 512M
. tests/lab/lab.sh

tree=/srv/tree

# squeezed MIB: walk after a file was read in so little memory.
squeezed() {
	echo 3 >/proc/sys/vm/drop_caches
	lab-tool walk $tree/load >/dev/null
	_available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
	fill_memory $((_available - $1))
	lab-tool walk $tree/large read >/dev/null
	lab-tool walk $tree/load
	end_memory
}

one() {
	echo "$1" >/proc/sys/vm/vfs_cache_pressure
	lab-tool walk $tree/load >/dev/null
	measure "$1" lab-tool walk $tree/load stat again
	for _spare in 24 32 40 48 56 64; do
		squeezed $_spare
	done >$lab/out/walks
	awk '{ sum += $2 } END { print "walk.time", sum }' $lab/out/walks | record "$1"
}

lab_commands
modprobe xfs
slow_disk 330 20 300
mkfs.xfs -q "$disk"
mkdir -p $tree
mount -o noatime "$disk" $tree
mkdir $tree/load $tree/large
lab-tool files $tree/load 4 3000 0 "$seed" >/dev/null
busybox truncate -s 200M $tree/large/file # without blocks: to read it needs no disk
sync
paired pressure 100 50 one
lab_done
