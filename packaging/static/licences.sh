#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Collect the licences of hosttune, of the compiler's run-time library, and of all packages
# of the lists: a file for each package.
#
# usage: packaging/static/licences.sh STATIC ARCH DIR LIST...
#
# STATIC is the directory of make static: fetch.sh unpacked the lists to its sources/. Texts
# that Debian's files of copyright only refer to, such as the GPL, are copied from this
# machine.
set -eu

[ $# -ge 4 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
static=$1 arch=$2 dir=$3
shift 3
top=$(cd "$(dirname "$0")/../.." && pwd -P)

rm -rf "$dir"
mkdir -p "$dir"
cp "$top/LICENSE-APACHE" "$top/LICENSE-MIT" "$dir"
runtime=$(dpkg-query -S "$("$static/$arch/cc" -print-libgcc-file-name)")
cp -L "/usr/share/doc/${runtime%%:*}/copyright" "$dir/libgcc"

names=$(sed -n "/^#/d; s/ .*//; s/.*\///; s/\.dsc$//p; s/\(_$arch\)\.deb$/\1/p" "$@")
for name in $names; do
	package=${name%%_*}
	for file in "$static/sources/$name/debian/copyright" "$static/sources/$name/usr/share/doc/$package/copyright"; do
		[ ! -f "$file" ] || cp "$file" "$dir/$package"
	done
	[ -s "$dir/$package" ] || { echo "licences.sh: $name: has no licence" >&2; exit 1; }
done

grep -h -o 'common-licenses/[A-Z][A-Za-z0-9.-]*[A-Za-z0-9]' "$dir"/* | sed 's/.*\///' | sort -u | while read -r text; do
	cp "/usr/share/common-licenses/$text" "$dir/$text"
done
chmod 644 "$dir"/*
