#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A mkfs.xfs newer than the kernel, which by default makes what this kernel cannot mount
# (6.1) or calls experimental (6.12): as the host's, as Bottlerocket's, as the image's.
#
# usage: tests/vm/fetch-mkfs && tests/vm/run -d 6 -s 320M -- tests/vm/mkfs.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
newer=$(readlink -f "${HOSTTUNE_B:-build}/vm/mkfs")
work=$(mktemp -d)
rootfs=/run/rootfs
modprobe xfs
[ -e "$newer/mkfs.xfs" ] || fail "$newer: no mkfs.xfs there: run tests/vm/fetch-mkfs"

case $(uname -r) in
6.1.*) nrext64=0 ;;
*) nrext64=1 ;;
esac

run() {
	t_run "$hosttune" "$@"
}

drive() {
	drive_by_serial "AWS0000000000000000$1"
}

# item SERIAL-DIGIT [LINE...]: a profile with one storage item, mounted at /mnt/data.
item() {
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: AWS0000000000000000$1}"
		echo "    mount: /mnt/data"
		shift
		for line; do echo "    $line"; done
	} >"$work/item.yaml"
}

# newer_mkfs FILE DIR [ARG...]: make FILE a mkfs.xfs that is the newer one in DIR, with
# ARG before what it is given. It takes a while where /run/slow is.
newer_mkfs() {
	rm -f "$1"
	cat >"$1" <<-END
		#!/bin/sh
		[ "\$1" = -V ] || [ ! -e /run/slow ] || sleep 5
		exec $2/ld-linux-x86-64.so.2 --library-path $2 $2/mkfs.xfs $(shift 2 && echo "$*") "\$@"
	END
	chmod 755 "$1"
}

# has NAME WORD...: passes if the file system at /mnt/data has each, such as reflink=0.
has() {
	_what=$1
	shift
	_info=$(xfs_info /mnt/data)
	for word; do
		case " $(echo "$_info" | xargs | tr ',' ' ') " in
		*" $word "*) t_pass "$_what: $word" ;;
		*) t_fail "$_what: $word" "$_info" ;;
		esac
	done
}

# What the newer one does by itself: if that could be mounted, this would test nothing.
control() {
	mkfs.xfs -q "$(drive 4)"
	dmesg -C
	mkdir -p /mnt/plain
	if [ $nrext64 = 0 ]; then
		t_not "mkfs.xfs by itself: cannot be mounted" mount "$(drive 4)" /mnt/plain
		t_ok "mkfs.xfs by itself: for its features" \
			sh -c 'dmesg | grep "unknown incompatible features"'
	else
		t_ok "mkfs.xfs by itself: can be mounted" mount "$(drive 4)" /mnt/plain
		t_ok "mkfs.xfs by itself: with a warning" sh -c 'dmesg | grep EXPERIMENTAL'
		umount /mnt/plain
	fi
}

for_this_kernel() {
	item 1 'mkfs: {agcount: "= cpus + 1"}'
	dmesg -C
	run apply "$work/item.yaml"
	t_status "what hosttune asks of it can be mounted" 0
	t_ok "and written to" sh -c 'echo kept >/mnt/data/file && sync /mnt/data/file'
	t_not "the kernel does not call a feature experimental" sh -c 'dmesg | grep EXPERIMENTAL'
	has "as this kernel has it" nrext64=$nrext64 bigtime=1 inobtcount=1 rmapbt=1
	has "by its formula" "agcount=$(($(nproc) + 1))"
	umount /mnt/data
}

progress() {
	item 2
	: >/run/slow
	run apply "$work/item.yaml"
	t_status "a slow one" 0
	t_not "is not told of where nobody looks on" grep "mkfs.xfs /dev/" "$t_out"
	umount /mnt/data
	blkdiscard -fz "$(drive 2)" 2>/dev/null
	run apply -v "$work/item.yaml"
	t_status "a slow one, with -v" 0
	t_says "is told of" "hosttune: mkfs.xfs $(drive 2): 2 s"
	umount /mnt/data
	rm /run/slow
}

# Bottlerocket's reads defaults for its kernel, and tells so each time.
bottlerocket() {
	newer_mkfs /usr/sbin/mkfs.xfs "$newer" -c "defaults=$newer/lts_6.1.conf"
	t_run mkfs.xfs -V
	t_says "defaults are read" "Parameters parsed from"
	item 3 'mkfs: {reflink: false}'
	run apply "$work/item.yaml"
	t_status "defaults of the host and what a profile says" 0
	has "defaults of the host" rmapbt=0 nrext64=0
	has "what the profile says" reflink=0
	umount /mnt/data
	item 5 'mkfs: {agcount: 1000000}'
	run apply "$work/item.yaml"
	t_status "a failure after defaults were read" 3
	t_says "tells its reason" "too small"
	t_not "not the defaults" grep "Parameters parsed" "$t_out"
}

# contained NAME: apply as bootstrap container.
contained() {
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/item.yaml" /local/bootstrap-containers/hosttune/user-data
	t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune --no-api
	t_status "$1" 0
}

# The image's is newer, the host's the one of Debian 12, which makes no rmapbt.
image() {
	bottlerocket_host
	cp -r "${HOSTTUNE_B:-build}/rootfs" $rootfs
	test_rootfs $rootfs sh
	cp -r "$newer" $rootfs/newer
	newer_mkfs $rootfs/usr/bin/mkfs.xfs /newer
	cp "$work/debian" /usr/sbin/mkfs.xfs
	item 5
	contained "both the host and the image have one"
	has "the host's is used" rmapbt=0 nrext64=0
	umount /mnt/data

	rm /usr/sbin/mkfs.xfs
	item 6
	contained "only the image has one"
	has "it is used, for the host's kernel" rmapbt=1 nrext64=$nrext64
	umount /mnt/data
}

cp /usr/sbin/mkfs.xfs "$work/debian"
newer_mkfs /usr/sbin/mkfs.xfs "$newer"
control
for_this_kernel
progress
bottlerocket
image
t_done
