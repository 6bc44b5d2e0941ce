#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do limits of dirty pages change for programs on the node itself: the 300 and 600
#   MiB that local-pv had, and the 10 and 3 % of memory that low-latency had, compared to the kernel's
#   20 and 10 %?
# Method: 4 writers create files of 1 MiB on XFS over a slow disk, 64 MiB ("burst": memory holds
#   them) or 320 MiB ("lasting": it does not); then the disk is synchronized. Beside it, a probe
#   writes 4 KiB synchronously, asks for attributes, and reads a cached file. Memory, disk and
#   limits in bytes are a 64th of those of a node with 64 GiB and 1.3 GB/s.
# Arms: burst ratio -> bytes
# Arms: lasting ratio -> bytes
# Arms: burst-low ratio -> low-latency
# Arms: burst-early ratio -> early
# Arms: lasting-early ratio -> early
# Metrics: files.time drain.time all.time write.p50 write.p99 stat.p99 read.p99 dirty.max
# Refuted if: a synchronous write beside the writers takes as long with both.
# Answer: bytes: a burst takes {burst files.time} times as long, a load that lasts
#   {lasting files.time} times; until the disk has all, {burst all.time} and {lasting all.time}
#   times. A synchronous write beside it takes {burst write.p50} and {lasting write.p50} times in
#   the median. The 10 and 3 % of low-latency: {burst-low files.time} times for the burst,
#   {burst-low write.p50} times for the synchronous write beside it. To only begin earlier, with 300
#   MiB in the background: {burst-early files.time} times for the burst, the most on 6.12,
#   {lasting-early files.time} for the load that lasts, whose last sync takes
#   {lasting-early drain.time} times as long.
# Limits: nodes on which other programs need the memory: here the writers have it for themselves.
# VM: -m 1536M
. tests/lab/lab.sh

data=/srv/data

# one FILES ARM
one() {
	dirty_limits "$2"
	mkdir $data/load
	background gauge lab-tool gauge 50
	background probe lab-tool probe $data/local 10000 $data/local
	lab-tool files $data/load 4 "$1" 1048576 "$seed$pair" >$lab/out/all || fail "files: failed"
	lab-tool drain $data >>$lab/out/all || fail "drain: failed"
	end_background probe >>$lab/out/all
	end_background gauge | grep '^d' >>$lab/out/all
	awk '/^files|^drain/ { all += $2 } END { print "all.time", all }' $lab/out/all | record "$2"
	record "$2" <$lab/out/all
	rm -rf $data/load
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

lab_commands
modprobe xfs
slow_disk 640 20 300
mkfs.xfs -q "$disk"
mkdir -p $data
mount -o noatime "$disk" $data
mkdir $data/local
paired burst ratio bytes one 16
paired lasting ratio bytes one 80
paired burst-low ratio low-latency one 16
paired burst-early ratio early one 16
paired lasting-early ratio early one 80
lab_done
