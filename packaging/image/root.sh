#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make the root file system of the image: the static program, mkfs.xfs and mdadm with their
# libraries, for hosts that lack them, and the licences of all. No shell.
#
# usage: packaging/image/root.sh STATIC ARCH DIR
#
# STATIC is the directory of make static. DIR is replaced.
set -eu

[ $# -eq 3 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
static=$1 arch=$2 root=$3
here=$(cd "$(dirname "$0")" && pwd -P)

case $arch in
amd64) gnu=x86_64-linux-gnu lib64=usr/lib64 loader=/lib64/ld-linux-x86-64.so.2 ;;
arm64) gnu=aarch64-linux-gnu lib64='' loader=/lib/ld-linux-aarch64.so.1 ;;
*) echo "root.sh: \"$arch\": unknown (amd64 or arm64)" >&2; exit 2 ;;
esac
[ -x "$static/$arch/hosttune" ] || {
	echo "root.sh: $static/$arch/hosttune: does not exist (run make static ARCH=$arch)" >&2
	exit 1
}
"$here/../static/fetch.sh" "$static/sources" "$here/tools"
packages=$(sed -n "/^#/d; s/ .*//; s/.*\///; s/\(_$arch\)\.deb$/\1/p" "$here/tools")

# find_file NAME...: print the path of a file of the packages, and where it was, "PATH FILE".
find_file() {
	for package in $packages; do
		for path; do
			if [ -e "$static/sources/$package$path" ]; then
				echo "$path $static/sources/$package$path"
				return
			fi
		done
	done
	echo "root.sh: $1: in no package of packaging/image/tools" >&2
	return 1
}

# add_file NAME...: copy the first of these, and the libraries that it needs.
add_file() (
	found=$(find_file "$@")
	path=${found%% *}
	[ ! -e "$root$path" ] || return 0
	mkdir -p "$root${path%/*}"
	cp -L "${found#* }" "$root$path"
	for library in $(readelf -d "$root$path" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
		add_file "/lib/$gnu/$library" "/usr/lib/$gnu/$library"
	done
)

rm -rf "$root"
mkdir -p "$root"
for dir in dev etc proc run sys tmp usr usr/bin usr/sbin usr/lib $lib64; do
	mkdir "$root/$dir"
done
for dir in usr/sbin usr/lib $lib64; do
	ln -s "$dir" "$root/${dir#usr/}"
done
cp "$static/$arch/hosttune" "$root/usr/bin/"
add_file /sbin/mkfs.xfs
add_file /sbin/mdadm
add_file "/lib/$gnu/${loader##*/}"
ln -sr "$root/usr/lib/$gnu/${loader##*/}" "$root$loader"
"$here/../static/licences.sh" "$static" "$arch" "$root/usr/share/doc/hosttune" \
	"$here/../static/sources" "$here/tools"

find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod a+r,go-w {} +
chmod 755 "$root/usr/bin/hosttune"
chmod 1777 "$root/tmp"
