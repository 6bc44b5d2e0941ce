#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print how much of lib/ was reached by what left its counts in $B, by room, and with -v, by file.
# tests/coverage/run.sh runs the tests. A branch is covered if it was taken at least once.
#
# usage: tests/coverage/table.sh [-v]
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build/coverage}"
by=room
[ "${1:-}" != -v ] || by="file"
find "$B/lib" -name '*.gcda' -print0 | xargs -0 -n 64 gcov -n -b 2>/dev/null | awk -v by=$by '
	# the share is rounded: count what it is of
	function covered(line) {
		match(line, /[0-9.]+%/)
		share = substr(line, RSTART, RLENGTH - 1)
		of = line; sub(/.* of /, "", of)
		return int(share * of / 100 + 0.5)
	}
	/^File / { file = $2; gsub(/\047/, "", file); mine = file ~ /^lib\/.*\.c$/ && !(file in seen); fresh = 1; next }
	!mine { next }
	/^Lines executed/ && !fresh { next } # the sum, at the end
	/^Lines executed/ {
		fresh = 0
		seen[file] = 1
		room = file; if (by == "room") { sub(/\/[^\/]*$/, "", room) }
		hit[room] += covered($0); lines[room] += of; all_hit += covered($0); all += of
	}
	/^Taken at least once/ { taken[room] += covered($0); branches[room] += of; all_taken += covered($0); all_branches += of }
	function row(to, name, h, l, t, b) {
		printf "%-34s %6d %6.1f %% %8d %6.1f %%\n", name, l, 100 * h / (l ? l : 1), b, 100 * t / (b ? b : 1) | to
	}
	END {
		printf "%-34s %6s %8s %8s %8s\n", by, "lines", "reached", "branches", "taken"
		fflush()
		for (room in lines)
			row("sort", room, hit[room], lines[room], taken[room], branches[room])
		close("sort")
		row("cat", "all", all_hit, all, all_taken, all_branches)
	}'
