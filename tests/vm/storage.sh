#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Drives and mounts on a real kernel: every mount option, remounting, roll-back, and each
# state in which hosttune must not use a drive or a mount point.
#
# usage: tests/vm/run -d 4 -s 320M -- tests/vm/storage.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
three=$(drive_by_serial AWS00000000000000003)
four=$(drive_by_serial AWS00000000000000004)

run() {
	t_run "$hosttune" "$@"
}

# item SERIAL-DIGIT MOUNT [LINE...]: write a profile with one storage item.
item() {
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: AWS0000000000000000$1}"
		echo "    mount: $2"
		shift 2
		for line; do echo "    $line"; done
	} >"$work/item.yaml"
}

untouched() {
	t_is "$1: the drive is not written to" 0 "$(sectors_written "$2")"
}

# --- a kernel without what it takes ---------------------------------------------------------

# The plan says so, and nothing is written: neither the drive nor what comes before it.
lacks() {
	run audit "$work/lacks.yaml"
	t_status "$1: audit" 3
	t_says "$1: the reason" "$2"
	run apply "$work/lacks.yaml"
	t_status "$1: apply" 3
	t_is "$1: no sysctl is set" 60 "$(cat /proc/sys/vm/swappiness)"
	untouched "$1" "$one"
	untouched "$1" "$two"
}

no_kernel_part() {
	if grep -q xfs /proc/filesystems; then
		t_skip "a kernel without XFS" "it is built in"
		return
	fi
	sysctl -qw vm.swappiness=60
	item 1 /mnt/data
	cp "$work/item.yaml" "$work/lacks.yaml"
	echo 'sysctl: {vm.swappiness: 21}' >>"$work/lacks.yaml"
	echo 'install xfs /bin/false' >/etc/modprobe.d/lacks.conf
	lacks "XFS is disabled" "modprobe.d disables the module xfs"
	# by its name it can be loaded, but the kernel asks for its alias
	echo 'blacklist xfs' >/etc/modprobe.d/lacks.conf
	run apply "$work/lacks.yaml"
	t_status "XFS is blacklisted: apply" 3
	t_says "XFS is blacklisted: the reason" "the kernel does not load XFS"
	t_is "XFS is blacklisted: the sysctl is rolled back" 60 "$(cat /proc/sys/vm/swappiness)"
	untouched "XFS is blacklisted" "$one"
	rm /etc/modprobe.d/lacks.conf
	# depmod over all modules would take minutes here
	modules=/lib/modules/$(uname -r)
	mkdir -p "$work$modules" "$work/none"
	cp "$modules"/modules.builtin* "$modules/modules.order" "$(modinfo -n loop)" "$work$modules"
	depmod -b "$work" "$(uname -r)"
	mount --bind "$work$modules" "$modules"
	lacks "no module for XFS" "this kernel has no XFS: there is no module xfs"
	umount "$modules"
	mount --bind "$work/none" "$modules"
	lacks "no modules at all" "it is unknown whether this kernel has XFS"
	umount "$modules"
	cat >"$work/lacks.yaml" <<-END
		version: 1
		sysctl: {vm.swappiness: 21}
		storage:
		  - name: data
		    disks: {model: QEMU NVMe Ctrl, serial: [AWS00000000000000001, AWS00000000000000002]}
		    array: raid0
		    mount: /mnt/data
	END
	echo 'install raid0 /bin/false' >/etc/modprobe.d/lacks.conf
	lacks "RAID 0 is disabled" "modprobe.d disables the module raid0"
	echo 'install xfs /bin/false' >/etc/modprobe.d/lacks.conf
	lacks "an array for XFS, which is disabled" "modprobe.d disables the module xfs"
	rm /etc/modprobe.d/lacks.conf
	run audit "$work/lacks.yaml"
	t_status "with its modules, it can: audit" 1
	# not the real one, which stays
	echo 1 >"$work/disabled"
	mount --bind "$work/disabled" /proc/sys/kernel/modules_disabled
	lacks "modules may not be loaded" "kernel.modules_disabled forbids"
	umount /proc/sys/kernel/modules_disabled
}

