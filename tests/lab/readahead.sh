#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does a read-ahead of 4 KiB (database-nvme) change, compared to the kernel's 128
#   KiB?
# Method: a disk that takes a millisecond for each request, and 200 MB/s: a tenth of an NVMe
#   drive. 8 readers read 300 pages each of a file of 160 MiB in random order, with pread(2)
#   ("read") or from a mapping ("map"); or one reads the first 24 MiB in order ("order"), also
#   with 4 MiB ("large"). All from a cold cache: the time, and how much the disk reads.
# Arms: map 128 -> 4
# Arms: read 128 -> 4
# Arms: order 128 -> 4
# Arms: large 128 -> 4096
# Metrics: random.time walk.time read.sectors
# Refuted if: random reads from a mapping take as long with both.
# Answer: for random reads from a mapping, the disk reads {map read.sectors} times as much, and
#   they take {map random.time} times as long; those of pread(2) take {read random.time} times as
#   long, since the kernel does not read ahead for them. Reading in order takes {order walk.time}
#   times as long with 4 KiB, and {large walk.time} times with 4 MiB.
# Short: map random.time
# Limits: drives that are ten times as fast, where each request that is saved saves less.
# VM: -m 1G
. tests/lab/lab.sh

tree=/srv/tree

sectors() {
	awk '{ print $3 }' "/sys/block/${disk#/dev/}/stat"
}

# one map|read|order ARM
one() {
	umount $tree && mount -o noatime "$disk" $tree || return
	echo "$2" >"/sys/block/${disk#/dev/}/queue/read_ahead_kb"
	_sectors=$(sectors)
	case $1 in
	order) measure "$2" lab-tool walk $tree/order read ;;
	*) measure "$2" lab-tool random $tree/file 8 300 "$seed$pair" "$1" ;;
	esac
	sample "$2" read.sectors $(($(sectors) - _sectors))
}

lab_commands
modprobe xfs
slow_disk 400 200 1000
mkfs.xfs -q "$disk"
mkdir -p $tree
mount -o noatime "$disk" $tree
mkdir $tree/order
dd if=/dev/zero of=$tree/file bs=1M count=160 2>/dev/null
dd if=/dev/zero of=$tree/order/file bs=1M count=24 2>/dev/null
paired map 128 4 one map
paired read 128 4 one read
paired order 128 4 one order
paired large 128 4096 one order
lab_done
