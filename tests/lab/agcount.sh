#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: do more allocation groups of XFS speed up writers that create files at once?
# Method: 16 writers, each in its own directory, create and synchronize files of 16 KiB on
#   a slow disk with 2 or 16 allocation groups.
# Arms: groups 2 -> 16
# Metrics: files.time
# Refuted if: creating the files takes as long with 16 as with 2.
# Answer: {groups files.time} times as long: where the disk is the limit, groups change little.
# Limits: how processors contend for the locks of a group, which is why mkfs.xfs makes one for
#   each: the guest has one.
# VM: -m 1G
. tests/lab/lab.sh

tree=/srv/tree

one() {
	mkfs.xfs -q -f -d agcount="$1" "$disk" &&
		mount -o noatime "$disk" $tree &&
		mkdir $tree/load &&
		measure "$1" lab-tool files $tree/load 16 20 16384 "$seed$pair" sync &&
		umount $tree
}

lab_commands
modprobe xfs
slow_disk 1400 40 300 # a group must hold the log of 64 MiB
mkdir -p $tree
paired groups 2 16 one
lab_done
