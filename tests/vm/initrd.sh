# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For scripts that fetch kernels: the initrd of a guest. The caller has need(), die() and
# $here, the directory of this file.

# What the initrd needs to mount the root over 9p; everything else is loaded
# from the mounted root.
boot_modules='virtio_pci virtio_console 9pnet_virtio 9p overlay nvme'

: "${here:=}"

# pack_initrd DIR BUSYBOX: build DIR/initrd from the modules in DIR/lib/modules and the
# static busybox of the guest's architecture. The modules are numbered in the order of
# loading.
pack_initrd() (
	need cpio modprobe xz
	version=$(ls "$1/lib/modules")
	work=$(mktemp -d "$(dirname "$1")/.initrd.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/root/bin" "$work/root/modules"
	cp "$2" "$work/root/bin/busybox"
	ln -s busybox "$work/root/bin/sh"
	cp "$here/guest-initrd" "$work/root/init"
	# shellcheck disable=SC2086 # a list of names
	modprobe -C /dev/null -d "$1" -S "$version" --show-depends -a $boot_modules |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/list"
	n=100
	while read -r module; do
		name=$(basename "$module")
		case $name in
		*.xz) xz -dc "$module" >"$work/root/modules/$n-${name%.xz}" ;;
		*) cp "$module" "$work/root/modules/$n-$name" ;;
		esac
		n=$((n + 1))
	done <"$work/list"
	(cd "$work/root" && find . | cpio --quiet -o -H newc) >"$work/initrd"
	mv "$work/initrd" "$1/initrd"
)
