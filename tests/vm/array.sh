#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Several drives on a real kernel: one array of them, one file system on each, wiping.
#
# usage: tests/vm/run -d 4 -s 320M -- tests/vm/array.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
kill_at=${HOSTTUNE_B:-build}/kill-at
work=$(mktemp -d)
serial=AWS0000000000000000
one=$(drive_by_serial ${serial}1)
two=$(drive_by_serial ${serial}2)
three=$(drive_by_serial ${serial}3)
four=$(drive_by_serial ${serial}4)
modprobe -a xfs loop

run() {
	t_run "$hosttune" "$@"
}

# item FILE DIGITS LINE...: a profile with one item that takes the drives of these serials.
item() {
	file=$1 list=
	for digit in $2; do
		list="$list${list:+, }$serial$digit"
	done
	shift 2
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: [$list]}"
		for line; do echo "    $line"; done
	} >"$work/$file.yaml"
}

array() {
	file=$1 digits=$2
	shift 2
	item "$file" "$digits" 'array: raid0' 'label: ephemeral' 'mount: /mnt/data' "$@"
}

# Leave nothing of what was there.
blank() {
	umount -q /mnt/data /mnt/disks/* 2>/dev/null
	for md in /sys/block/md*; do
		[ ! -d "$md" ] || mdadm -q --stop "/dev/${md##*/}" 2>/dev/null
	done
	for drive in "$one" "$two" "$three" "$four"; do
		blkdiscard -fz "$drive" 2>/dev/null
	done
}

# The md device of a drive, or nothing.
md_of() {
	for holder in "/sys/block/${1##*/}/holders/"md*; do
		[ ! -e "$holder" ] || echo "/dev/${holder##*/}"
	done
}

reason_of() {
	"$hosttune" audit -o json "$work/$1.yaml" 2>/dev/null |
		jq -r --arg device "$2" '[.resources[].disks // [] | .[] |
			select(.device == $device).reason] | unique | join(" ")'
}

untouched() {
	t_is "$1: not written to" "$2" "$(sectors_written "$3")"
}

# --- arrays -------------------------------------------------------------------------------

make_array() {
	array a '1 2 3 4' 'options: [noatime]'
	run audit "$work/a.yaml"
	t_status "four blank drives would become an array" 1
	t_says "and each is named" "${serial}4 would become one array"
	run apply "$work/a.yaml"
	t_status "an array of four, formatted and mounted" 0
	md=$(md_of "$one")
	t_is "of all four" "0 256" "$(cat "/sys/block/${md##*/}/md/degraded" 2>/dev/null || echo 0) $(
		mdadm --detail "$md" | sed -n 's/.*Chunk Size : \([0-9]*\)K/\1/p')"
	t_is "named as Bottlerocket names its own" any:ephemeral \
		"$(mdadm --detail --export "$md" | sed -n 's/^MD_NAME=//p')"
	t_ok "with the usual link" test "$(readlink -f /dev/md/ephemeral)" = "$md"
	t_ok "in stripes of the array" sh -c 'xfs_info /mnt/data | grep -q "sunit=64 *swidth=256"'
	t_ok "and the longest log stripe" sh -c 'xfs_info /mnt/data | grep -q "log .*" && xfs_info /mnt/data | grep -A1 "^log" | grep -q sunit=64'
	t_is "mounted from it" "$md" "$(findmnt -no SOURCE /mnt/data)"
	echo kept >/mnt/data/file
	uuid=$(blkid -p -o value -s UUID "$md")
	run apply "$work/a.yaml"
	t_status "a second apply" 0
	t_says "finds all as wanted" "4 ok"
}

# How many arrays have no members.
memberless() {
	count=0
	for array in /sys/block/md*/md; do
		! [ -d "$array" ] || ls -d "$array"/dev-* >/dev/null 2>&1 || count=$((count + 1))
	done
	echo $count
}

# What two mdadm of ours leave that were killed before they had added a member. It makes some
# calls more or less from run to run: as often as it takes.
leave_memberless() {
	truncate -s 64M "$work/left" "$work/right"
	set -- /sbin/mdadm -q --create /dev/md/ephemeral --run --homehost=any --level=0 --raid-devices=2 \
		"$(losetup --show -f "$work/left")" "$(losetup --show -f "$work/right")"
	"$kill_at" 0 all "$work/calls" "$@"
	mdadm -q --stop /dev/md/ephemeral
	first_sync=$(grep -n -m 1 ^fsync "$work/calls" | cut -d : -f 1)
	for kills in 1 2 3 4 5 6 7 8 9; do
		"$kill_at" "$first_sync" all "$work/calls" "$@" || :
		if [ $kills -gt 1 ] && [ "$(memberless)" = 2 ]; then
			losetup -D
			return
		fi
		first_sync=$(grep -n -m 1 ^fsync "$work/calls" | cut -d : -f 1)
	done
	fail "no arrays without members"
}

