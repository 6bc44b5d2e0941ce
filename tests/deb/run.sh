#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Install the Debian package on real systems with systemd, in the VM: Debian 12 and 13.
#
# usage: tests/deb/run.sh PACKAGE [SUITE...]       (default: bookworm trixie)
#
# Each system is installed once, on a drive, and boots with systemd from there: store two
# profiles for the next boot, reboot, audit, reboot with a file that overrides, remove what was
# stored; install the package and enable the units, reboot, audit, reboot, remove.
# tests/deb/guest.sh is what runs in it. A suite whose archive cannot be reached is skipped.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh
B=${B:-build}
package=$(readlink -f "$1")
shift
[ $# -gt 0 ] || set -- bookworm trixie

# What the package depends on or recommends, and what a minimal system lacks to boot.
packages='systemd-sysv udev dbus kmod iproute2 procps xfsprogs mdadm libarchive13 libblkid1 libcurl4 libjansson4
	libkmod2 libmnl0 libmount1 libyaml-0-2'

install_system() {
	debootstrap --variant=minbase "$1" "$2" http://deb.debian.org/debian || return
	# shellcheck disable=SC2086 # a list
	DEBIAN_FRONTEND=noninteractive chroot "$2" apt-get -qq -y --no-install-recommends install $packages ||
		return
	rm -rf "$2"/var/cache/apt/*.bin "$2"/var/cache/apt/archives/*.deb "$2"/var/lib/apt/lists/*
	: >"$2/installed"
}

# Print the directory of an installed system, made if it is missing.
system() {
	root=$(readlink -f "$B/vm")/debian-$1
	if ! [ -e "$root/installed" ]; then
		rm -rf --one-file-system "$root"
		install_system "$1" "$root" >"$root.log" 2>&1 || return
	fi
	echo "$root"
}

# Run the guest once more, with the same drives.
boot() {
	stage=$1
	tests/vm/run -k 6.12 -I -n -d 2 -s 1200M -t 900 -D "$work" -a "systemd.unit=multi-user.target" -- \
		tests/deb/boot.sh "$stage"
}

# no_warning LOG: of packaging/deb.sh; without tests, whose output may have such a word.
no_warning() { test -s "$1" && ! grep 'warning: ' "$1"; }

check "built without a warning" no_warning "${package%/*}/deb-$(dpkg --print-architecture).log"
# its maintainer is whoever publishes it
check "lintian is content" lintian --fail-on error,warning --suppress-tags bogus-mail-host "${package%.deb}.changes"
for suite; do
	root=$(system "$suite") || {
		skip "$suite" "cannot be installed: see $B/vm/debian-$suite.log"
		continue
	}
	image=$work/nvme1.img
	rm -f "$work"/nvme*.img
	truncate -s 1200M "$image"
	mke2fs -q -t ext4 -d "$root" "$image"
	printf 'cd /\nwrite %s /package.deb\n' "$package" | debugfs -w "$image" >/dev/null 2>&1
	for stage in keep booted overridden install reboot remove; do
		boot "$stage" >"$work/$stage.log" 2>&1
		status=$?
		check "$suite: $stage ends well" [ $status = 0 ]
		while IFS= read -r line; do
			case $line in
			'ok - '*) check "$suite: ${line#ok - }" true ;;
			'not ok - '*) check "$suite: ${line#not ok - }" false ;;
			*) echo "# $line" ;;
			esac
		done <"$work/$stage.log"
	done
done
summary
