#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build what tests need beside the libraries of packaging/static, unless it is there: cmocka,
# and http-parser for the API's stub.
#
# usage: tests/arm64/test-libraries.sh DIR      DIR is that of one architecture, such as build/static/arm64
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
dir=$(cd "$1" && pwd -P)
root=$dir/root/usr
stamp=$dir/test-libraries
sum=$(cat "$here/test-sources" "$here/test-libraries.sh" | sha256sum)

if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && [ -e "$root/lib/libcmocka.a" ] && [ -e "$root/lib/libhttp_parser.a" ]; then
	exit
fi
work=$(mktemp -d "$dir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
sources=$(cd "$dir/.." && pwd -P)/sources
"$here/../../packaging/static/fetch.sh" "$sources" "$here/test-sources"

# library NAME FILE OPTION...: of one source file of the directory NAME_*.
library() (
	cd "$sources/$1"_*
	object=$work/$1.o file=$2
	shift 2
	"$dir/cc" -O2 -g -D_GNU_SOURCE "$@" -fPIE -c "$file" -o "$object"
)

library cmocka src/cmocka.c -DHAVE_INTTYPES_H -DHAVE_STRINGS_H -DHAVE_SIGNAL_H -DHAVE_MALLOC_H \
	-D_UINTPTR_T_DEFINED -DHAVE_GCC_THREAD_LOCAL_STORAGE -DHAVE_CLOCK_REALTIME -DHAVE_SIGLONGJMP -DHAVE_STRSIGNAL \
	-DHAVE_STRUCT_TIMESPEC -Iinclude
library http-parser http_parser.c
"${AR:-ar}" qcs "$work/libcmocka.a" "$work/cmocka.o"
"${AR:-ar}" qcs "$work/libhttp_parser.a" "$work/http-parser.o"
mv "$work"/*.a "$root/lib/"
cp "$sources"/http-parser_*/http_parser.h "$root/include/"
# its own definition of this type is for glibc
{ printf '#include <stdint.h>\n#define _UINTPTR_T_DEFINED\n' && cat "$sources"/cmocka_*/include/cmocka.h; } >"$root/include/cmocka.h"
echo "$sum" >"$stamp"