assemble() {
	umount /mnt/data
	mdadm -q --stop "$md"
	run audit "$work/a.yaml"
	t_status "an array that was stopped is drift" 1
	t_says "and not a refusal" "it is not assembled"
	run apply "$work/a.yaml"
	t_status "it is assembled again" 0
	md=$(md_of "$one")
	t_is "with the same file system" "$uuid" "$(blkid -p -o value -s UUID "$md")"
	t_is "and its files" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$md"
	# what udev leaves when it sees the members one by one, and not yet the last
	mdadm -q --incremental "$one" >/dev/null 2>&1
	mdadm -q --incremental "$two" >/dev/null 2>&1
	run apply "$work/a.yaml"
	t_status "also when it was half assembled" 0
	t_is "with its files" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	leave_memberless
	run apply "$work/a.yaml"
	t_status "also beside arrays without members" 0
	t_is "with all files" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	# under a name that says nothing
	mdadm -q --assemble /dev/md77 "$one" "$two" "$three" "$four"
	run apply "$work/a.yaml"
	t_status "it is known by its members, not by its node" 0
	t_is "whatever that is" /dev/md77 "$(findmnt -no SOURCE /mnt/data)"
}

missing_member() {
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	for gone in "$four" "$one"; do
		dd if="$gone" of="$work/saved" bs=1M count=8 status=none
		blkdiscard -fz "$gone" 2>/dev/null
		before=$(sectors_written "$gone")
		run apply "$work/a.yaml"
		t_status "a member that was replaced by a blank drive: refused" 5
		t_says "with how many it has" "is of 4 drives, and 3 of them are here: "
		t_says "with a member that is here" "${serial}2 (number 1)"
		t_says "and with the one that is not" "not of it: "
		t_is "the members have a reason of their own" DiskIncomplete "$(reason_of a "$two")"
		untouched "the blank one" "$before" "$gone"
		dd if="$work/saved" of="$gone" bs=1M conv=notrunc status=none
	done
	array fewer '1 2 3'
	run apply "$work/fewer.yaml"
	t_status "an array that has more members than are selected: refused" 5
	t_says "with how many it has" "is of 4 drives, and 3 of them are here: "
	array single '2'
	run apply "$work/single.yaml"
	t_status "and for one of them alone" 5
}

foreign() {
	blank
	mdadm -q --create /dev/md/other --homehost=any --level=0 --chunk=256 --name=other \
		--raid-devices=2 "$one" "$two"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "an array of another name: refused" 5
	t_is "while it runs" DiskHeld "$(reason_of a "$one")"
	mdadm -q --stop "$(md_of "$one")"
	run apply "$work/a.yaml"
	t_status "an array of another name that is stopped: refused" 5
	t_is "and why" DiskMember "$(reason_of a "$one")"
	blank
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=1 --name=ephemeral --run \
		--metadata=1.2 --raid-devices=2 --assume-clean "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	run apply "$work/a.yaml"
	t_status "our name, another level: refused" 5
	blank
	mkfs.xfs -q -f -L ephemeral "$one"
	run apply "$work/a.yaml"
	t_status "our file system on one drive of two: refused" 5
	blank
	array count '1 2 3' 'required: true'
	sed -i 's/disks: {/disks: {count: 2, /' "$work/count.yaml"
	run apply "$work/count.yaml"
	t_status "not as many drives as count says" 3
	t_says "is told" "3 drives match and count is 2"
	for drive in "$one" "$two" "$three"; do
		t_is "and nothing is on $drive" "" "$(blkid -p "$drive")"
	done
}

# Bottlerocket's own call, without the force that a terminal needs.
bottlerocket() {
	blank
	mdadm -q --create --force --verbose --homehost=any /dev/md/ephemeral --level=0 \
		--chunk=256 --name=ephemeral --raid-devices=2 "$one" "$two" >/dev/null 2>&1
	mkfs.xfs -q "$(md_of "$one")" -L ephemeral
	uuid=$(blkid -p -o value -s UUID "$(md_of "$one")")
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "an array that Bottlerocket made is used" 0
	t_says "as it is" "1 changed"
	t_is "with its file system" "$uuid" "$(blkid -p -o value -s UUID "$(md_of "$one")")"
}

# --- cut short ----------------------------------------------------------------------------

