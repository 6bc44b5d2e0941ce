#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# analyze.sh FILE... : run gcc -fanalyzer and cppcheck. Prints one line for each if it
# finds nothing.
set -eu
cd "$(dirname "$0")/../.."
: "${CC:=gcc}" "${PKGCONF:=pkg-config}"

# Only warnings of the analyzer: the build enables the others. It follows calls within
# one file, so it sees further when -O2 inlines.
# shellcheck disable=SC2046,SC2086 # lists of options
run_gcc() {
	printf '%s\0' "$@" | xargs -0 -n 1 -P 2 $CC -fanalyzer -Werror -O2 -std=gnu11 \
		-D_GNU_SOURCE -DHOSTTUNE_VERSION='"x"' -Ilib -Icmd \
		$($PKGCONF --cflags yaml-0.1 libcurl jansson mount blkid) -c -o /dev/null
}

# cppcheck reads no system headers: name the libraries that it knows, and define macros
# that are loops. Suppressions are in the code with their reasons. Two checks are wrong
# everywhere: readdir_r is obsolete since glibc 2.24, and a descriptor that a cleanup
# attribute closes (_close_) is no leak.
run_cppcheck() {
	cppcheck -q -j 2 --std=c11 --enable=warning,performance,portability \
		--library=posix,gnu,libcurl --inline-suppr --error-exitcode=1 \
		--suppress=readdirCalled --suppress=resourceLeak \
		-D_GNU_SOURCE -DHOSTTUNE_VERSION='"x"' \
		-D'json_object_foreach(object,key,value)=while (json_next(object, &key, &value))' \
		-D'json_array_foreach(array,i,value)=while (json_next(array, &i, &value))' \
		-Ilib -Icmd "$@"
}

status=0
if run_gcc "$@"; then echo "gcc -fanalyzer: nothing found in $# files"; else status=1; fi
if run_cppcheck "$@"; then echo "cppcheck: nothing found in $# files"; else status=1; fi
exit $status
