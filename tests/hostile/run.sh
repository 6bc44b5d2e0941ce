#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run the hostile inputs of tests/hostile/inputs, each as its test does, and check that each is
# refused with the words expected.
#
# usage: tests/hostile/run.sh
#
# Those of the VM are not run: it is checked that tests/vm/check.sh runs their script, and that
# it has the test.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
export B
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-hostile-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

grep -v '^#' tests/hostile/inputs >"$work/inputs"
tab=$(printf '\t')

# The references of one sort: "NAME" or "FILE NAME", one a line.
of() { cut -f 3 "$work/inputs" | sed -n "s/^$1 //p"; }

# Run each test program, and all cases, once.
# shellcheck disable=SC2046 # a list of words
tests/cases/run.sh $(of case | sort -u) >"$work/case" 2>&1
of unit | cut -d ' ' -f 1 | sort -u | while read -r program; do
	mkdir -p "$work/unit/${program%/*}"
	CMOCKA_MESSAGE_OUTPUT=TAP HOSTTUNE_API_STUB=$B/api-stub "$B/unit/$program" >"$work/unit/$program" 2>&1
done
tests/power.sh >"$work/power" 2>&1
tests/hostile/journals.sh >"$work/journal" 2>&1

# passed FILE NAME: the test passed, in a file of TAP lines.
passed() { sed -n 's/^ok [0-9]* - //p' "$1" | grep -qxF -e "$2"; }

# refused SORT REFERENCE REFUSAL
refused() {
	sort=$1 reference=$2 file=${2%% *} name=${2#* } refusal=$3
	case $sort in
	case)
		passed "$work/case" "$name" &&
			[ "$(cat "tests/cases/$name/exit" 2>/dev/null)" != 0 ] &&
			cat "tests/cases/$name/err" "tests/cases/$name/out" 2>/dev/null | grep -qF -e "$refusal"
		;;
	unit) passed "$work/unit/$file" "$name" && grep -qF -e "$refusal" "tests/unit/$file.c" ;;
	power) passed "$work/power" "$reference" && grep -qF -e "$refusal" tests/power.sh ;;
	journal)
		passed "$work/journal" "$reference" &&
			grep -F -e "\"$reference\"" tests/hostile/journals.sh | grep -qF -e "$refusal"
		;;
	vm)
		grep -q "guest .*tests/vm/$file" tests/vm/check.sh &&
			grep -F -e "$name" "tests/vm/$file" | grep -qF -e "$refusal"
		;;
	*) false ;;
	esac || {
		echo "$1 $2: \"$3\""
		return 1
	}
}

check "at least 100 hostile inputs" test "$(wc -l <"$work/inputs")" -ge 100
check "each is there once" test "$(cut -f 3 "$work/inputs" | sort | uniq -d | wc -l)" = 0
while IFS="$tab" read -r who what where refusal; do
	check "$who: $what" refused "${where%% *}" "${where#* }" "$refusal"
done <"$work/inputs"

# The page names tests: each exists.
# shellcheck disable=SC2016 # backquotes of Markdown
names_of_tests() { grep -o '`tests/[^` ]*`' SECURITY.md | tr -d '`' | sort -u; }
check "SECURITY.md names tests" test "$(names_of_tests | wc -l)" -ge 10
for name in $(names_of_tests); do
	check "SECURITY.md: $name" test -e "$name"
done
# shellcheck disable=SC2013,SC2016 # words; backquotes of Markdown
for who in $(sed -n 's/^### .*(`\([a-z]*\)`.*/\1/p' SECURITY.md); do
	check "SECURITY.md: there are inputs of \"$who\"" grep -q "^$who$tab" "$work/inputs"
done
summary