cut_short() {
	blank
	array a '1 2'
	# between mdadm and mkfs
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	run apply "$work/a.yaml"
	t_status "an array that was not formatted any more" 0
	t_ok "is mounted" findmnt -n /mnt/data

	# while mdadm writes the superblocks
	umount /mnt/data
	blank
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$two" 2>/dev/null
	run audit "$work/a.yaml"
	t_status "an array that mdadm had half made" 1
	t_says "is known as that" "cut short"
	run apply "$work/a.yaml"
	t_status "and made anew" 0
	t_ok "and mounted" findmnt -n /mnt/data

	# the same, and udev has taken the one member there is
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$one" 2>/dev/null
	blkdiscard -fz "$two" 2>/dev/null
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$two" 2>/dev/null
	mdadm -q --incremental "$one" >/dev/null 2>&1
	run apply "$work/a.yaml"
	t_status "also when udev holds what there is" 0

	# data behind the superblock: it was in use, and a drive was replaced
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$two" 2>/dev/null
	run apply "$work/a.yaml"
	t_status "the same with a file system in it: refused" 5
	blank
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$one" 2>/dev/null
	run apply "$work/a.yaml"
	t_status "the same without the first member: refused" 5
	t_is "nothing is on the blank one" "" "$(blkid -p "$one")"
}

# mkfs cannot: the array goes again, its members are blank as before.
put_back() {
	blank
	array a '1 2' 'mkfs: {agcount: 1000000}'
	run apply -v "$work/a.yaml"
	t_status "mkfs.xfs fails on the array" 3
	t_says "the array is put back" "put back to nothing"
	t_is "it is gone" "" "$(md_of "$one")"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "and its drives are blank again" 0
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"

	# a file system was made: the array stays
	blank
	array a '1 2'
	echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/a.yaml"
	take_port 2049
	run apply -v "$work/a.yaml"
	release_port
	t_status "a later step fails" 3
	t_not "the mount is taken back" findmnt -n /mnt/data
	t_says "the array stays" "what was made of it cannot be put back"
	t_is "with the file system in it" ephemeral "$(blkid -p -o value -s LABEL "$(md_of "$one")")"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "which the next run uses" 0
}

single() {
	blank
	array a '3'
	run apply "$work/a.yaml"
	t_status "an array of one drive" 0
	t_is "is the drive" "$three" "$(findmnt -no SOURCE /mnt/data)"
	run apply "$work/a.yaml"
	t_says "and the same again" "4 ok"
}

# --- one file system each -----------------------------------------------------------------

per_drive() {
	blank
	item each '1 2 3 4' 'label: local' "mount: '/mnt/disks/{serial}'"
	sed -i 's/, serial: \[.*\]//' "$work/each.yaml"
	run apply "$work/each.yaml"
	t_status "one file system on each drive" 0
	for digit in 1 2 3 4; do
		t_is "that of number $digit" "$(drive_by_serial $serial$digit)" \
			"$(findmnt -no SOURCE /mnt/disks/$serial$digit)"
	done
	t_is "each with a UUID of its own" 4 \
		"$(blkid -p -o value -s UUID "$one" "$two" "$three" "$four" | sort -u | wc -l)"
	run apply "$work/each.yaml"
	t_says "a second apply changes nothing" "12 ok"
	umount /mnt/disks/*
	item each '4 2' "mount: '/mnt/disks/disk{index}'" 'label: local'
	run apply "$work/each.yaml"
	t_status "by number, of those selected" 0
	t_is "in the order of serials" "$two $four" \
		"$(findmnt -no SOURCE /mnt/disks/disk0) $(findmnt -no SOURCE /mnt/disks/disk1)"
	umount /mnt/disks/*
	blank
	mkfs.ext4 -q "$two"
	before=$(sectors_written "$one")
	item each '1 2' "mount: '/mnt/disks/{index}'" 'label: local'
	run apply "$work/each.yaml"
	t_status "one of them holds something else: refused" 5
	untouched "the others" "$before" "$one"
}

# --- wiping -------------------------------------------------------------------------------

wiping() {
	blank
	mkfs.ext4 -q "$two"
	before=$(sectors_written "$two")
	item wipe 2 "wipe: {serial: ${serial}2}" 'mount: /mnt/data'
	run apply "$work/wipe.yaml"
	t_status "the profile alone does not permit a wipe" 5
	t_says "and tells what does" "--allow-wipe ${serial}2"
	item plain 2 'mount: /mnt/data'
	run apply --allow-wipe ${serial}2 "$work/plain.yaml"
	t_status "nor does the command line alone" 5
	run apply --allow-wipe ${serial}1 "$work/wipe.yaml"
	t_status "nor for another drive" 5
	untouched "without both" "$before" "$two"
	run audit --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "both together do" 1
	t_says "which an audit tells" "would be wiped and formatted"
	untouched "by an audit" "$before" "$two"
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "it is wiped and formatted" 0
	echo kept >/mnt/data/file
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "what is ours is not wiped again" 0
	t_is "and keeps its files" kept "$(cat /mnt/data/file)"
	sed 's/name: data/name: other/' "$work/wipe.yaml" >"$work/mounted.yaml"
	run apply --allow-wipe ${serial}2 "$work/mounted.yaml"
	t_status "a mounted drive is never wiped" 5
	umount /mnt/data

	# GPT with a partition in use, then not in use
	blank
	printf 'label: gpt\n,,\n' | sfdisk -q --no-reread "$two" 2>/dev/null
	blockdev --rereadpt "$two"
	mkfs.xfs -q -f "${two}p1" 2>/dev/null || mkfs.ext4 -q "${two}p1"
	mkdir -p /mnt/part
	mount "${two}p1" /mnt/part
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "a drive with a partition in use is never wiped" 5
	umount /mnt/part
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "one with partitions that nobody uses is" 0
	t_not "the kernel has forgotten them" test -e "/sys/block/${two##*/}/${two##*/}p1"
	umount /mnt/data
	blank
	head -c 100000 /dev/urandom | dd of="$two" bs=4k seek=100 conv=notrunc status=none
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "and one with data of no known kind" 0
	umount /mnt/data

	# members of a foreign array into one of ours
	blank
	mdadm -q --create /dev/md/other --homehost=any --level=0 --name=other --raid-devices=2 "$one" "$two"
	array a '1 2' "wipe: {serial: [${serial}1, ${serial}2]}"
	run apply --allow-wipe ${serial}1 --allow-wipe ${serial}2 "$work/a.yaml"
	t_status "members of an array that runs are never wiped" 5
	mdadm -q --stop "$(md_of "$one")"
	run apply --allow-wipe ${serial}1 --allow-wipe ${serial}2 "$work/a.yaml"
	t_status "members of one that does not run become an array of ours" 0
}

