#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make a root file system with the ordinary program and the libraries that it links, for
# containers of guest scripts. The image itself is tested by tests/vm/container.sh image.
#
# usage: tests/vm/rootfs.sh PROGRAM DIR
set -eu

[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
program=$1
dir=$2

[ -x "$program" ] || { echo "rootfs.sh: $program: does not exist (run make)" >&2; exit 1; }
mkdir -p "$dir/usr/bin" "$dir/usr/lib" "$dir/usr/lib64" "$dir/tmp" "$dir/run" "$dir/proc" \
	"$dir/sys" "$dir/dev" "$dir/etc"
ln -sfn usr/lib "$dir/lib"
ln -sfn usr/lib64 "$dir/lib64"
cp "$program" "$dir/usr/bin/hosttune"

for library in $(ldd "$program" | grep -o '/[^ ]*'); do
	mkdir -p "$dir$(dirname "$library")"
	cp -L "$library" "$dir$library"
done
