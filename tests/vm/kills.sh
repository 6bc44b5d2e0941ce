#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# All kills of tests/vm/killed.sh on one kernel, in slices.
#
# usage: tests/vm/kills.sh [-k 6.1|6.12] [-w DIR] [SCENARIO...]
#
# DIR (default build/torture/KERNEL) stores the output of each slice that has passed. Those
# slices are not run again, so an interrupted campaign continues.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
export HOSTTUNE_B="$B"

SLICES=4

kernel=6.1 work=''
while getopts k:w: option; do
	case $option in
	k) kernel=$OPTARG ;;
	w) work=$OPTARG ;;
	*) sed -n 's/^# usage: /usage: /p' "$0" >&2 && exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- single data array each half cut
work=${work:-$B/torture/$kernel}
mkdir -p "$work"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0

# Test only every n-th write of mkfs.xfs: two formatted drives make many similar ones.
writes() {
	case $1 in
	single | data) echo 1 ;;
	*) echo 10 ;;
	esac
}

for scenario; do
	slice=0
	while [ $slice -lt $SLICES ]; do
		kept=$work/kills.$scenario.$slice
		name="kernel $kernel, $scenario, slice $((slice + 1)) of $SLICES"
		if [ -e "$kept" ]; then
			passed=$((passed + 1))
			echo "ok - $name: $(sed -n 's/.*\(killed [0-9]* times\)/\1/p' "$kept") before"
		elif tests/vm/run -k "$kernel" -d 3 -s 320M -t 7200 -- \
			tests/vm/killed.sh "$scenario" "$(writes "$scenario")" $SLICES $slice >"$log" 2>&1; then
			cp "$log" "$kept"
			passed=$((passed + 1))
			echo "ok - $name: $(sed -n 's/.*\(killed [0-9]* times\)/\1/p' "$kept")"
		else
			failed=$((failed + 1))
			echo "not ok - $name"
			sed 's/^/# /' "$log"
		fi
		slice=$((slice + 1))
	done
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