# --- formatting and mounting --------------------------------------------------------------

format() {
	item 1 /mnt/data 'label: ephemeral' 'mkfs: {agcount: 2, inode-size: 1024, reflink: false}' \
		'options: [noatime, nodiratime, logbsize=256k]'
	cp "$work/item.yaml" "$work/more.yaml"
	echo 'sysctl: {vm.swappiness: 21, vm.dirty_ratio: 31}' >>"$work/more.yaml"
	echo 'waive: [{resource: sysctl vm.dirty_ratio, reason: agreed, until: 2999-12-31}]' >>"$work/more.yaml"
	sysctl -qw vm.swappiness=60 vm.dirty_ratio=20
	run apply --skip storage "$work/more.yaml"
	t_status "all but storage" 0
	t_is "a waived value is not written" "21 20" \
		"$(cat /proc/sys/vm/swappiness) $(cat /proc/sys/vm/dirty_ratio)"
	untouched "--skip storage" "$one"
	sysctl -qw vm.swappiness=60
	run apply --only mount:data "$work/more.yaml"
	t_status "a blank drive is formatted and mounted" 0
	t_is "what is not selected is not written" 60 "$(cat /proc/sys/vm/swappiness)"
	info=$(xfs_info /mnt/data)
	for word in isize=1024 agcount=2 reflink=0; do
		case $info in
		*"$word"*) t_pass "mkfs option $word" ;;
		*) t_fail "mkfs option $word" "$info" ;;
		esac
	done
	t_not "the kernel does not call a feature experimental" sh -c 'dmesg | grep -i experimental'
	run apply "$work/item.yaml"
	t_status "a second apply finds it mounted" 0
	t_says "a second apply changes nothing" "all 3 in sync"
}

# The kernel accepts each option, and shows it as the table in mount_option.c says.
options() {
	for list in 'ro, nosuid, nodev, noexec, nosymfollow, noatime, nodiratime' \
		'rw, suid, dev, exec, symfollow, relatime, diratime, async, nolazytime, defaults' \
		'atime, sync, dirsync, lazytime, nodiscard, nogrpid, nolargeio, noquota' \
		'allocsize=1m, filestreams, grpid, inode32, largeio, logbsize=64k, logbufs=4' \
		'discard, inode64, nouuid, noalign, swalloc, wsync, logbsize=262144' \
		'usrquota, grpquota, prjquota' 'uquota, gquota, pquota' \
		'uqnoenforce, gqnoenforce, pqnoenforce'; do
		umount /mnt/data
		item 1 /mnt/data 'label: ephemeral' "options: [$list]"
		run apply "$work/item.yaml"
		t_status "options $list" 0
	done
	umount /mnt/data
}

remount() {
	mkdir -p /mnt/data
	mount -o nosuid "$one" /mnt/data
	item 1 /mnt/data 'label: ephemeral' 'options: [noatime, nodev]'
	run audit "$work/item.yaml"
	t_status "other flags are drift" 1
	run apply "$work/item.yaml"
	t_status "flags are changed without a new mount" 0
	t_is "flags that the profile does not name stay" rw,nosuid,nodev,noatime \
		"$(findmnt -no VFS-OPTIONS /mnt/data)"
	item 1 /mnt/data 'label: ephemeral' 'options: [logbsize=256k]'
	run apply "$work/item.yaml"
	t_status "an option of the file system needs a new mount" 3
	t_says "the need for a new mount is reported" "only on a new mount"
	unshare -m --propagation private "$hosttune" audit "$work/item.yaml" >"$t_out" 2>&1
	t_says "other mounts of it are reported" "a container cannot change"
	umount /mnt/data
}

