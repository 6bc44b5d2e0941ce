#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build the libraries that parse what comes from outside, and cmocka, with clang's memory
# sanitizer, unless that was done before: memory that an ordinary library writes counts as
# uninitialized. The sources and the recipes are those of packaging/static.
#
# usage: tests/msan/libraries.sh DIR      DIR/msan then has root/ with headers and archives
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
static=$here/../../packaging/static
mkdir -p "$1/msan"
dir=$(cd "$1/msan" && pwd -P)
sources=${dir%/*}/sources
root=$dir/root include=$dir/root/usr/include lib=$dir/root/usr/lib
parts='jansson libyaml zlib libarchive kmod'

"$static/fetch.sh" "$sources"
sum=$(cat "$0" "$static/libraries.sh" "$static/sources" | sha256sum)
[ "$(cat "$dir/libraries" 2>/dev/null)" != "$sum" ] || exit 0
rm -rf "$dir/libraries" "$root"
mkdir -p "$include" "$lib"
work=$(mktemp -d "$dir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT

cat >"$dir/cc" <<-END
	#!/bin/sh
	exec clang -fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer -isystem $include "\$@"
END
chmod 755 "$dir/cc"
# shellcheck disable=SC2034 # for the recipes
arch=msan musl=x86_64 jobs=${JOBS:-1} flags='-O1 -g -w' CC=$dir/cc AR=ar
export CC AR CFLAGS="$flags"
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL ARCH V B CPPFLAGS LDFLAGS LIBS
# begin, quietly, configure, archive and build_NAME; ACLs stay, which in the program are replaced
eval "$(sed -n '/archive_acl/d; /^[a-z_]*() {/,/^}/p' "$static/libraries.sh")"
for part in $parts; do
	build_"$part"
done
"$here/../arm64/test-libraries.sh" "$dir"
echo "$sum" >"$dir/libraries"
