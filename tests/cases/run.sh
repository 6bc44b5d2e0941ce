#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run the golden cases: a command line, its expected output, and the expected files after it.
#
# usage: tests/cases/run.sh [--update] [CASE...]      (default: all)
#
# A case is a directory here, named by what it shows:
#   profile.yaml   and other input files
#   args           the command line; without it: "audit --no-api --root root profile.yaml"
#                  if there is a root/, else "validate profile.yaml"
#   in             standard input (else none)
#   needs          a program that args or make.sh use, or "root", the user: without it, the case
#                  is skipped
#   root/          a captured host root
#   make.sh        run first, for input that git cannot store
#   out err exit   expected; missing: empty, and 0
#   after/         expected content of root/ afterwards, except /run and the journals in
#                  /var/lib/hosttune; missing: unchanged
#
# Each case runs in a copy of its directory, so that paths in messages are relative and
# nothing is written here. --update saves the output as the expected one: read the diff
# before you commit it.
set -u
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-build}" && pwd) || exit 2
update=
n=0 passed=0 failed=0 skipped=0

if [ "${1:-}" = --update ]; then
	update=1
	shift
fi
[ -x "$B/hosttune" ] || {
	echo "not ok - $B/hosttune is not built"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-cases-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

# In the copy of a case: run it, and write its results to got.out, got.err and got.exit.
run_case() {
	args='validate profile.yaml'
	[ ! -d root ] || args='audit --no-api --root root profile.yaml'
	[ ! -f args ] || args=$(cat args)
	input=/dev/null
	[ ! -f in ] || input=in
	eval "env -i PATH=\"\$B\" LC_ALL=C hosttune $args" <"$input" >got.out 2>got.err
	echo $? >got.exit
}

# Print the expected "out", "err" or "exit" ($2) of the case $1.
expected() {
	if [ -f "$here/$1/$2" ]; then
		cat "$here/$1/$2"
	elif [ "$2" = exit ]; then
		echo 0
	fi
}

# In the copy of the case $1: print the differences.
compare() {
	for what in exit out err; do
		expected "$1" $what | diff -u --label "expected $what" --label "$what" - got.$what
	done
	[ ! -d root ] || {
		rm -rf root/var/lib/hosttune "$work/before/var/lib/hosttune"
		rmdir -p --ignore-fail-on-non-empty root/var/lib "$work/before/var/lib" 2>/dev/null
		was=$here/$1/after
		[ -d "$was" ] || was=$work/before
		diff -ru --no-dereference -x run "$was" root
	}
}

# In the copy of the case $1: save its results as the expected ones.
take() {
	for what in out err exit; do
		default=
		[ $what != exit ] || default=0
		if [ "$(cat got.$what)" = "$default" ]; then
			rm -f "$here/$1/$what"
		else
			cp got.$what "$here/$1/$what"
		fi
	done
}

# has NEED: it is here.
has() {
	case $1 in
	root) [ "$(id -u)" = 0 ] ;;
	*) (PATH=$PATH:/usr/sbin:/sbin command -v "$1") >/dev/null ;;
	esac
}

one() {
	if [ -f "$here/$1/needs" ] && ! has "$(cat "$here/$1/needs")"; then
		n=$((n + 1)) skipped=$((skipped + 1))
		echo "ok $n - $1 # SKIP without $(cat "$here/$1/needs")"
		return
	fi
	copy=$work/$1
	rm -rf "$work/before"
	cp -R "$here/$1" "$copy"
	cd "$copy" || return
	if [ -f make.sh ] && ! sh -e ./make.sh >/dev/null; then
		n=$((n + 1)) failed=$((failed + 1))
		echo "not ok $n - $1: make.sh"
		cd "$work" && rm -rf "$copy"
		return
	fi
	[ ! -d root ] || cp -R root "$work/before"
	run_case
	[ -z "$update" ] || take "$1"
	compare "$1" >"$work/diff" 2>&1
	cd "$work" || return
	rm -rf "$copy"
	n=$((n + 1))
	if [ -s "$work/diff" ]; then
		failed=$((failed + 1))
		echo "not ok $n - $1"
		sed 's/^/# /' "$work/diff"
	else
		passed=$((passed + 1))
		echo "ok $n - $1"
	fi
}

cd "$here" || exit 2
[ $# -gt 0 ] || set -- */
for case in "$@"; do
	one "${case%/}"
done
echo "1..$n"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
