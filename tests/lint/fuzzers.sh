#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# tests/fuzz/targets lists each fuzzer once, with its corpus, a dictionary that exists, and files
# of lib/ that exist; docs/reliability.md has a row for each.
#
# usage: tests/lint/fuzzers.sh
set -u
cd "$(dirname "$0")/../.." || exit 2
failed=0

wrong() {
	echo "tests/fuzz/targets: $*"
	failed=1
}

listed=$(sed -n 's/^\(fuzz_[a-z_0-9]*\);.*/\1/p' tests/fuzz/targets)
for name in $(echo "$listed" | sort | uniq -d); do wrong "$name stands there twice"; done
for file in tests/fuzz/fuzz_*.c; do
	name=$(basename "$file" .c)
	echo "$listed" | grep -qx "$name" || wrong "$name is not listed"
done
# shellcheck disable=SC2086 # globs
while IFS=';' read -r name dictionary _ _ files; do
	case $name in fuzz_*) ;; *) continue ;; esac
	[ -f "tests/fuzz/$name.c" ] || wrong "$name: has no tests/fuzz/$name.c"
	[ -d "tests/fuzz/corpus/$name" ] || wrong "$name: has no corpus"
	dictionary=${dictionary# }
	[ "$dictionary" = - ] || [ -f "tests/fuzz/dict/$dictionary.dict" ] || wrong "$name: has no dictionary $dictionary"
	[ "${files# }" ] || wrong "$name: is for no file"
	for file in $files; do
		ls lib/$file >/dev/null 2>&1 || wrong "$name: lib/$file does not exist"
	done
	grep -q "^| ${name#fuzz_} |" docs/reliability.md || wrong "$name: has no row in docs/reliability.md"
done <tests/fuzz/targets
exit $failed
