#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# five drives: blank, without a label, of another label, ours, and another's
mkdir -p root/proc/1 root/proc/self root/dev
echo '22 1 0:20 / / rw - overlay overlay rw' | tee root/proc/1/mountinfo >root/proc/self/mountinfo
echo 'Filename Type Size Used Priority' >root/proc/swaps
n=0
drive() {
	n=$((n + 1))
	mkdir -p root/sys/block/nvme${n}n1/device
	echo 'Amazon EC2 NVMe Instance Storage' >root/sys/block/nvme${n}n1/device/model
	echo "AWS$n" >root/sys/block/nvme${n}n1/device/serial
	echo 1 >root/sys/block/nvme${n}n1/nsid
	echo "259:$n" >root/sys/block/nvme${n}n1/dev
	echo 655360 >root/sys/block/nvme${n}n1/size
	mkdir root/sys/block/nvme${n}n1/queue
	echo "[none] mq-deadline" >root/sys/block/nvme${n}n1/queue/scheduler
	truncate -s 320M root/dev/nvme${n}n1
	[ $# -eq 0 ] || "$@" root/dev/nvme${n}n1 >/dev/null
}
PATH=$PATH:/sbin:/usr/sbin
drive
drive mkfs.xfs -q
drive mkfs.xfs -q -L other
drive mkfs.xfs -q -L ours
drive mkswap -q
