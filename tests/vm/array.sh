#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Several drives on a real kernel: one array of all, one file system on each, wiping.
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

# item FILE DIGITS LINE...: write a profile with one item that selects the drives with
# these serials.
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

# Unmount, stop and erase everything on the drives.
blank() {
	umount -q /mnt/data /mnt/disks/* 2>/dev/null
	for md in /sys/block/md*; do
		[ ! -d "$md" ] || mdadm -q --stop "/dev/${md##*/}" 2>/dev/null
	done
	for drive in "$one" "$two" "$three" "$four"; do
		blkdiscard -fz "$drive" 2>/dev/null
	done
}

# Print the md device of a drive, or nothing.
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
	run audit -v "$work/a.yaml"
	t_status "four blank drives would become an array" 1
	t_says "each drive is named" "${serial}4 would become one array"
	run apply "$work/a.yaml"
	t_status "an array of four, formatted and mounted" 0
	md=$(md_of "$one")
	t_is "the array has all four drives" "0 256" "$(cat "/sys/block/${md##*/}/md/degraded" 2>/dev/null || echo 0) $(
		mdadm --detail "$md" | sed -n 's/.*Chunk Size : \([0-9]*\)K/\1/p')"
	t_is "the array is named as Bottlerocket names its arrays" any:ephemeral \
		"$(mdadm --detail --export "$md" | sed -n 's/^MD_NAME=//p')"
	t_ok "the array has the usual link" test "$(readlink -f /dev/md/ephemeral)" = "$md"
	t_ok "XFS uses the stripes of the array" sh -c 'xfs_info /mnt/data | grep -q "sunit=64 *swidth=256"'
	t_ok "XFS uses the longest log stripe" sh -c 'xfs_info /mnt/data | grep -q "log .*" && xfs_info /mnt/data | grep -A1 "^log" | grep -q sunit=64'
	t_is "the array is mounted" "$md" "$(findmnt -no SOURCE /mnt/data)"
	echo kept >/mnt/data/file
	uuid=$(blkid -p -o value -s UUID "$md")
	run apply "$work/a.yaml"
	t_status "a second apply succeeds" 0
	t_says "a second apply finds everything in sync" "all 4 in sync"
}

# Print how many arrays have no members.
memberless() {
	count=0
	for array in /sys/block/md*/md; do
		! [ -d "$array" ] || ls -d "$array"/dev-* >/dev/null 2>&1 || count=$((count + 1))
	done
	echo $count
}

# Leave what two killed mdadm leave: arrays without members. The number of calls that mdadm
# makes before it adds a member varies from run to run: repeat until it fits.
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
	run audit -v "$work/a.yaml"
	t_status "an array that was stopped is drift" 1
	t_says "it is not a refusal" "the array is not assembled"
	run apply "$work/a.yaml"
	t_status "apply assembles the array" 0
	md=$(md_of "$one")
	t_is "the file system is the same" "$uuid" "$(blkid -p -o value -s UUID "$md")"
	t_is "its files are kept" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$md"
	# udev adds members one by one: the last one is still missing
	mdadm -q --incremental "$one" >/dev/null 2>&1
	mdadm -q --incremental "$two" >/dev/null 2>&1
	run apply "$work/a.yaml"
	t_status "apply completes a partly assembled array" 0
	t_is "the files of the partly assembled array are kept" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	leave_memberless
	run apply "$work/a.yaml"
	t_status "apply assembles the array next to arrays without members" 0
	t_is "the files are kept next to arrays without members" kept "$(cat /mnt/data/file)"
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"
	# under a node whose name says nothing about the array
	mdadm -q --assemble /dev/md77 "$one" "$two" "$three" "$four"
	run apply "$work/a.yaml"
	t_status "the array is identified by its members, not by its node" 0
	t_is "its node is another one" /dev/md77 "$(findmnt -no SOURCE /mnt/data)"
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
		t_says "the number of drives is reported" "has 4 drives, and 3 of them are present: "
		t_says "a member that is present is named" "${serial}2 (number 1)"
		t_says "the drive that is not a member is named" "not members: "
		t_is "the members have their own reason" DiskIncomplete "$(reason_of a "$two")"
		untouched "the blank one" "$before" "$gone"
		dd if="$work/saved" of="$gone" bs=1M conv=notrunc status=none
	done
	array fewer '1 2 3'
	run apply "$work/fewer.yaml"
	t_status "an array that has more members than are selected: refused" 5
	t_says "the number of drives is reported" "has 4 drives, and 3 of them are present: "
	array single '2'
	run apply "$work/single.yaml"
	t_status "an array of two is refused for one drive alone" 5
}

