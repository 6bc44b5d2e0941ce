#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Each state of a drive, and the verdict on it: used, formatted, or refused with its reason.
# All drives that must be refused are present at the same time, and a digest of each proves
# that nothing is written to it.
#
# usage: tests/vm/run -m 3G -- tests/vm/disks.sh
# shellcheck disable=SC2317 # functions are called by the name of a state
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
images=$work/images
mkdir "$images"
modprobe -a xfs loop dm-mod dm-delay raid0 nvmet-tcp nvme-tcp

defined() {
	command -v "$1" >/dev/null
}

# profile [DISKS]: write a profile with one storage item.
profile() {
	cat >"$work/profile.yaml" <<-END
		version: 1
		storage:
		  - {name: data, label: ours, mount: /mnt/verdict, required: true${1+, disks: $1}}
	END
}

# make NAME: make the image of a drive in that state.
make() {
	image=$images/$1
	truncate -s 320M "$image"
	if defined "state_$1"; then "state_$1" >"$work/log.$1" 2>&1; fi
	fallocate -d "$image"
}

# The digest skips holes, to be quick. In Linux 5.10, reading a hole through a loop device fills
# it with zeros: there, a copy that has holes for them again is what it reads.
case $(uname -r) in
5.10.*) sparse=$work/sparse ;;
*) sparse=$images ;;
esac
mkdir -p "$sparse"
digest() {
	[ "$sparse" = "$images" ] || cp --sparse=always "$images/$1" "$sparse/"
	tar -cS --hole-detection=seek --mtime=@0 -C "$sparse" "$1" | sha256sum
	[ "$sparse" = "$images" ] || rm "$sparse/$1"
}

# attach NAME [SECTOR]: attach the image as a drive and set `drive`. A loop device in between
# gives it sectors of 512 bytes, as instance store has.
attach() {
	backing=$(losetup --show -f -b "${2:-512}" "$images/$1")
	drive=$(instance_store_drive "AWS$1" "$backing")
	eval "drive_$1=$drive backing_$1=$backing"
}

detach() {
	aws_drive_remove "AWS$1"
	eval "losetup -d \$backing_$1"
	rm "$images/$1"
}

apply() {
	"$hosttune" apply -o json "$work/profile.yaml" >"$work/out" 2>"$work/err"
	status=$?
}

# --- drives with data -------------------------------------------------------------------

