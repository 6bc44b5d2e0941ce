#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does vm.swappiness: 1 (database-nvme, elasticsearch) change on a node without
#   swap, as Bottlerocket's are?
# Method: a guest with 512 MiB of memory, 120 of them of a program. A file of 32 MiB on a slow
#   disk is read, then four times one that is larger than what is left, then the first again
#   ("walk"), and the program reads all of its memory.
# Arms: none 60 -> 1
# Metrics: walk.time memory.time
# Refuted if: a time changes.
# Answer: nothing: {none memory.time} times for the program's memory, {none walk.time} times for
#   the file.
# Limits: nodes with swap: what the value does there has its source only.
# VM: -m 512M
. tests/lab/lab.sh

tree=/srv/tree

one() {
	echo "$1" >/proc/sys/vm/swappiness
	echo 3 >/proc/sys/vm/drop_caches
	fill_memory 120
	lab-tool walk $tree/small read >/dev/null
	for _ in 1 2 3 4; do
		lab-tool walk $tree/large read >/dev/null
	done
	measure "$1" lab-tool walk $tree/small read
	measure "$1" read_memory
	end_memory
}

lab_commands
modprobe xfs
slow_disk 330 50 300
mkfs.xfs -q "$disk"
mkdir -p $tree
mount -o noatime "$disk" $tree
mkdir $tree/small $tree/large
dd if=/dev/zero of=$tree/small/file bs=1M count=32 2>/dev/null
busybox truncate -s 300M $tree/large/file # without blocks: to read it needs no disk
sync
paired none 60 1 one
lab_done
