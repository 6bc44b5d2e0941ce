#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does a read-ahead of 4 MiB change, compared to the kernel's 128 KiB?
# Method: a disk that takes a millisecond for each request, and 200 MB/s: a file of 48 MiB is
#   read in order ("order"), then 1500 files of 16 KiB ("small"), both from a cold cache.
# Arms: order 128 -> 4096
# Arms: small 128 -> 4096
# Metrics: walk.time
# Refuted if: reading in order takes as long with both.
# Answer: reading in order takes {order walk.time} times as long, because one request follows the
#   other without a pause; small files take {small walk.time} times.
# VM: -m 1G
. tests/lab/lab.sh

tree=/srv/tree

# one DIRECTORY ARM
one() {
	umount $tree
	mount -o noatime "$disk" $tree
	echo "$2" >"/sys/block/${disk#/dev/}/queue/read_ahead_kb"
	lab-tool walk "$tree/$1" read | record "$2"
}

lab_commands
modprobe xfs
slow_disk 400 200 1000
mkfs.xfs -q "$disk"
mkdir -p $tree
mount -o noatime "$disk" $tree
mkdir $tree/order $tree/small
dd if=/dev/zero of=$tree/order/file bs=1M count=48 2>/dev/null
lab-tool files $tree/small 3 500 16384 "$seed" >/dev/null
paired order 128 4096 one order
paired small 128 4096 one small
lab_done