foreign() {
	blank
	mdadm -q --create /dev/md/other --homehost=any --level=0 --chunk=256 --name=other \
		--raid-devices=2 "$one" "$two"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "an array of another name: refused" 5
	t_is "an array of another name that runs: reason" DiskHeld "$(reason_of a "$one")"
	mdadm -q --stop "$(md_of "$one")"
	run apply "$work/a.yaml"
	t_status "an array of another name that is stopped: refused" 5
	t_is "an array of another name that is stopped: reason" DiskMember "$(reason_of a "$one")"
	blank
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=1 --name=ephemeral --run \
		--metadata=1.2 --raid-devices=2 --assume-clean "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	run apply "$work/a.yaml"
	t_status "the configured name, another level: refused" 5
	blank
	mkfs.xfs -q -f -L ephemeral "$one"
	run apply "$work/a.yaml"
	t_status "the configured file system on one drive of two: refused" 5
	blank
	array count '1 2 3' 'required: true'
	sed -i 's/disks: {/disks: {count: 2, /' "$work/count.yaml"
	run apply "$work/count.yaml"
	t_status "fewer drives than count" 3
	t_says "the difference to count is reported" "3 drives match, but count is 2"
	for drive in "$one" "$two" "$three"; do
		t_is "$drive is still blank" "" "$(blkid -p "$drive")"
	done
}

# Bottlerocket's own call. It has no --run, which mdadm needs only at a terminal.
bottlerocket() {
	blank
	mdadm -q --create --force --verbose --homehost=any /dev/md/ephemeral --level=0 \
		--chunk=256 --name=ephemeral --raid-devices=2 "$one" "$two" >/dev/null 2>&1
	mkfs.xfs -q "$(md_of "$one")" -L ephemeral
	uuid=$(blkid -p -o value -s UUID "$(md_of "$one")")
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "an array that Bottlerocket made is used" 0
	t_says "only the mount is changed" "applied: 1 of"
	t_is "its file system is the same" "$uuid" "$(blkid -p -o value -s UUID "$(md_of "$one")")"
}

# --- cut short ----------------------------------------------------------------------------

cut_short() {
	blank
	array a '1 2'
	# interrupted between mdadm and mkfs
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	run apply "$work/a.yaml"
	t_status "an array that was left unformatted" 0
	t_ok "the array that was left unformatted is mounted" findmnt -n /mnt/data

	# interrupted while mdadm writes the superblocks
	umount /mnt/data
	blank
	mdadm -q --create /dev/md/ephemeral --homehost=any --level=0 --chunk=256 \
		--name=ephemeral --metadata=1.2 --raid-devices=2 "$one" "$two"
	mdadm -q --stop "$(md_of "$one")"
	blkdiscard -fz "$two" 2>/dev/null
	run audit -v "$work/a.yaml"
	t_status "an array whose creation was interrupted" 1
	t_says "it is recognized as cut short" "was interrupted"
	run apply "$work/a.yaml"
	t_status "apply creates it again" 0
	t_ok "it is mounted" findmnt -n /mnt/data

	# the same, but udev already holds the only member
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
	t_status "apply creates it again although udev holds the one member" 0

	# data behind the superblock: the array was in use, and a drive was replaced
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
	t_is "the blank drive stays blank" "" "$(blkid -p "$one")"
}

# No file system can be made: seen before the array is created.
no_mkfs() {
	blank
	array a '1 2'
	tool=$(command -v mkfs.xfs)
	mv "$tool" "$tool.hidden"
	run apply "$work/a.yaml"
	t_status "no mkfs.xfs: apply" 3
	t_says "no mkfs.xfs: the reason" "mkfs.xfs"
	t_says "no mkfs.xfs: the remedy" "install xfsprogs"
	t_is "no mkfs.xfs: no array" "" "$(md_of "$one")"
	t_is "no mkfs.xfs: the drives stay blank" "" "$(blkid -p "$one" "$two")"
	run audit "$work/a.yaml"
	t_status "no mkfs.xfs: audit" 3
	mv "$tool.hidden" "$tool"
}

# mkfs fails: the array is removed, and its members are blank again.
put_back() {
	blank
	array a '1 2' 'mkfs: {agcount: 1000000}'
	run apply -v "$work/a.yaml"
	t_status "mkfs.xfs fails on the array" 3
	t_says "the array is rolled back" "rolled back to nothing"
	t_is "the array is gone" "" "$(md_of "$one")"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "its drives are blank again" 0
	umount /mnt/data
	mdadm -q --stop "$(md_of "$one")"

	# a file system exists: the array stays
	blank
	array a '1 2'
	echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/a.yaml"
	take_port 2049
	run apply -v "$work/a.yaml"
	release_port
	t_status "a later step fails" 3
	t_not "the mount is rolled back" findmnt -n /mnt/data
	t_says "the array stays" "its dependents cannot be rolled back"
	t_is "the file system in it stays" ephemeral "$(blkid -p -o value -s LABEL "$(md_of "$one")")"
	array a '1 2'
	run apply "$work/a.yaml"
	t_status "the next run uses the array" 0
}

