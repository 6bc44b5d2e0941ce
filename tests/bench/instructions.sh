#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# instructions.sh: count the instructions of four fixed runs, from main() on, with callgrind, and
# compare them with tests/bench/instructions.txt. A change of more than 5 % is printed and never
# fails: it says that a commit made hosttune slower, or faster, where time is too noisy to say so.
#
# usage: tests/bench/instructions.sh [--update]
#
# Counts depend on compiler and C library: others than the recorded ones are not compared.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}"
record=tests/bench/instructions.txt
program=$B/valgrind/hosttune
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v valgrind >/dev/null; then
	echo "ok - instructions of fixed runs # SKIP valgrind: command not found"
	exit
fi

# count NAME ARG...: print the name, and how many instructions the run takes.
count() {
	name=$1
	shift
	valgrind --tool=callgrind --toggle-collect=main --callgrind-out-file=/dev/null \
		"$program" "$@" >"$work/output" 2>&1 || [ $? -le 5 ] || { cat "$work/output" >&2 && exit 1; }
	echo "$name $(sed -n 's/^==.*Collected : \([0-9]*\)$/\1/p' "$work/output")"
}

{
	printf 'version: 1\nsysctl:\n'
	seq -f '  net.ipv4.conf.eth%.0f.forwarding: 1' 1 300
} >"$work/300.yaml"
{
	echo "with $($CC --version | head -n 1); $(getconf GNU_LIBC_VERSION)"
	count validate-300-sysctls validate "$work/300.yaml"
	count show-nfs-server show --facts docs/nodes/i4i.8xlarge.yaml nfs-server
	count diagnose-log diagnose --kmsg tests/diagnose/logs/ena-writeback-2.13.txt
	count audit-bundle audit --bundle tests/cases/bundle-audit-json/node tests/cases/bundle-audit-json/profile.yaml
} >"$work/now"

if [ "${1:-}" = --update ]; then
	cp "$work/now" "$record"
	exit
fi
if [ "$(head -n 1 "$record")" != "$(head -n 1 "$work/now")" ]; then
	echo "ok - instructions of fixed runs # SKIP recorded $(head -n 1 "$record")"
	exit
fi
awk '
FNR == 1 { next }
NR == FNR { recorded[$1] = $2; next }
{
	change = 100 * ($2 / recorded[$1] - 1)
	printf "# %s: %d instructions, %+.1f %%\n", $1, $2, change
	if (change > 5 || change < -5)
		printf "# note: %s takes %+.1f %% instructions (tests/bench/instructions.sh --update records them)\n", $1, change
}' "$record" "$work/now"
echo "ok - instructions of fixed runs are counted"