# --- queues -------------------------------------------------------------------------------

# attributes DEVICE FILE...: what the kernel has of them, of a scheduler the one chosen.
attributes() {
	dir=/sys/block/${1##*/}/queue
	shift
	for file; do
		sed 's/.*\[\(.*\)\].*/\1/' "$dir/$file"
	done | xargs
}

queue_line='queue: {scheduler: mq-deadline, read-ahead: 4MiB, nr-requests: 32, rq-affinity: 2, wbt-lat-usec: 0}'

applied_once() {
	run apply "$work/a.yaml"
	t_status "$1: set with the array" 0
	t_is "$1: the array itself reads ahead" 4096 "$(attributes "$(md_of "$2")" read_ahead_kb)"
	run apply "$work/a.yaml"
	t_says "$1: a second apply changes nothing" "hosttune: applied: 5 ok"
}

queues() {
	blank
	modprobe mq-deadline
	array a '1 2' "$queue_line"
	applied_once queue "$one"
	for drive in "$one" "$two"; do
		t_is "queue: of the member ${drive##*/}" "mq-deadline 4096 32 2 0" \
			"$(attributes "$drive" scheduler read_ahead_kb nr_requests rq_affinity wbt_lat_usec)"
	done
	echo none >"/sys/block/${two##*/}/queue/scheduler"
	run audit "$work/a.yaml"
	t_says "queue: one member differs" "${two##*/} scheduler is none, wanted mq-deadline"
}

# Native NVMe multipath: a drive's requests are queued at its hidden path.
paths() {
	blank
	first=$(instance_store_drive AWS3 "$three")
	second=$(instance_store_drive AWS4 "$four")
	array a '' "$queue_line"
	sed -i 's/disks: .*/disks: {serial: [AWS3, AWS4]}/' "$work/a.yaml"
	set -- /sys/block/nvme*c*n*
	t_is "paths: one of each drive" 2 $#
	for path; do
		echo none >"$path/queue/scheduler"
	done
	applied_once paths "$first"
	for path; do
		t_is "paths: ${path##*/}" "mq-deadline 32 2 0" \
			"$(attributes "$path" scheduler nr_requests rq_affinity wbt_lat_usec)"
	done
	t_is "paths: the drives above them read ahead" "4096 4096" \
		"$(attributes "$first" read_ahead_kb) $(attributes "$second" read_ahead_kb)"
}

make_array
assemble
missing_member
foreign
bottlerocket
cut_short
put_back
single
per_drive
wiping
queues
paths
t_not "the kernel calls nothing experimental" sh -c 'dmesg | grep -i "experimental.*use at"'
t_done
