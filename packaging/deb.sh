#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# deb.sh TARBALL DIR [ARCH]: build the Debian package from what `make dist` made.
#
# The package is the same wherever and whenever it is built from the same tarball, with the
# same versions of the tools. ARCH is this machine's, unless it is given: then the package is
# cross-built, without its tests, in a separate Debian 12, DIR/../vm/cross-ARCH, which is
# installed once; this needs root. Set NOTEST to build without tests.
#
#        deb.sh --unpack TARBALL DIR: only leave in DIR what dpkg-buildpackage builds.
set -eu

only_unpack=
[ "$1" != --unpack ] || { only_unpack=1 && shift; }
tarball=$(readlink -f "$1")
out=$2
arch=${3:-$(dpkg --print-architecture)}
base=$(basename "$tarball" .tar.gz)
mkdir -p "$out"
out=$(readlink -f "$out")

# unpack DIR: the tree, with debian/ and its changelog.
unpack() {
	tree=$1/$base
	tar -C "$1" -xzf "$tarball"
	cp -r "$tree/packaging/debian" "$tree/debian"
	SOURCE_DATE_EPOCH=$(stat -c %Y "$tree/README.md")
	cat >"$tree/debian/changelog" <<EOF
hosttune (${base#hosttune-}) unstable; urgency=medium

  * CHANGELOG.md has the changes of this version.

 -- The hosttune authors <hosttune@localhost>  $(LC_ALL=C TZ=UTC date -R -d "@$SOURCE_DATE_EPOCH")
EOF
}

if [ "$only_unpack" ]; then
	unpack "$out"
	exit
fi
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
unpack "$work"
export SOURCE_DATE_EPOCH

# The compilers of both architectures and the libraries of the other one cannot always be
# installed side by side with what a system has.
install_system() {
	debootstrap --variant=minbase bookworm "$system" http://deb.debian.org/debian
	chroot "$system" dpkg --add-architecture "$arch"
	chroot "$system" apt-get -qq update
	chroot "$system" apt-get -qq -y --no-install-recommends install "crossbuild-essential-$arch"
	mkdir -p "$system/build/debian"
	cp "$tree/debian/control" "$system/build/debian/"
	chroot "$system" apt-get -qq -y --no-install-recommends -a"$arch" -Pnocheck,cross build-dep /build
	rm -r "$system/build"
	sha256sum <"$tree/debian/control" >"$system/installed"
}

cross_build() {
	system=$out/../vm/cross-$arch
	if [ "$(cat "$system/installed" 2>/dev/null)" != "$(sha256sum <"$tree/debian/control")" ]; then
		rm -rf --one-file-system "$system"
		DEBIAN_FRONTEND=noninteractive install_system
	fi
	rm -rf "$system/build"
	cp -a "$work" "$system/build"
	# shellcheck disable=SC2016 # variables of that shell
	chroot "$system" sh -c 'cd "/build/$1" && exec dpkg-buildpackage -b -us -uc -a"$2"' - "$base" "$arch"
	mv "$system/build"/*.deb "$system/build"/*.buildinfo "$system/build"/*.changes "$work"
	rm -rf "$system/build"
}

build() {
	if [ "$arch" = "$(dpkg --print-architecture)" ]; then
		dpkg-buildpackage -b -us -uc
	else
		cross_build
	fi
}

cd "$tree"
DEB_BUILD_PROFILES='' # of nocheck, the tests' packages are not needed either
[ "$arch" = "$(dpkg --print-architecture)" ] || DEB_BUILD_PROFILES='nocheck cross'
[ -z "${NOTEST:-}" ] || DEB_BUILD_PROFILES="nocheck $DEB_BUILD_PROFILES"
DEB_BUILD_OPTIONS="parallel=$(nproc)"
case $DEB_BUILD_PROFILES in nocheck*) DEB_BUILD_OPTIONS="nocheck $DEB_BUILD_OPTIONS" ;; esac
export DEB_BUILD_PROFILES DEB_BUILD_OPTIONS
set +e
(set -e; build) >"$out/deb-$arch.log" 2>&1
status=$?
set -e
if [ $status != 0 ]; then
	tail -n 40 "$out/deb-$arch.log" >&2
	echo "packaging/deb.sh: the build failed: see $out/deb-$arch.log" >&2
	exit 1
fi
mv "$work"/*.deb "$work"/*.buildinfo "$work"/*.changes "$out/"
ls "$out"/*"_$arch.deb"