# A server that cannot listen fails after the mount.
put_back() {
	item 1 /mnt/data 'label: ephemeral' 'options: [noatime]'
	echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/item.yaml"
	take_port 2049
	run apply "$work/item.yaml"
	t_status "a later step fails" 3
	t_not "the mount is rolled back" findmnt -n /mnt/data
	t_ok "the mount point stays" test -d /mnt/data
	t_is "the file system stays" ephemeral "$(blkid -p -o value -s LABEL "$one")"
	mount "$one" /mnt/data
	run apply "$work/item.yaml"
	t_says "only the server fails" "Address already in use"
	t_is "flags are rolled back" rw,relatime "$(findmnt -no VFS-OPTIONS /mnt/data)"
	release_port
	umount /mnt/data
}

# --- mount points ---------------------------------------------------------------------------

targets() {
	mkdir -p /mnt/used /mnt/file.d /srv/ro
	mount -t tmpfs used /mnt/used
	item 2 /mnt/used
	run apply "$work/item.yaml"
	t_status "something else is mounted there" 5
	t_says "the foreign mount is reported" "used (tmpfs) is mounted there"

	ln -sfn /mnt/used /mnt/link
	item 2 /mnt/link/x
	run apply "$work/item.yaml"
	t_status "the mount point is behind a link" 5
	: >/mnt/file
	item 2 /mnt/file
	run apply "$work/item.yaml"
	t_status "the mount point is a file" 5

	mount -t tmpfs -o ro ro /srv/ro
	item 2 /srv/ro/data
	run apply "$work/item.yaml"
	t_status "the mount point cannot be created" 3
	t_says "the reason is reported" "Read-only file system"

	item 2 /mnt/new
	unshare -m --propagation private "$hosttune" apply "$work/item.yaml" >"$t_out" 2>&1
	t_is "a mount that the host would not see is refused" 5 $?
	t_not "its mount point is not created" test -e /mnt/new
	untouched "mount points" "$two"

	mount "$one" /mnt/data
	item 1 /mnt/other 'label: ephemeral'
	run apply "$work/item.yaml"
	t_status "the drive is mounted elsewhere" 5
	t_says "the place is reported" "is mounted at /mnt/data"
	umount /mnt/data /mnt/used
}

# --- drives ---------------------------------------------------------------------------------

not_root() {
	item 2 /mnt/new
	chmod -R a+rX "$work"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$hosttune" audit "$work/item.yaml" \
		>"$t_out" 2>&1
	t_is "not root: the drive cannot be probed" 3 $?
	t_says "not root: the remedy is reported" "run as root"
}

# Another program holds the drive, and its content does not show it.
held() {
	item 2 /mnt/new
	modprobe dm-mod
	dmsetup create held --table "0 100000 linear $two 0"
	run apply "$work/item.yaml"
	t_status "a drive below device-mapper is refused" 5
	t_says "the holder is named" "is part of dm-"
	dmsetup remove --retry held
	untouched "device-mapper" "$two"

	# mounted in another namespace, so in no table: first with our label, then blank on disk
	mkfs.xfs -q -L data "$three"
	mkdir -p "$work/hidden"
	unshare -m --propagation private sh -c "mount -o ro,norecovery $three $work/hidden && sleep 30" &
	sleep 2
	item 3 /mnt/new
	sed -i 's/serial: \(.*\)3}/serial: [\12, \13], count: 1}/' "$work/item.yaml"
	run apply "$work/item.yaml"
	t_status "no other drive replaces ours, which another namespace has mounted" 5
	untouched "the other drive" "$two"
	blkdiscard -fz "$three" 2>/dev/null
	before=$(sectors_written "$three")
	item 3 /mnt/new
	run apply "$work/item.yaml"
	t_status "a drive that another namespace has mounted is refused" 5
	t_says "the reason is reported" "is held by another program or mount namespace"
	t_is "it is not written to" "$before" "$(sectors_written "$three")"
	wait

	item 2 /mnt/new
	flock -x "$two" sleep 20 &
	sleep 1
	run apply "$work/item.yaml"
	t_status "a drive that is locked is refused" 5
	t_says "the reason is reported" "is locked by another program (DiskLocked)"
	untouched "locked" "$two"
	wait

	blockdev --setro "$two"
	run apply "$work/item.yaml"
	t_status "a read-only drive is refused" 5
	blockdev --setrw "$two"
}

