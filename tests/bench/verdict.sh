#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# verdict.sh DIR: what the results of bench.sh say: targets, and cost as a constant and a slope.
# Lines with tabs, for people and for page.sh; it never fails.
set -eu
awk -F'\t' -v OFS='\t' '
{ key = $1 SUBSEP $2 SUBSEP $3; wall[key] = $4; cpu[key] = $5; ratio[key] = $6; rss[key] = $9; calls[key] = $10 }
$2 + 0 > 0 && $1 ~ /^(validate|tree|apply|plan|diagnose|report)$/ {
	line = $1 SUBSEP $3
	if (!(line in count))
		order[++lines] = line
	i = ++count[line]
	x[line, i] = $2
	y[line, i] = $5
	kib[line, i] = $9
}
function has(section, size, program) { return (section, size, program) in cpu }
function target(text, value, most, format) {
	printf "target\t%s\t" format "\t" format "\t%s\n", text, value, most, (value <= most ? "met" : "MISSED")
}
function at_least(text, value, least) {
	printf "target\t%s\t%.1f\t%.1f\t%s\n", text, value, least, (value >= least ? "met" : "MISSED")
}
# of the least squares
function fit(line, values,   i, n, sx, sy, sxx, sxy) {
	n = count[line]
	for (i = 1; i <= n; i++) {
		sx += x[line, i]; sy += values[line, i]
		sxx += x[line, i] * x[line, i]; sxy += x[line, i] * values[line, i]
	}
	slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
	constant = (sy - slope * sx) / n
}
END {
	h = "hosttune, static"
	if (has("start", 1, h))
		target("start-up to an empty static program", ratio["start", 1, h], 2, "%.2f")
	if (has("audit", 30, h)) {
		target("audit of 30 sysctls to the floor", ratio["audit", 30, h], 1.5, "%.2f")
		if (calls["audit", 30, h] != "-")
			target("system calls of that audit", calls["audit", 30, h], 3 * 30 + 60, "%d")
	}
	if (has("audit", 30, h) && has("audit", 30, "sysctl -p"))
		target("audit of 30 sysctls to sysctl -p", cpu["audit", 30, h] / cpu["audit", 30, "sysctl -p"], 1, "%.2f")
	if (has("tree", 3000, h)) {
		target("audit of 3,000 sysctls to the floor", ratio["tree", 3000, h], 1.3, "%.2f")
		if (calls["tree", 3000, h] != "-")
			target("system calls of that audit", calls["tree", 3000, h], 3 * 3000 + 60, "%d")
		target("peak memory of that audit, KiB", rss["tree", 3000, h], 3072 + 200 * 3000 / 1024, "%d")
	}
	if (has("apply", 3000, h))
		target("apply of 3,000 sysctls to writing and reading them", ratio["apply", 3000, h], 2.2, "%.2f")
	if (has("run", 30, h) && has("run", 30, "TuneD, one shot"))
		at_least("whole run: TuneD to hosttune, time", wall["run", 30, "TuneD, one shot"] / wall["run", 30, h], 20)
	if (has("run", 30, h) && has("run", 30, "systemd-sysctl, sh, curl, jq"))
		at_least("whole run: a script to hosttune, time", wall["run", 30, "systemd-sysctl, sh, curl, jq"] / wall["run", 30, h], 2)
	for (i = 0; i <= 200; i += 200)
		if (has("watch", i, h)) {
			target("watch at rest, " i " namespaces, % of a CPU", ratio["watch", i, h] + 0, 0.05, "%.3f")
			target("watch, " i " namespaces, KiB", rss["watch", i, h], 3072, "%d")
		}
	if (has("watch", 200, h)) # one look in 5 s
		target("a look at 200 namespaces, ms of CPU", cpu["watch", 200, h] * 5000 / wall["watch", 200, h], 20, "%.1f")
	for (l = 1; l <= lines; l++) {
		line = order[l]
		if (count[line] < 2)
			continue
		split(line, part, SUBSEP)
		fit(line, y)
		cost = sprintf("%.2f\t%.2f", constant, slope * 1000)
		fit(line, kib)
		print "slope", part[1], part[2], cost, sprintf("%.0f\t%.0f", constant, slope * 1024)
	}
}' "$1/rows" | awk -F'\t' '
$1 == "target" && !seen_target++ { printf "%-55s %9s %9s\n", "target", "measured", "limit" }
$1 == "target" { printf "%-55s %9s %9s  %s\n", $2, $3, $4, $5 }
$1 == "slope" && !seen_slope++ { printf "\n%-10s %-22s %12s %12s %12s %12s\n", "cost", "program", "constant ms", "us for each", "constant KiB", "B for each" }
$1 == "slope" { printf "%-10s %-22s %12s %12s %12s %12s\n", $2, $3, $4, $5, $6, $7 }'
