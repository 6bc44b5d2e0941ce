#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A mkfs.xfs newer than the kernel. By default it makes file systems that the kernel cannot
# mount (6.1) or calls experimental (6.12). It is the host's, Bottlerocket's or the image's.
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
5.10.* | 6.1.*) nrext64=0 ;;
*) nrext64=1 ;;
esac

run() {
	t_run "$hosttune" "$@"
}

drive() {
	drive_by_serial "AWS0000000000000000$1"
}

# item SERIAL-DIGIT [LINE...]: write a profile with one storage item, mounted at /mnt/data.
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

# newer_mkfs FILE DIR [ARG...]: make FILE a mkfs.xfs that runs the newer one in DIR with ARG
# before its own arguments. It takes 11 s if /run/slow exists.
newer_mkfs() {
	rm -f "$1"
	cat >"$1" <<-END
		#!/bin/sh
		[ "\$1" = -V ] || [ ! -e /run/slow ] || sleep 11
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

# Run the newer one by itself: if the result could be mounted, this would test nothing.
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
	t_status "a file system that hosttune makes with it can be mounted" 0
	t_ok "it can be written to" sh -c 'echo kept >/mnt/data/file && sync /mnt/data/file'
	t_not "the kernel does not call a feature experimental" sh -c 'dmesg | grep EXPERIMENTAL'
	has "features of this kernel" nrext64=$nrext64 bigtime=1 inobtcount=1 rmapbt=1
	has "agcount by its formula" "agcount=$(($(nproc) + 1))"
	umount /mnt/data
}

progress() {
	item 2
	: >/run/slow
	run apply "$work/item.yaml"
	t_status "a slow mkfs.xfs" 0
	t_is "progress is reported every 10 s" "hosttune: mkfs.xfs $(drive 2): 10 s" \
		"$(grep mkfs.xfs "$t_out")"
	umount /mnt/data
	blkdiscard -fz "$(drive 2)" 2>/dev/null
	run apply -q "$work/item.yaml"
	t_status "a slow mkfs.xfs, with -q" 0
	t_is "progress is not reported with -q" "" "$(cat "$t_out")"
	umount /mnt/data
	rm /run/slow
}

# Bottlerocket's mkfs.xfs reads defaults for its kernel, and prints a message about it.
bottlerocket() {
	newer_mkfs /usr/sbin/mkfs.xfs "$newer" -c "defaults=$newer/lts_6.1.conf"
	t_run mkfs.xfs -V
	t_says "it reads defaults" "Parameters parsed from"
	item 3 'mkfs: {reflink: false}'
	run apply "$work/item.yaml"
	t_status "defaults of the host and what a profile says" 0
	has "defaults of the host" rmapbt=0 nrext64=0
	has "the option of the profile" reflink=0
	umount /mnt/data
	item 5 'mkfs: {agcount: 1000000}'
	run apply "$work/item.yaml"
	t_status "a failure after defaults were read" 3
	t_says "the reason is reported" "too small"
	t_not "the message about defaults is not reported" grep "Parameters parsed" "$t_out"
}

# contained NAME: apply in a bootstrap container.
contained() {
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/item.yaml" /local/bootstrap-containers/hosttune/user-data
	t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune --no-api
	t_status "$1" 0
}

# The image has the newer one. The host has that of Debian 12, which makes no rmapbt.
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
