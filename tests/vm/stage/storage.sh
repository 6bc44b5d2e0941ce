# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Errors of drives, arrays and file systems. They use drives 1 to 3 one after the other.

work=/mnt/stage
mkdir -p $work
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
three=$(drive_by_serial AWS00000000000000003)

# mapped: put the device-mapper device "bad" on drive 1, working at first.
mapped() {
	dmsetup create bad --table "0 $(blockdev --getsz "$one") linear $one 0"
	dmsetup mknodes bad
}

# broken TARGET: replace it by the target, such as "error", without writing back.
broken() {
	dmsetup suspend --noflush --nolockfs bad
	echo "0 $(blockdev --getsz "$one") $1" | dmsetup load bad
	dmsetup resume bad
}

unmapped() {
	umount $work
	dmsetup remove --retry bad
	blkdiscard -f "$one"
}

what xfs_shutdown "the device below XFS fails each request (dm-error) while files are written" "Shutting down filesystem\|shut down due to"
stage_xfs_shutdown() {
	mapped
	mkfs.xfs -q /dev/mapper/bad
	mount /dev/mapper/bad $work
	cp -r lib $work
	broken error
	cp -r cmd $work
	sync
	touch $work/file
	sleep 6
	unmapped
}

what xfs_corruption "32 KiB of the inode B-trees and the free space B-trees of XFS are overwritten" "Corruption\|corruption\|CRC error"
stage_xfs_corruption() {
	mkfs.xfs -q -d agcount=2 "$one"
	mount "$one" $work
	cp -r lib $work
	umount $work
	for group in 0 1; do
		start=$(xfs_db -r -c "convert agno $group agbno 1 daddr" "$one" | sed 's/.*(\(.*\))/\1/')
		dd if=/dev/urandom of="$one" bs=512 seek="$start" count=64 conv=notrunc
	done
	mount "$one" $work
	cp -r cmd $work
	find $work -type f -exec cat {} + >/dev/null
	rm -rf ${work:?}/lib
	sync
	umount $work
	blkdiscard -f "$one"
}

what xfs_corruption_shutdown "the root of a free space B-tree of XFS is overwritten: the next allocation finds it" "Shutting down filesystem\|shut down"
stage_xfs_corruption_shutdown() {
	mkfs.xfs -q -d agcount=2 "$one"
	mount "$one" $work
	cp -r cmd $work
	umount $work
	for group in 0 1; do
		for root in bnoroot cntroot; do
			block=$(xfs_db -r -c "agf $group" -c "p $root" "$one" | sed 's/.*= //')
			start=$(xfs_db -r -c "convert agno $group agbno $block daddr" "$one" | sed 's/.*(\(.*\))/\1/')
			dd if=/dev/urandom of="$one" bs=512 seek="$start" count=8 conv=notrunc
		done
	done
	mount "$one" $work
	cp -r lib $work
	sync
	rm -rf ${work:?}/cmd
	sync
	umount $work
	blkdiscard -f "$one"
}

what xfs_user_shutdown "the administrator shuts XFS down (xfs_io shutdown) while a file is written" "shutdown"
stage_xfs_user_shutdown() {
	mkfs.xfs -q "$one"
	mount "$one" $work
	cp -r cmd $work
	xfs_io -x -c shutdown $work
	cp -r lib $work
	umount $work
	blkdiscard -f "$one"
}

what ext4_error "the device below ext4 fails each request (dm-error) while files are written" "EXT4-fs error\|Aborting journal"
stage_ext4_error() {
	mapped
	mkfs.ext4 -q /dev/mapper/bad
	mount /dev/mapper/bad $work
	cp -r lib $work
	broken error
	cp -r cmd $work
	sync
	ls $work/lib/host
	sleep 6
	unmapped
}