state_ext4() { mkfs.ext4 -q "$image"; }
state_btrfs() { mkfs.btrfs -q "$image"; }
state_xfs_other() { mkfs.xfs -q -L theirs "$image"; }
state_xfs_no_label() { mkfs.xfs -q "$image"; }
state_dirty_other() { dirty theirs; }
state_swap() { mkswap -q "$image"; }
state_luks() { echo secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$image"; }
state_gpt() { echo ';' | sfdisk -q -X gpt "$image"; }
state_mbr() { echo '2048,65536' | sfdisk -q -X dos "$image"; }
state_mbr_empty() { printf 'label: dos\n' | sfdisk -q "$image"; }
state_bcache() { with_loop make-bcache -B; }
state_lvm() { with_loop pvcreate -q; }
# Four uberblocks in the first label (vdev_impl.h: 128 KiB into it, magic 0x00bab10c).
state_zfs() {
	for at in 0 1 2 3; do
		printf '\014\261\272\0\0\0\0\0\210\023\0\0\0\0\0\0' |
			dd of="$image" bs=1 seek=$((131072 + at * 1024)) conv=notrunc status=none
	done
}
state_md_foreign() { half_array theirs; }
state_half_array() { half_array ours; }
state_truncated() {
	truncate -s 640M "$image"
	mkfs.xfs -q -L ours "$image"
	truncate -s 320M "$image"
}
state_garbage_start() { garbage 100 4096; }
state_garbage_middle() { garbage 20000 4194304; }
state_garbage_end() { garbage 81919 4096; }

# An XFS that was written to and not unmounted.
dirty() {
	mkfs.xfs -q -L "$1" "$image"
	mkdir -p "$work/dirty"
	mount -o loop "$image" "$work/dirty"
	echo kept >"$work/dirty/file"
	sync
	mkdir "$work/dirty/a" "$work/dirty/b"
	xfs_io -x -c 'shutdown -f' "$work/dirty"
	umount "$work/dirty"
}

# with_loop COMMAND...: run a tool that needs a block device.
with_loop() {
	loop=$(losetup --show -f "$image")
	"$@" "$loop"
	losetup -d "$loop"
}

# One of two members.
half_array() {
	truncate -s 320M "$work/member"
	one=$(losetup --show -f "$image")
	two=$(losetup --show -f "$work/member")
	mdadm -q --create "/dev/md/$1" --homehost=any --name="$1" --run -l 0 -n 2 "$one" "$two"
	mdadm -q --stop "/dev/md/$1"
	losetup -d "$one"
	losetup -d "$two"
	rm "$work/member"
}

# garbage AT BYTES: AT in units of 4096.
garbage() {
	head -c "$2" /dev/urandom | dd of="$image" bs=4096 seek="$1" conv=notrunc status=none
}

# --- drives in use ----------------------------------------------------------------------

state_swap_used() { mkswap -q "$image"; }
live_swap_used() { swapon "$drive"; }
undo_swap_used() { swapoff "$drive"; }

live_read_only() { blockdev --setro "$drive"; }

live_dm() { dmsetup create held --table "0 100000 linear $drive 0"; }
undo_dm() { dmsetup remove --retry held; }

state_mounted() { mkfs.xfs -q -L theirs "$image"; }
live_mounted() {
	mkdir -p /mnt/elsewhere
	mount "$drive" /mnt/elsewhere
}
undo_mounted() { umount /mnt/elsewhere; }

# The label is the configured one, but another mount namespace has the drive mounted.
state_namespace() { mkfs.xfs -q -L ours "$image"; }
live_namespace() {
	mkdir -p "$work/hidden"
	unshare -m --propagation private \
		sh -c "mount -o ro,norecovery $drive $work/hidden && : >$work/held && exec sleep 1000" &
	hidden=$!
	while ! [ -e "$work/held" ]; do sleep 0.1; done
}
undo_namespace() {
	kill "$hidden"
	wait "$hidden"
}

live_locked() {
	mkfifo "$work/unlock"
	flock -x "$drive" sh -c ": >$work/locked; read -r _ <$work/unlock" &
	while ! [ -e "$work/locked" ]; do sleep 0.1; done
}
undo_locked() { echo >"$work/unlock"; }

# A disk like Bottlerocket's: partitions with its names, one of them in use.
state_system() { printf 'label: gpt\nname=BOTTLEROCKET-DATA, size=310M\n' | sfdisk -q "$image"; }
live_system() {
	mkfs.xfs -q "${drive}p1"
	mkdir -p /mnt/system
	mount "${drive}p1" /mnt/system
}
undo_system() { umount /mnt/system; }

state_too_small() { truncate -s 200M "$image"; }

# Print NAME REASON of each drive, as the audit lists it.
REFUSED='ext4 DiskSignature
btrfs DiskSignature
xfs_other DiskSignature
xfs_no_label DiskSignature
dirty_other DiskSignature
swap DiskSignature
luks DiskSignature
gpt DiskPartitioned
mbr DiskPartitioned
mbr_empty DiskPartitioned
bcache DiskSignature
lvm DiskSignature
zfs DiskSignature
md_foreign DiskMember
half_array DiskMember
truncated DiskTruncated
garbage_start DiskGarbage
garbage_middle DiskGarbage
garbage_end DiskGarbage
swap_used DiskSwap
read_only DiskReadOnly
dm DiskHeld
mounted DiskMounted
namespace DiskHeld
locked DiskLocked
system DiskSystem
too_small DiskTooSmall'

names() {
	echo "$REFUSED" | cut -d ' ' -f 1
}

refused() {
	for name in $(names); do
		make "$name"
		attach "$name"
		if defined "live_$name"; then "live_$name" >>"$work/log.$name" 2>&1; fi
		digest "$name" >"$work/before.$name"
	done
	profile '{min-size: 300MiB}'
	apply
	t_is "all of these are refused" 5 "$status"
	jq -r '.resources[] | select(.kind == "filesystem") | .disks[] | "\(.serial) \(.reason) \(.message)"' \
		"$work/out" >"$work/verdicts"
	echo "$REFUSED" | while read -r name reason; do
		grep "^AWS$name $reason " "$work/verdicts" >"$work/verdict.$name"
	done
	for name in $(names); do
		if [ -s "$work/verdict.$name" ]; then
			t_pass "$(cat "$work/verdict.$name")"
		else
			t_fail "$name: $(echo "$REFUSED" | grep "^$name ")" "$(grep "^AWS$name " "$work/verdicts")" \
				"$(cat "$work/log.$name" "$work/err")"
		fi
		t_is "$name: not a byte of it changed" "$(cat "$work/before.$name")" "$(digest "$name")"
	done
	t_not "no hidden path is listed" grep -q 'nvme[0-9]*c[0-9]' "$work/out"
	for name in $(names); do
		eval "drive=\$drive_$name"
		if defined "undo_$name"; then "undo_$name" >/dev/null 2>&1; fi
		detach "$name"
	done
}

# --- used or formatted ------------------------------------------------------------------

# accepted NAME [SECTOR]: check that apply exits with 0, then run after_NAME.
accepted() {
	make "$1"
	attach "$@"
	profile
	apply
	if [ "$status" = 0 ]; then
		t_pass "$1: is used"
	else
		t_fail "$1: is used" "exit status $status" "$(cat "$work/err")"
	fi
	"after_$1"
	umount /mnt/verdict
	detach "$1"
}

after_blank() {
	t_is "blank: formatted with our label" ours "$(blkid -p -o value -s LABEL "$drive")"
}

state_ours() { mkfs.xfs -q -L ours -m uuid=11111111-2222-3333-4444-555555555555 "$image"; }
after_ours() {
	t_is "ours: the file system is the same" 11111111-2222-3333-4444-555555555555 \
		"$(blkid -p -o value -s UUID "$drive")"
}

# The journal is replayed by the mount.
state_dirty_ours() { dirty ours; }
after_dirty_ours() {
	t_is "dirty_ours: the file is there" kept "$(cat /mnt/verdict/file)"
}

after_4kn() {
	t_is "4kn: sectors of 4096 bytes" 4096 "$(blockdev --getss "$drive")"
	t_ok "4kn: the file system has them too" sh -c 'xfs_info /mnt/verdict | grep -q sectsz=4096'
}

# --- refused by any name ----------------------------------------------------------------

ebs() {
	make ebs
	backing=$(losetup --show -f "$images/ebs")
	drive=$(ebs_drive AWSebs "$backing")
	digest ebs >"$work/before.ebs"
	profile '{model: Amazon Elastic Block Store, serial: AWSebs}'
	apply
	t_is "EBS is refused, though the profile names its serial" 5 "$status"
	t_ok "EBS has its own reason" grep -qF '"DiskEbs"' "$work/out"
	t_is "EBS: not a byte of it changed" "$(cat "$work/before.ebs")" "$(digest ebs)"
}

# The caller's own root file system: a chroot sees it as "/".
root_disk() {
	make root
	mkfs.xfs -q -L ours "$images/root"
	attach root
	mkdir -p /mnt/root
	mount "$drive" /mnt/root
	test_rootfs /mnt/root "$(realpath "$hosttune")"
	mkdir -p /mnt/root/proc /mnt/root/sys /mnt/root/dev /mnt/root/run
	for dir in proc sys dev; do
		mount --rbind /$dir /mnt/root/$dir
		mount --make-rslave /mnt/root/$dir
	done
	profile '{serial: AWSroot}'
	cp "$work/profile.yaml" /mnt/root/profile.yaml
	chroot /mnt/root hosttune apply -o json /profile.yaml >"$work/out" 2>"$work/err"
	t_is "the root disk is refused, though the profile names its serial" 5 $?
	t_ok "the root disk has its own reason" grep -qF '"DiskRoot"' "$work/out"
	for dir in proc sys dev; do umount -l /mnt/root/$dir; done
	umount /mnt/root
	detach root
}

# The drive is removed while mkfs writes. A slow drive makes mkfs take long enough.
removed() {
	make removed
	backing=$(losetup --show -f "$images/removed")
	dmsetup create slow --table "0 $(blockdev --getsz "$backing") delay $backing 0 0 $backing 0 300"
	dmsetup mknodes slow
	drive=$(instance_store_drive AWSremoved /dev/mapper/slow)
	profile '{serial: AWSremoved}'
	"$hosttune" apply "$work/profile.yaml" >"$t_out" 2>&1 &
	pid=$!
	while ! pgrep -f 'mkfs.xfs .*-L ours' >/dev/null && kill -0 $pid; do sleep 0.1; done
	t_ok "removed: while it is formatted" pgrep -f 'mkfs.xfs .*-L ours'
	aws_drive_remove AWSremoved
	status=0
	wait $pid || status=$?
	t_status "removed: exit" 3
	t_says "removed: reason" "no longer responds"
	t_not "removed: nothing is mounted" findmnt -n /mnt/verdict
	t_not "removed: an audit reports that it is gone" "$hosttune" audit "$work/profile.yaml"
	dmsetup remove --retry slow
}

refused
accepted blank
accepted ours
accepted dirty_ours
accepted 4kn 4096
ebs
root_disk
removed
t_done
