#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do noatime and nodiratime change on a tree that is mostly read, compared to the
#   kernel's relatime?
# Method: 1500 files of 4 KiB on XFS over a slow disk, written before and not in the cache, are
#   read twice, then the disk is synchronized: the time of the first walk, and what is written.
# Arms: noatime relatime -> noatime
# Arms: nodiratime noatime -> noatime,nodiratime
# Metrics: walk.time again.time written.sectors
# Refuted if: as much is written with noatime as with relatime.
# Answer: with noatime, the first walk writes nothing, where relatime writes the time of each file
#   once. The time of the walk is {noatime walk.time} times, that of a second one {noatime
#   again.time} times: it saves writes, not time. nodiratime adds nothing to noatime ({nodiratime
#   written.sectors} times as much written).
# Limits: what the writes cost where the disk is busy: here nothing else uses it.
# VM: -m 1G
. tests/lab/lab.sh

tree=/srv/tree

sectors() {
	awk '{ print $7 }' "/sys/block/${disk#/dev/}/stat"
}

one() {
	umount $tree && mount -o "$1" "$disk" $tree && rm -rf $tree/load && mkdir $tree/load || return
	lab-tool files $tree/load 3 500 4096 "$seed$pair" >/dev/null || return
	umount $tree && mount -o "$1" "$disk" $tree || return
	_sectors=$(sectors)
	measure "$1" lab-tool walk $tree/load read
	sync -f $tree
	sample "$1" written.sectors $(($(sectors) - _sectors))
	measure "$1" lab-tool walk $tree/load read again
}

lab_commands
modprobe xfs
slow_disk 400 20 300
mkfs.xfs -q "$disk"
mkdir -p $tree
mount "$disk" $tree
paired noatime relatime noatime one
paired nodiratime noatime noatime,nodiratime one
lab_done
