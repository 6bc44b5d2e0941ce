#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What cannot be read is never fine: make each file and directory of a captured root unreadable
# in turn, and diagnose it. A finding that is lost must be named as not checked, and none is new.
#
# usage: tests/diagnose/unread.sh
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit
. tests/tap.sh

B=$(cd "${B:-build}" && pwd) || exit
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-unread-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

command -v jq >/dev/null || {
	skip "unreadable files" "jq is not installed"
	summary
	exit
}

# Diagnose the captured root, and write the report to the file $1, and messages to $2.
diagnose() {
	"$B/hosttune" diagnose -o json --root "$work/root" >"$1" 2>"$2"
}

# Diagnose it without $1: a link to itself exists, but cannot be opened (ELOOP), as a file
# without permission, or if no descriptor is free.
without() {
	n=$((n + 1))
	echo "$1" >"$work/name/$n"
	mv "$work/root/$1" "$work/aside"
	ln -s "${1##*/}" "$work/root/$1"
	diagnose "$work/out/$n" "$work/err/$n"
	rm "$work/root/$1"
	mv "$work/aside" "$work/root/$1"
}

# Print each finding of $work/all that one of $work/out lost without naming its rule, and each
# that is new there.
wrong() {
	(cd "$work/out" && jq -r --slurpfile all "$work/all" '
		def found: [.findings[] | [.reason, .subject]];
		. as $now | input_filename as $file | ($all[0] | found) as $had |
		((($had - found)[] as [$rule, $subject] |
			select(all($now.not_checked - $all[0].not_checked | .[]; .what != $rule)) |
			"lost: \($rule) \($subject)"),
		((found - $had)[] | "new: \(join(" "))")) | "\($file): \(.)"' ./*) |
		while IFS=: read -r name finding; do
			echo "$(cat "$work/name/$name"):$finding"
		done
}

# Without the version of the kernel, there is no diagnosis, and a message says so.
nothing_wrong() {
	for report in "$work/out"/*; do
		[ -s "$report" ] || grep -q 'osrelease: ' "$work/err/${report##*/}" ||
			cat "$work/name/${report##*/}"
	done >"$work/wrong"
	wrong >>"$work/wrong" && ! grep . "$work/wrong"
}

for case in configuration counters drives nfs versions; do
	mkdir "$work/out" "$work/err" "$work/name"
	n=0
	cp -R "tests/cases/diagnose-$case/root" "$work/root"
	diagnose "$work/all" /dev/null
	(cd "$work/root" && find . -mindepth 1 -depth) >"$work/list"
	while read -r file; do
		without "${file#./}"
	done <"$work/list"
	check "$case: $(wc -l <"$work/list") files and directories" nothing_wrong
	rm -rf "$work/out" "$work/err" "$work/name" "$work/root"
done
summary
