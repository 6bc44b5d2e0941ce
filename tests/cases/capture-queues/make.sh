#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# two drives that can be captured, the second with the kernel's defaults, a blank one, and one
# that the kernel reaches by two paths, which differ
mkdir -p root/proc/1 root/proc/self root/dev
echo '22 1 0:20 / / rw - overlay overlay rw' | tee root/proc/1/mountinfo >root/proc/self/mountinfo
echo 'Filename Type Size Used Priority' >root/proc/swaps
# drive N LABEL RQ_AFFINITY NOMERGES MAX_SECTORS
drive() {
	dir=root/sys/block/nvme${1}n1
	mkdir -p "$dir/device" "$dir/queue"
	echo 'Amazon EC2 NVMe Instance Storage' >"$dir/device/model"
	echo "AWS$1" >"$dir/device/serial"
	echo 1 >"$dir/nsid"
	echo "259:$1" >"$dir/dev"
	echo 655360 >"$dir/size"
	echo '[none] mq-deadline kyber' >"$dir/queue/scheduler"
	echo 128 >"$dir/queue/read_ahead_kb"
	echo "$3" >"$dir/queue/rq_affinity"
	echo "$4" >"$dir/queue/nomerges"
	echo "$5" >"$dir/queue/max_sectors_kb"
	truncate -s 320M "root/dev/nvme${1}n1"
	[ -z "$2" ] || mkfs.xfs -q -L "$2" "root/dev/nvme${1}n1"
}
PATH=$PATH:/sbin:/usr/sbin
drive 1 ephemeral 2 1 1280
drive 2 ephemeral 1 0 127
drive 3 '' 2 2 1280
drive 4 ephemeral 1 0 1280
for path in 0 1; do
	mkdir -p root/sys/block/nvme4c${path}n1/queue
	echo '[none] mq-deadline' >root/sys/block/nvme4c${path}n1/queue/scheduler
	echo $path >root/sys/block/nvme4c${path}n1/queue/rq_affinity
	echo 1280 >root/sys/block/nvme4c${path}n1/queue/max_sectors_kb
done