content() {
	item 4 /mnt/new
	mkswap -q "$four"
	run apply "$work/item.yaml"
	t_status "swap space is refused" 5
	swapon "$four"
	run apply "$work/item.yaml"
	t_status "swap space in use is refused" 5
	swapoff "$four"
	wipefs -qa "$four"
	run apply "$work/item.yaml"
	t_status "a drive after wipefs is refused" 5
	t_says "the reason is unknown data" "data of an unknown kind"
	blkdiscard -fz "$four" 2>/dev/null

	modprobe raid0
	mdadm -q --create /dev/md9 --run --force -l 0 -n 1 "$four"
	run apply "$work/item.yaml"
	t_status "a member of an array is refused" 5
	mdadm -q --stop /dev/md9
	run apply "$work/item.yaml"
	t_status "a member of a stopped array is refused" 5
	t_says "the signature is reported" "linux_raid_member"
	blkdiscard -fz "$four" 2>/dev/null

	# an empty partition that the kernel lists
	printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\020\0\0' | dd of="$four" bs=1 seek=446 conv=notrunc status=none
	printf '\125\252' | dd of="$four" bs=1 seek=510 conv=notrunc status=none
	blockdev --rereadpt "$four"
	run apply "$work/item.yaml"
	t_status "a drive with partitions is refused" 5
	t_says "the partitions are reported" "has partitions (${four#/dev/}p1)"
	blkdiscard -fz "$four" 2>/dev/null
	blockdev --rereadpt "$four"
	run audit "$work/item.yaml"
	t_status "blkdiscard makes it blank again" 1
}

