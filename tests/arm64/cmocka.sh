#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build cmocka with the libraries of packaging/static, unless it is there.
#
# usage: tests/arm64/cmocka.sh DIR      DIR is that of one architecture, such as build/static/arm64
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
dir=$(cd "$1" && pwd -P)
root=$dir/root/usr
stamp=$dir/cmocka
sum=$(cat "$here/cmocka" "$here/cmocka.sh" | sha256sum)

[ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || [ ! -e "$root/lib/libcmocka.a" ] || exit 0
work=$(mktemp -d "$dir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$here/../../packaging/static/fetch.sh" "$dir/../sources" "$here/cmocka"
cd "$dir"/../sources/cmocka_*
"$dir/cc" -O2 -g -D_GNU_SOURCE -DHAVE_INTTYPES_H -DHAVE_STRINGS_H -DHAVE_SIGNAL_H -DHAVE_MALLOC_H \
	-D_UINTPTR_T_DEFINED -DHAVE_GCC_THREAD_LOCAL_STORAGE -DHAVE_CLOCK_REALTIME -DHAVE_SIGLONGJMP -DHAVE_STRSIGNAL \
	-DHAVE_STRUCT_TIMESPEC -Iinclude -fPIE -c src/cmocka.c -o "$work/cmocka.o"
"${AR:-ar}" qcs "$work/libcmocka.a" "$work/cmocka.o"
mv "$work/libcmocka.a" "$root/lib/"
# its own definition of this type is for glibc
{ printf '#include <stdint.h>\n#define _UINTPTR_T_DEFINED\n' && cat include/cmocka.h; } >"$root/include/cmocka.h"
echo "$sum" >"$stamp"
