#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build the Debian package, with its tests, as package builders do: in a plain chroot that has the
# build dependencies and nothing else. "/" is no mount point there, there is no network and no
# /sys, and the user is not root. What cannot run there must be skipped, and named.
#
# usage: tests/deb/builder.sh TARBALL [SUITE...]       (default: bookworm trixie)
#
# Each system is installed once, in $B/vm; what a run adds to it is removed. A suite whose archive
# cannot be reached is skipped.
set -u
. tests/fresh.sh
. tests/tap.sh
fresh_begin builder
tarball=$(readlink -f "$1")
tree=$(basename "$tarball" .tar.gz)
shift
[ $# -gt 0 ] || set -- bookworm trixie
control=packaging/debian/control

# install_system SUITE ROOT
install_system() {
	fresh_debootstrap "$1" "$2" build-essential || return
	mkdir -p "$2/build/debian"
	cp "$control" "$2/build/debian/"
	DEBIAN_FRONTEND=noninteractive chroot "$2" apt-get -qq -y --no-install-recommends build-dep /build || return
	rm -r "$2/build"
	rm -rf "$2"/var/cache/apt/*.bin "$2"/var/cache/apt/archives/*.deb
}

# enter SUITE: mount a fresh copy, with the sources in /build.
enter() {
	system=$(fresh_install "builder-$1" "$(sha256sum <"$control")" install_system "$1") || return
	fresh_files
	mkdir -p "$upper/build"
	packaging/deb.sh --unpack "$tarball" "$upper/build" || return
	chown -R 1000:1000 "$upper/build"
	fresh_mount "$system"
}

# inside COMMAND: run a line of sh there, in the tree.
inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent LC_ALL=C.UTF-8 unshare -n \
		chroot --userspec=1000:1000 "$root" sh -c "cd /build/$tree && $1"
}

# build SUITE: with the tests; their output stays in $B/log/builder-SUITE.
build() {
	mkdir -p "$B/log/builder-$1"
	inside "dpkg-buildpackage -b -us -uc" >"$B/log/builder-$1/build" 2>&1
	status=$?
	cp "$root/build/$tree/build/log/unit" "$root/build/$tree/build/log/cases" "$B/log/builder-$1/"
	[ $status = 0 ] || {
		tail -n 20 "$B/log/builder-$1/build"
		grep -h -B 5 '^not ok [0-9]* - ' "$B/log/builder-$1/unit" "$B/log/builder-$1/cases"
	}
	return $status
}

# They are counted, and what is skipped has a name: at least one is, for lack of /sys or rights.
tests_have_run() {
	grep -E '^[1-9][0-9]* passed, 0 failed, [1-9][0-9]* skipped$' "$B/log/builder-$1/build" &&
		! grep -E '^(not )?ok [0-9]+ - *# SKIP' "$B/log/builder-$1/unit" "$B/log/builder-$1/cases"
}

for suite; do
	if ! enter "$suite" >"$work/log" 2>&1; then
		skip "$suite" "no system: see $B/vm/builder-$suite.log"
		continue
	fi
	check "$suite: / is no mount point" inside '! mountpoint -q /'
	# shellcheck disable=SC2016 # of that shell
	check "$suite: no network, no /sys, not root" inside \
		'test "$(id -u)" = 1000 && ! test -e /sys/kernel && test "$(sed -n "\$=" /proc/net/dev)" = 3'
	check "$suite: the package is built, and its tests pass" build "$suite"
	check "$suite: its tests have run" tests_have_run "$suite"
done
summary