# bad_table [SECTOR COUNT]: the drive BAD1 is $four, but for read errors there.
bad_table() {
	all=$(blockdev --getsz "$four")
	end=$((${1:-0} + ${2:-0}))
	{
		[ "${1:-0}" = 0 ] || echo "0 $1 linear $four 0"
		[ $# = 0 ] || echo "$1 $2 error"
		[ $end = "$all" ] || echo "$end $((all - end)) linear $four $end"
	} >"$work/table"
	dmsetup info bad >/dev/null 2>&1 || {
		dmsetup create bad "$work/table"
		return
	}
	dmsetup load bad "$work/table"
	dmsetup suspend bad
	dmsetup resume bad
}

# unreadable NAME SECTOR COUNT: nothing is written to a drive with read errors there.
unreadable() {
	bad_table "$2" "$3"
	blockdev --flushbufs "$bad"
	before=$(sectors_written "$four")
	run apply --allow-wipe BAD1 "$work/bad.yaml"
	t_status "read error in $1: refused" 5
	t_says "read error in $1: it is reported" "(DiskUnreadable)"
	t_is "read error in $1: nothing is written" "$before" "$(sectors_written "$four")"
	bad_table
	blockdev --flushbufs "$bad"
}

read_errors() {
	modprobe dm-mod
	blkdiscard -fz "$four" 2>/dev/null
	bad_table
	# without udev there is no /dev/mapper/bad
	bad=$(instance_store_drive BAD1 "/dev/$(dmsetup info -c --noheadings -o blkdevname bad)")
	{
		echo 'version: 1'
		echo 'storage: [{name: data, label: ephemeral, mount: /mnt/bad, wipe: {serial: BAD1}}]'
	} >"$work/bad.yaml"
	unreadable "the first sector of a blank drive" 0 8
	unreadable "the last sector of a blank drive" $(($(blockdev --getsz "$four") - 8)) 8
	unreadable "the middle of a blank drive" 204800 102400
	mkfs.xfs -q -L ephemeral "$bad"
	unreadable "the header of our file system" 0 8
	unreadable "the whole of our file system" 0 "$(blockdev --getsz "$four")"
	mkfs.xfs -q -f -L other "$bad"
	unreadable "the header of another file system" 0 8
	aws_drive_remove BAD1
	dmsetup remove --retry bad
	blkdiscard -fz "$four" 2>/dev/null
}

# Two namespaces of one controller have one serial.
namespaces() {
	sub=/sys/kernel/config/nvmet/subsystems/nqn.2014-08.org.hosttune:TWIN1
	truncate -s 320M /run/ns1 /run/ns2
	instance_store_drive TWIN1 /run/ns1 >/dev/null
	mkdir "$sub/namespaces/2"
	echo /run/ns2 >"$sub/namespaces/2/device_path"
	echo 1 >"$sub/namespaces/2/buffered_io"
	echo 1 >"$sub/namespaces/2/enable"
	for _ in $(seq 50); do
		[ "$(cat /sys/block/nvme*/device/serial | grep -c TWIN1)" -ge 2 ] && break
		sleep 0.2
	done
	{
		echo 'version: 1'
		echo 'storage: [{name: data, label: ephemeral, disks: {serial: TWIN1}, mount: /mnt/twin}]'
	} >"$work/twin.yaml"
	run audit "$work/twin.yaml"
	t_status "two namespaces have the serial" 2
	t_says "both are named" "TWIN1-n2"
	sed 's|/mnt/twin|"/mnt/twin/{serial}"|' "$work/twin.yaml" >"$work/each.yaml"
	run apply "$work/each.yaml"
	t_status "a file system on each namespace" 0
	t_ok "the first keeps the serial as its name" findmnt -n /mnt/twin/TWIN1
	t_ok "the second has its number" findmnt -n /mnt/twin/TWIN1-n2
	run apply "$work/each.yaml"
	t_says "a second apply changes nothing" "all 6 in sync"
	umount /mnt/twin/TWIN1 /mnt/twin/TWIN1-n2
	sed 's/serial: TWIN1/serial: TWIN1-n2/' "$work/twin.yaml" >"$work/one.yaml"
	run apply "$work/one.yaml"
	t_status "one namespace by its name" 0
	umount /mnt/twin
	rm -f "$sub/../../ports/1/subsystems/nqn.2014-08.org.hosttune:TWIN1"
}

missing() {
	item 9 /mnt/new
	run apply "$work/item.yaml"
	t_status "no drive matches" 0
	t_says "it is a warning" "NOT APPLICABLE storage data no matching drive: model \"QEMU NVMe Ctrl\", serial AWS00000000000000009; this node has nvme"
	item 9 /mnt/new 'required: true'
	run apply "$work/item.yaml"
	t_status "no drive matches, and it is required" 3
}

several() {
	sed '/serial/s/, serial:.*}/}/' "$work/item.yaml" >"$work/several.yaml"
	run apply "$work/several.yaml"
	t_status "several drives match" 2
	sed 's/QEMU NVMe Ctrl/QEMU NVMe Ctrl, count: 1/' "$work/several.yaml" >"$work/count.yaml"
	run apply "$work/count.yaml"
	t_status "count: 1 takes the first by serial" 0
	t_is "the first drive is used" "$two" "$(findmnt -no SOURCE /mnt/new)"
	run apply "$work/count.yaml"
	t_status "a second apply finds the same" 0
	run audit "$work/several.yaml"
	t_status "without count the choice is still ambiguous" 2
	umount /mnt/new
	mkfs.xfs -q -L data "$four"
	run apply "$work/count.yaml"
	t_status "two drives with the configured label" 2
}

no_kernel_part
modprobe xfs
format
options
remount
put_back
targets
not_root
held
content
missing
read_errors
several
namespaces
t_done
