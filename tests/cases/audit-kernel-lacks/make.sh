#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Blank drives on a kernel without XFS and RAID 0, and one whose modules are unknown.
kernel() {
	mkdir -p "$1/proc/1" "$1/proc/self" "$1/proc/sys/kernel" "$1/dev" "$1/lib/modules/6.12.0"
	echo '22 1 0:20 / / rw - overlay overlay rw' | tee "$1/proc/1/mountinfo" >"$1/proc/self/mountinfo"
	echo 'Filename Type Size Used Priority' >"$1/proc/swaps"
	echo 6.12.0 >"$1/proc/sys/kernel/osrelease"
	echo '	ext4' >"$1/proc/filesystems"
	echo 'Personalities : [raid1] ' >"$1/proc/mdstat"
	for n in 1 2 3; do
		dir=$1/sys/block/nvme${n}n1
		mkdir -p "$dir/device"
		echo 'Amazon EC2 NVMe Instance Storage' >"$dir/device/model"
		echo "AWS$n" >"$dir/device/serial"
		echo 1 >"$dir/nsid"
		echo "259:$n" >"$dir/dev"
		echo 655360 >"$dir/size"
		truncate -s 320M "$1/dev/nvme${n}n1"
	done
}
kernel root
echo 'kernel/fs/ext4/ext4.ko:' >root/lib/modules/6.12.0/modules.dep
kernel unknown
kernel forbids
echo 'kernel/fs/xfs/xfs.ko:' >forbids/lib/modules/6.12.0/modules.dep
echo 1 >forbids/proc/sys/kernel/modules_disabled
