#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make the root file system of the container image: the program, the libraries that it
# needs, and nothing else: no shell, no tools (those of the host are used).
#
# usage: packaging/image/rootfs.sh PROGRAM DIR
#
# Then, with any builder: FROM scratch, COPY DIR /, ENTRYPOINT ["/usr/bin/hosttune"].
set -eu

[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
program=$1
dir=$2

[ -x "$program" ] || { echo "rootfs.sh: $program: not there (run make)" >&2; exit 1; }
mkdir -p "$dir/usr/bin" "$dir/usr/lib" "$dir/usr/lib64" "$dir/tmp" "$dir/run" "$dir/proc" \
	"$dir/sys" "$dir/dev" "$dir/etc"
ln -sfn usr/lib "$dir/lib"
ln -sfn usr/lib64 "$dir/lib64"
cp "$program" "$dir/usr/bin/hosttune"
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "$dir$(dirname "$library")"
	cp -L "$library" "$dir$library"
done
