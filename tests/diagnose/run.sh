#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Diagnose each kernel log of logs/, and compare verdict and findings with what it must say.
#
# usage: tests/diagnose/run.sh [--update]
#
#   NAME.kmsg NAME.txt        a log, in any form
#   NAME.noise                the same: nothing may be found
#   NAME.origin               how the log was made
#   NAME.EXT.expect           "verdict REASON CONFIDENCE" (or "verdict none"), then a line
#                             "REASON COUNT SUBJECT" for each finding
#
# --update writes the .expect files: read the diff.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit
. tests/tap.sh

B=${B:-build}
logs=tests/diagnose/logs
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-diagnose-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

update=
[ "${1:-}" != --update ] || update=1

command -v jq >/dev/null || {
	skip "kernel logs" "jq is not installed"
	summary
	exit
}

diagnose_all() {
	for log in "$logs"/*; do
		case $log in *.origin | *.expect) continue ;; esac
		# a journal is known by its first bytes
		case $(head -c 2 "$log") in
		__ | "{\"") option=--journal ;;
		*) option=--kmsg ;;
		esac
		"$B/hosttune" diagnose "$option" "$log" -o json >"$work/${log##*/}" 2>"$work/err" ||
			[ $? -eq 1 ] || sed 's/^/# /' "$work/err"
	done
}

# One line for each verdict and finding, behind the name of its log.
flatten() {
	(cd "$work" && rm -f err && jq -r 'input_filename as $file |
		"\($file)\tverdict " + if .verdict then "\(.verdict.reason) \(.verdict.confidence)" else "none" end,
		(.findings[] | "\($file)\t\(.reason) \(.count) \(.subject)")' ./*) |
		sed 's|^\./||; s/ *$//' >"$work/all"
}

# What was found in the log $1.
found() {
	awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$work/all"
}

says() {
	found "$1" | diff -u "$2" -
}

diagnose_all
flatten
for log in "$logs"/*; do
	name=${log##*/}
	case $name in
	*.origin | *.expect) continue ;;
	*.noise)
		echo "verdict none" >"$work/none"
		check "$name: nothing" says "$name" "$work/none"
		continue
		;;
	esac
	[ -z "$update" ] || found "$name" >"$log.expect"
	check "$name: $(sed 's/^verdict //;q' "$log.expect" 2>/dev/null)" says "$name" "$log.expect"
done
summary
