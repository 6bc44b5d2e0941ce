# SPDX-License-Identifier: Apache-2.0 OR MIT
# docs/effect/ratios.tsv, for page.awk, fill.awk and effects.awk, which follow it on the command
# line. Its rows: EXPERIMENT KERNEL SEED COMPARISON METRIC PAIRS MEDIAN LOW HIGH.
# A key is EXPERIMENT SUBSEP COMPARISON SUBSEP METRIC.

FILENAME ~ /\.tsv$/ {
	split($0, f, "\t")
	key = f[1] SUBSEP f[4] SUBSEP f[5]
	median[key, f[2], f[3]] = f[7]
	# the spread that the page prints is at least this
	low[key, f[2], f[3]] = f[8] < f[7] * 0.95 ? f[8] : f[7] * 0.95
	high[key, f[2], f[3]] = f[9] > f[7] * 1.05 ? f[9] : f[7] * 1.05
	if (!(key in runs))
		keys[++n_keys] = key
	sum[key] += log(f[7])
	runs[key]++
	next
}

function within(key, kernel, a, b) {
	return median[key, kernel, b] >= low[key, kernel, a] && median[key, kernel, b] <= high[key, kernel, a]
}

# Whether two runs of a kernel with different seeds contradict each other.
function differs(key, kernel, i, kernels) {
	split("6.1 6.12", kernels, " ")
	for (i = 1; i <= 2; i++) {
		kernel = kernels[i]
		if (((key, kernel, 1) in median) && ((key, kernel, 2) in median) && !within(key, kernel, 1, 2) &&
		    !within(key, kernel, 2, 1))
			return 1
	}
	return 0
}

# A ratio with two digits.
function shown(ratio) {
	return ratio >= 9.95 ? sprintf("%.0f", ratio) : ratio >= 0.995 ? sprintf("%.1f", ratio) : sprintf("%.2g", ratio)
}

# The mean of all runs of what has been measured and did repeat; else report it, and set failed.
function measured(experiment, comparison, metric, key) {
	key = experiment SUBSEP comparison SUBSEP metric
	if ((key in runs) && !differs(key))
		return shown(exp(sum[key] / runs[key]))
	printf "%s: %s %s: not measured, or it does not repeat\n", experiment, comparison, metric >"/dev/stderr"
	failed = 1
	return "?"
}
