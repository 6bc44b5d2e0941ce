#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# diagnose.sh: the cost of hosttune diagnose for a kernel log of 1 MiB and of 1 GiB, against
# wc -l, which only reads the lines. Fails if 1 MiB takes more than 20 ms of processor time,
# or any log more than 16 MiB of memory. ROUNDS=n sets the number of runs of each.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}" "${ROUNDS:=50}"
MS_MAX=20 KIB_MAX=16384

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$CC -std=gnu11 -D_GNU_SOURCE -O2 -static -o "$work/pair" tests/bench/pair.c
hosttune=$(realpath -e "$B/hosttune") || exit 1
wc=$(command -v wc)

# A log of $1 MiB: lines of a healthy node, and the incident 10 times for each MiB.
generate() {
	awk -v bytes=$(($1 * 1048576)) '
	BEGIN { while ((getline line < "tests/diagnose/logs/ena-writeback-2.13.txt") > 0) incident = incident line "\n" }
	BEGIN {
		for (i = 0; written < bytes; i++) {
			line = sprintf("[%5d.%06d] audit: type=1400 audit(1732019696.%03d:%d): avc: denied { read } for pid=%d comm=\"node\"\n",
				10000 + i / 100, i % 1000000, i % 1000, i, i)
			if (i % 900 == 0)
				line = line incident
			printf "%s", line
			written += length(line)
		}
	}'
}

# measure NAME FILE: print a row, and fail if a limit is exceeded.
measure() {
	printf '#!/bin/sh\n"%s" diagnose --kmsg "%s" -q || [ $? -eq 1 ]\n' "$hosttune" "$2" >"$work/diagnose"
	printf '#!/bin/sh\n"%s" -l "%s"\n' "$wc" "$2" >"$work/wc"
	chmod +x "$work/diagnose" "$work/wc"
	"$work/pair" "$3" "$work/wc" -- "$work/diagnose" >"$work/numbers"
	awk -v name="$1" -v ms="$4" -v kib=$KIB_MAX '
	NR == 1 { floor = $2 }
	NR == 2 {
		bad = (ms && $2 - floor > ms) || $4 > kib
		printf "%-10s %10.1f %10.1f %10.2f %10d%s\n", name, floor, $2, $3, $4, bad ? "  ABOVE THE LIMIT" : ""
		exit bad
	}' "$work/numbers" || failed=1
}

failed=0
printf '%-10s %10s %10s %10s %10s\n' log wc_ms cpu_ms ratio rss_kib
generate 1 >"$work/1"
measure "1 MiB" "$work/1" "$ROUNDS" $MS_MAX
generate 1024 >"$work/1024"
measure "1 GiB" "$work/1024" 1 ''
exit $failed
