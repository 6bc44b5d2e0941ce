#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print the results of the fault campaigns as one table, what went wrong first.
#
# usage: tests/faults/table.sh FILE...
#
# A line "result COMMAND FAULT CALLS TRIED SAME WRONG" of a FILE is a row; the others are shown.
cat "$@" | awk '
	BEGIN { printf "%-14s %-7s %6s %6s %13s %6s\n", "command", "fault", "calls", "tried", "same result", "wrong" }
	$1 != "result" { print "# " $0; next }
	{ printf "%-14s %-7s %6d %6d %13d %6d\n", $2, $3, $4, $5, $6, $7
	  tried += $5; survived += $6; wrong += $7; n++; failed += $7 > 0 }
	END { printf "%-14s %-7s %6s %6d %13d %6d\n", "all", "", "", tried, survived, wrong
	  printf "%d passed, %d failed\n", n - failed, failed; exit failed > 0 }'
