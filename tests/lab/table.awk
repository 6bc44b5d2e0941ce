# SPDX-License-Identifier: Apache-2.0 OR MIT
# docs/effect/ratios.tsv, for page.awk, fill.awk and effects.awk, which follow it on the command
# line. Its rows: EXPERIMENT KERNEL SEED COMPARISON METRIC PAIRS MEDIAN LOW HIGH.
# A key is EXPERIMENT SUBSEP COMPARISON SUBSEP METRIC.

# The factor around a ratio that the printed spread has at least: 5 %, and 15 % of its logarithm,
# since only the order of magnitude of a large effect counts.
function least_spread(ratio, size) {
	size = log(ratio) * (ratio < 1 ? -0.15 : 0.15)
	return exp(size > 0.05 ? size : 0.05)
}

FILENAME ~ /\.tsv$/ {
	split($0, f, "\t")
	key = f[1] SUBSEP f[4] SUBSEP f[5]
	median[key, f[2], f[3]] = f[7]
	about = least_spread(f[7])
	low[key, f[2], f[3]] = f[8] < f[7] / about ? f[8] : f[7] / about
	high[key, f[2], f[3]] = f[9] > f[7] * about ? f[9] : f[7] * about
	if (!(key in runs))
		keys[++n_keys] = key
	if (!runs[key] || low[key, f[2], f[3]] < lowest[key])
		lowest[key] = low[key, f[2], f[3]]
	if (!runs[key] || high[key, f[2], f[3]] > highest[key])
		highest[key] = high[key, f[2], f[3]]
	least[key] = !runs[key] || f[7] < least[key] ? f[7] : least[key]
	most[key] = !runs[key] || f[7] > most[key] ? f[7] : most[key]
	sum[key] += log(f[7])
	runs[key]++
	next
}

function within(key, kernel, a, b) {
	return median[key, kernel, b] >= low[key, kernel, a] && median[key, kernel, b] <= high[key, kernel, a]
}

# Whether a ratio was measured again on that kernel with another seed, and whether that run
# contradicts the first.
function again(key, kernel) {
	return ((key, kernel, 1) in median) && ((key, kernel, 2) in median)
}

function contradicts(key, kernel) {
	return again(key, kernel) && !within(key, kernel, 1, 2) && !within(key, kernel, 2, 1)
}

function differs(key) {
	return contradicts(key, "6.1") || contradicts(key, "6.12")
}

# A ratio with two digits.
function shown(ratio) {
	return ratio >= 9.95 ? sprintf("%.0f", ratio) : ratio >= 0.995 ? sprintf("%.1f", ratio) : sprintf("%.2g", ratio)
}

function range(from, to) {
	return shown(from) == shown(to) ? shown(from) : shown(from) " to " shown(to)
}

# The mean of all runs of what has been measured and did repeat, with spread also the lowest and
# highest of any run. Of what did not repeat, the lowest and the highest ratio, if all have one
# direction, or with spread; else report it, and set failed: then a sentence cannot be made of it.
function measured(experiment, comparison, metric, spread, key, mean) {
	key = experiment SUBSEP comparison SUBSEP metric
	if ((key in runs) && differs(key) && (least[key] > 0.95 || most[key] < 1.05))
		return range(least[key], most[key])
	if ((key in runs) && !differs(key)) {
		mean = shown(exp(sum[key] / runs[key]))
		return spread ? mean " (" shown(lowest[key]) " to " shown(highest[key]) ")" : mean
	}
	if ((key in runs) && spread)
		return range(least[key], most[key]) "; the runs contradict each other"
	printf "%s: %s %s: not measured, or its direction does not repeat\n", experiment, comparison, metric >"/dev/stderr"
	failed = 1
	return "?"
}