what ext4_corruption "64 KiB of inodes and directories of ext4 are overwritten" "EXT4-fs error"
stage_ext4_corruption() {
	mkfs.ext4 -q -b 4096 "$one"
	mount "$one" $work
	cp -r lib $work
	umount $work
	dumpe2fs "$one" 2>/dev/null | sed -n 's/.*Inode table at \([0-9]*\)-.*/\1/p' | while read -r block; do
		dd if=/dev/urandom of="$one" bs=4096 seek=$((block + 1)) count=16 conv=notrunc
	done
	mount "$one" $work
	find $work -type f -exec cat {} + >/dev/null
	cp -r cmd $work
	sync
	umount $work
	blkdiscard -f "$one"
}

what block_errors "one region of a drive cannot be read (dm-error under a linear device)" "I/O error"
stage_block_errors() {
	sectors=$(blockdev --getsz "$one")
	{
		echo "0 2048 linear $one 0"
		echo "2048 2048 error"
		echo "4096 $((sectors - 4096)) linear $one 4096"
	} | dmsetup create bad
	dmsetup mknodes bad
	dd if=/dev/mapper/bad of=/dev/null bs=64k count=100 conv=noerror
	dd if=/dev/zero of=/dev/mapper/bad bs=64k count=100
	sync
	dmsetup remove --retry bad
}

what scsi_medium_error "a SCSI disk reports an unrecoverable read error and resets (scsi_debug)" "critical medium error\|I/O error"
stage_scsi_medium_error() {
	modprobe sd_mod
	modprobe scsi_debug dev_size_mb=64 opts=2
	sleep 2
	disk=$(basename "$(echo /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/*)")
	dd if="/dev/$disk" of=/dev/null bs=64k
	rmmod scsi_debug
}

what md_raid0_pulled "one of the two drives of a RAID 0 with XFS is removed from the PCI bus" "md"
stage_md_raid0_pulled() {
	mdadm --create /dev/md/ephemeral --run --level=0 --raid-devices=2 "$two" "$three"
	mkfs.xfs -q /dev/md/ephemeral
	mount /dev/md/ephemeral $work
	cp -r lib $work
	slot=$(readlink -f "/sys/block/$(basename "$three")/device/device")
	echo 1 >"$slot/remove"
	cp -r cmd $work
	sync
	sleep 3
	umount $work
	mdadm --stop /dev/md/ephemeral
	echo 1 >/sys/bus/pci/rescan
	sleep 3
}

# A RAID 1 of two blank drives, which may have got other names.
make_mirror() {
	two=$(drive_by_serial AWS00000000000000002)
	three=$(drive_by_serial AWS00000000000000003)
	blkdiscard -f "$two"
	blkdiscard -f "$three"
	mdadm --create /dev/md/mirror --run --assume-clean --metadata=1.2 --level=1 --raid-devices=2 "$two" "$three"
}

what md_raid1_pulled "one of the two drives of a RAID 1 is removed from the PCI bus" "Disk failure on"
stage_md_raid1_pulled() {
	make_mirror
	mkfs.xfs -q /dev/md/mirror
	mount /dev/md/mirror $work
	slot=$(readlink -f "/sys/block/$(basename "$three")/device/device")
	echo 1 >"$slot/remove"
	cp -r cmd $work
	sync
	sleep 3
	umount $work
	mdadm --stop /dev/md/mirror
	echo 1 >/sys/bus/pci/rescan
	sleep 3
}

what md_raid1_faulty "a member of a RAID 1 is marked faulty" "Disk failure on"
stage_md_raid1_faulty() {
	make_mirror
	mdadm /dev/md/mirror --fail "$three"
	sleep 1
	mdadm --stop /dev/md/mirror
}

# The controller's requests go nowhere: it may not write to memory any more.
what nvme_reset "a drive loses its access to memory during writes: requests time out after 30 s, a reset helps" "timeout, reset controller"
stage_nvme_reset() {
	three=$(drive_by_serial AWS00000000000000003)
	slot=$(readlink -f "/sys/block/$(basename "$three")/device/device")
	mkfs.xfs -q -f "$three"
	mount "$three" $work
	cp -r lib $work
	printf '\000' | dd of="$slot/config" bs=1 seek=4 conv=notrunc
	timeout 80 dd if=/dev/zero of=$work/file bs=64k count=100 conv=fsync &
	sleep 75
	umount -l $work
}
