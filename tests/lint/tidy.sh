#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# tidy.sh FILE... : run clang-tidy with the checks of .clang-tidy. Prints one line
# if it finds nothing.
set -eu
cd "$(dirname "$0")/../.."
: "${PKGCONF:=pkg-config}" "${B:=build}"

# Print the findings in some files; there should be none.
tidy() {
	# shellcheck disable=SC2046 # a list of options
	clang-tidy --quiet "$@" -- -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
		-DHOSTTUNE_VERSION='"x"' -Ilib -Icmd -I"$B" \
		$("$PKGCONF" --cflags yaml-0.1 libcurl jansson mount blkid) 2>&1 |
		sed '/^[0-9]* warnings* generated/d; /^$/d'
}

if [ "${1:-}" = --some ]; then
	shift
	found=$(tidy "$@")
	[ -z "$found" ] || { printf '%s\n' "$found" && exit 1; }
	exit 0
fi
printf '%s\0' "$@" | xargs -0 -n 8 -P "$(nproc)" tests/lint/tidy.sh --some
echo "clang-tidy: nothing found in $# files"