single() {
	blank
	array a '3'
	run apply "$work/a.yaml"
	t_status "an array of one drive" 0
	t_is "the file system is on the drive itself" "$three" "$(findmnt -no SOURCE /mnt/data)"
	run apply "$work/a.yaml"
	t_says "a second apply finds the same" "all 4 in sync"
}

# --- one file system each -----------------------------------------------------------------

per_drive() {
	blank
	item each '1 2 3 4' 'label: local' "mount: '/mnt/disks/{serial}'"
	sed -i 's/, serial: \[.*\]//' "$work/each.yaml"
	run apply "$work/each.yaml"
	t_status "one file system on each drive" 0
	for digit in 1 2 3 4; do
		t_is "the file system of drive $digit" "$(drive_by_serial $serial$digit)" \
			"$(findmnt -no SOURCE /mnt/disks/$serial$digit)"
	done
	t_is "each file system has its own UUID" 4 \
		"$(blkid -p -o value -s UUID "$one" "$two" "$three" "$four" | sort -u | wc -l)"
	run apply "$work/each.yaml"
	t_says "a second apply changes nothing" "all 12 in sync"
	umount /mnt/disks/*
	item each '4 2' "mount: '/mnt/disks/disk{index}'" 'label: local'
	run apply "$work/each.yaml"
	t_status "by number of the selected drives" 0
	t_is "numbers follow the order of serials" "$two $four" \
		"$(findmnt -no SOURCE /mnt/disks/disk0) $(findmnt -no SOURCE /mnt/disks/disk1)"
	umount /mnt/disks/*
	blank
	mkfs.ext4 -q "$two"
	before=$(sectors_written "$one")
	item each '1 2' "mount: '/mnt/disks/{index}'" 'label: local'
	run apply "$work/each.yaml"
	t_status "one drive holds foreign data: refused" 5
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
	t_says "the option that permits it is named" "--allow-wipe ${serial}2"
	item plain 2 'mount: /mnt/data'
	run apply --allow-wipe ${serial}2 "$work/plain.yaml"
	t_status "the command line alone does not permit a wipe" 5
	run apply --allow-wipe ${serial}1 "$work/wipe.yaml"
	t_status "permission for another drive does not permit a wipe" 5
	untouched "without both" "$before" "$two"
	run audit -v --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "profile and command line together permit a wipe" 1
	t_says "an audit reports the wipe" "would be wiped and formatted"
	untouched "by an audit" "$before" "$two"
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "the drive is wiped and formatted" 0
	echo kept >/mnt/data/file
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "a drive with the configured file system is not wiped again" 0
	t_is "it keeps its files" kept "$(cat /mnt/data/file)"
	sed 's/name: data/name: other/' "$work/wipe.yaml" >"$work/mounted.yaml"
	run apply --allow-wipe ${serial}2 "$work/mounted.yaml"
	t_status "a mounted drive is never wiped" 5
	umount /mnt/data

	# GPT with a partition that is mounted, then unmounted
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
	t_status "a drive with unused partitions is wiped" 0
	t_not "the kernel no longer lists the partitions" test -e "/sys/block/${two##*/}/${two##*/}p1"
	umount /mnt/data
	blank
	head -c 100000 /dev/urandom | dd of="$two" bs=4k seek=100 conv=notrunc status=none
	run apply --allow-wipe ${serial}2 "$work/wipe.yaml"
	t_status "a drive with data of an unknown format is wiped" 0
	umount /mnt/data

	# members of a foreign array become members of the configured array
	blank
	mdadm -q --create /dev/md/other --homehost=any --level=0 --name=other --raid-devices=2 "$one" "$two"
	array a '1 2' "wipe: {serial: [${serial}1, ${serial}2]}"
	run apply --allow-wipe ${serial}1 --allow-wipe ${serial}2 "$work/a.yaml"
	t_status "members of an array that runs are never wiped" 5
	mdadm -q --stop "$(md_of "$one")"
	run apply --allow-wipe ${serial}1 --allow-wipe ${serial}2 "$work/a.yaml"
	t_status "members of a stopped array become a new array" 0
}

# --- queues -------------------------------------------------------------------------------

# attributes DEVICE FILE...: print the kernel's values; of a scheduler, the selected one.
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
	t_says "$1: a second apply changes nothing" "applied: all 5 in sync"
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
	run audit -v "$work/a.yaml"
	t_says "queue: one member differs" "${two##*/} scheduler is none, should be mq-deadline"
}

# With native NVMe multipath, a drive's requests are queued at its hidden path device.
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
no_mkfs
put_back
single
per_drive
wiping
queues
paths
t_not "the kernel calls nothing experimental" sh -c 'dmesg | grep -i "experimental.*use at"'
t_done
