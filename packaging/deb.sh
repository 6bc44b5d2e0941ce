#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# deb.sh TARBALL DIR [ARCH]: build the Debian package from what `make dist` made.
#
# The package is the same wherever and whenever it is built from the same tarball, with the
# same versions of the tools. ARCH is this machine's, unless it is given: then the package is
# cross-built, without its tests. Set NOTEST to build without tests.
set -eu

tarball=$(readlink -f "$1")
out=$2
arch=${3:-$(dpkg --print-architecture)}
base=$(basename "$tarball" .tar.gz)
mkdir -p "$out"
out=$(readlink -f "$out")
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT

tar -C "$work" -xzf "$tarball"
tree=$work/$base
cp -r "$tree/packaging/debian" "$tree/debian"
SOURCE_DATE_EPOCH=$(stat -c %Y "$tree/README.md")
export SOURCE_DATE_EPOCH
cat >"$tree/debian/changelog" <<EOF
hosttune (${base#hosttune-}) unstable; urgency=medium

  * CHANGELOG.md has the changes of this version.

 -- The hosttune authors <hosttune@localhost>  $(LC_ALL=C TZ=UTC date -R -d "@$SOURCE_DATE_EPOCH")
EOF
cd "$tree"
profiles=''
[ "$arch" = "$(dpkg --print-architecture)" ] && [ -z "${NOTEST:-}" ] || profiles=nocheck
DEB_BUILD_PROFILES=$profiles DEB_BUILD_OPTIONS="$profiles parallel=$(nproc)" \
	dpkg-buildpackage -b -us -uc -a"$arch" >"$out/deb-$arch.log" 2>&1 || {
	tail -n 40 "$out/deb-$arch.log" >&2
	echo "packaging/deb.sh: the build failed: see $out/deb-$arch.log" >&2
	exit 1
}
mv "$work"/*.deb "$work"/*.buildinfo "$work"/*.changes "$out/"
ls "$out"/*"_$arch.deb"
