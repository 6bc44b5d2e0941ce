# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# NVMe drives that fail: one has a bad block (QEMU's blkdebug), one a controller with a fatal
# status.

drive=$(drive_by_serial AWS00000000000000001)
bad=$(drive_by_serial AWSBAD)
work=/mnt/stage
mkdir -p $work

what nvme_bad_block "a drive cannot read one block: read by dd, and by XFS" "I/O Error\|critical medium error\|I/O error"
stage_nvme_bad_block() {
	dd if="$bad" of=/dev/null bs=64k count=400 iflag=direct
	dd if="$bad" of=/dev/null bs=64k count=400 conv=noerror
}

# A page size that the controller does not have: it refuses to start.
what nvme_dead "the controller reports a fatal status during writes" "controller is down; will reset"
stage_nvme_dead() {
	slot=$(readlink -f "/sys/block/$(basename "$drive")/device/device")
	read -r bar _ <"$slot/resource"
	mkfs.xfs -q -f "$drive"
	mount "$drive" $work
	cp -r lib $work
	echo 5000 >"/sys/block/$(basename "$drive")/queue/io_timeout"
	busybox devmem $((bar + 0x14)) 32 0
	busybox devmem $((bar + 0x14)) 32 0x00460781
	timeout 30 dd if=/dev/zero of=$work/file bs=64k count=100 conv=fsync &
	sleep 25
	umount -l $work
}
