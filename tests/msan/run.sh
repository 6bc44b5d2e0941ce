#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run what parses with clang's memory sanitizer ($B was built with it): unit tests of the rooms
# below, and the fuzzers' corpus. Prints TAP and a summary.
#
# Skipped is what calls a library that is not built with it (libblkid, libcurl, libmount), or gets
# a struct stat from nftw(): memory that these write counts as uninitialized.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${B:=build/msan}"
export B UBSAN_OPTIONS=print_stacktrace=1
rooms='base doc profile diagnose journal fleet import explain resource bundle confine'
not_fuzzed='fuzz_headers fuzz_http fuzz_baseline fuzz_bundle fuzz_mounts fuzz_node fuzz_pods'
not_run='bundle/test_save diagnose/test_configuration diagnose/test_exports diagnose/test_space'
not_run="$not_run diagnose/test_pods diagnose/test_pods_name diagnose/test_pods_unread"
log=$B/log/unit
mkdir -p "$B/log"

for room in $rooms; do
	for program in "$B/unit/$room"/test_*; do
		case " $not_run " in *" $room/${program##*/} "*) continue ;; esac
		[ -x "$program" ] || continue
		CMOCKA_MESSAGE_OUTPUT=TAP HOSTTUNE_API_STUB=$B/api-stub "$program" 2>&1 ||
			echo "# exit status $? of $program"
	done
done >"$log"
# shellcheck disable=SC2046,SC2086 # lists of words
tests/fuzz/run.sh corpus $(
	sed -n 's/^\(fuzz_[a-z_]*\);.*/\1/p' tests/fuzz/targets | grep -vxF "$(printf '%s\n' $not_fuzzed)"
) >"$B/log/corpus"
# a program that the sanitizer ends prints no result of its test
grep -E '^not ok|^# exit status|SUMMARY: MemorySanitizer' "$log" "$B/log/corpus" | grep -v '# SKIP'
cat "$log" "$B/log/corpus" | awk '
	/^ok / { if (/# SKIP/) s++; else p++ }
	/^not ok / { if (/# SKIP/) s++; else f++ }
	/^# exit status/ { f++ }
	END { print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"; exit f > 0 || p == 0 }'
