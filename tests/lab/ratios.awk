# SPDX-License-Identifier: Apache-2.0 OR MIT
# The samples of a run as ratios: for each comparison and metric, of the pairs AFTER / BEFORE,
# the median, the lowest and the highest. Output, separated by tabs:
# EXPERIMENT KERNEL SEED COMPARISON METRIC PAIRS MEDIAN LOW HIGH
#
# Variables: experiment, kernel, seed, arms: lines "COMPARISON BEFORE -> AFTER".

function row(name, n, parts, i, j, swap) {
	split(name, parts, SUBSEP)
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && of[name, j - 1] > of[name, j]; j--) {
			swap = of[name, j]
			of[name, j] = of[name, j - 1]
			of[name, j - 1] = swap
		}
	median = n % 2 ? of[name, (n + 1) / 2] : (of[name, n / 2] + of[name, n / 2 + 1]) / 2
	printf "%s\t%s\t%s\t%s\t%s\t%d\t%.3g\t%.3g\t%.3g\n", experiment, kernel, seed, parts[1], parts[2], n, median,
		of[name, 1], of[name, n]
}

BEGIN {
	OFS = "\t"
	n_arms = split(arms, lines, "\n")
	for (i = 1; i <= n_arms; i++) {
		split(lines[i], words, " ")
		before[words[1]] = words[2]
		after[words[1]] = words[4]
	}
}

$1 == "sample" && $4 == before[$2] { first[$2, $3, $5] = $6 }
$1 == "sample" && $4 == after[$2] && ($2, $3, $5) in first {
	name = $2 SUBSEP $5
	if (!(name in count))
		order[++names] = name
	# a count may be zero
	of[name, ++count[name]] = ($6 + 1) / (first[$2, $3, $5] + 1)
}
END {
	for (i = 1; i <= names; i++)
		row(order[i], count[order[i]])
}
