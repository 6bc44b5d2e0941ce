# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One fault, and its log in the forms that people attach: dmesg's, and the journal's.

work=/mnt/stage
mkdir -p $work
one=$(drive_by_serial AWS00000000000000001)

# form NAME COMMAND...: its output is a sample.
form() {
	sample=xfs-shutdown-$1-${line:?}
	shift
	"$@" >"/out/$sample.txt"
	echo "Linux $(uname -r) in QEMU, tests/vm/stage/formats.sh: XFS on a device that fails each request; $*" \
		>"/out/$sample.origin"
}

what forms "XFS on a device that fails each request, recorded in several forms" "Filesystem\|filesystem"
stage_forms() {
	dmsetup create bad --table "0 $(blockdev --getsz "$one") linear $one 0"
	dmsetup mknodes bad
	mkfs.xfs -q -f /dev/mapper/bad
	mount /dev/mapper/bad $work
	dmsetup suspend --noflush --nolockfs bad
	echo "0 $(blockdev --getsz "$one") error" | dmsetup load bad
	dmsetup resume bad
	cp -r cmd $work
	sync
	sleep 4
	umount $work
	form dmesg dmesg
	form dmesg-color dmesg --color=always
	form dmesg-wall dmesg -T
	form dmesg-iso dmesg --time-format=iso -x
	form dmesg-raw dmesg -r
	form dmesg-json dmesg -J
	mkdir -p /run/log/journal /run/systemd/journal
	echo 0123456789abcdef0123456789abcdef >/etc/machine-id
	mkdir -p /run/log/journal/0123456789abcdef0123456789abcdef
	/lib/systemd/systemd-journald &
	journald=$!
	sleep 5
	journalctl --sync
	form export journalctl -D /run/log/journal -k -n 100 -o export
	form json journalctl -D /run/log/journal -k -n 100 -o json
	form journal-iso journalctl -D /run/log/journal -k -n 100 -o short-iso-precise
	kill $journald
}
