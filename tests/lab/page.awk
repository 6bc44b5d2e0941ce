# SPDX-License-Identifier: Apache-2.0 OR MIT
# After table.awk: one experiment of docs/effect.md, from its header and its ratios.
# Variables: name, svg: the plots.

function cell(key, kernel, seed) {
	if (!((key, kernel, seed) in median))
		return ""
	return sprintf("%s (%s to %s)", shown(median[key, kernel, seed]), shown(low[key, kernel, seed]),
		shown(high[key, kernel, seed]))
}

function label(metric, where) {
	if (sub(/^local\./, "", metric))
		where = ", on the server"
	return (metric in labels ? labels[metric] : metric) where
}

function capital(text) {
	return toupper(substr(text, 1, 1)) substr(text, 2)
}

function count_repeats(key, kernel, kernels, i) {
	split("6.1 6.12", kernels, " ")
	for (i = 1; i <= 2; i++) {
		kernel = kernels[i]
		repeated += again(key, kernel)
		confirmed += again(key, kernel) && !contradicts(key, kernel)
	}
}

function table(i, parts, lines, arm, arms, wanted) {
	n = split(header["Arms"], lines, "\n")
	for (i = 1; i <= n; i++) {
		arm = lines[i]
		sub(/ .*/, "", arm)
		sub(/^[^ ]* /, "", lines[i])
		sub(/->/, "to", lines[i])
		arms[arm] = lines[i]
	}
	print "| comparison | what | 6.1 | 6.1, again | 6.12 | 6.12, again |"
	print "|---|---|---|---|---|---|"
	wanted = " " header["Metrics"] " "
	for (i = 1; i <= n_keys; i++) {
		split(keys[i], parts, SUBSEP)
		if (parts[1] != name || !index(wanted, " " parts[3] " "))
			continue
		count_repeats(keys[i])
		printf "| %s: %s | %s%s | %s | %s | %s | %s |\n", parts[2], arms[parts[2]], label(parts[3]),
			differs(keys[i]) ? " (does not repeat)" : "", cell(keys[i], "6.1", 1), cell(keys[i], "6.1", 2),
			cell(keys[i], "6.12", 1), cell(keys[i], "6.12", 2)
	}
}

BEGIN {
	labels["files.time"] = "time to create all files"
	labels["write.p50"] = "synchronous write, median"
	labels["write.p99"] = "synchronous write, 99th percentile"
	labels["write.max"] = "synchronous write, longest"
	labels["stat.p50"] = "attributes of a file, median"
	labels["stat.p99"] = "attributes of a file, 99th percentile"
	labels["stat.max"] = "attributes of a file, longest"
	labels["read.p50"] = "open and read a cached file, median"
	labels["read.p99"] = "open and read a cached file, 99th percentile"
	labels["read.max"] = "open and read a cached file, longest"
	labels["drain.time"] = "time until the disk has the rest"
	labels["hold.max"] = "longest time that the kernel held the processor"
	labels["stalled.time"] = "time that programs waited for the disk (PSI, some)"
	labels["dirty.max"] = "most dirty pages"
	labels["sendfile.p50"] = "sendfile of 16 MiB, median"
	labels["sendfile.max"] = "sendfile of 16 MiB, longest"
	labels["sent.bytes"] = "throughput (more is better)"
	labels["sent.again"] = "segments sent again"
	labels["first.p50"] = "connect to first byte, median"
	labels["first.p99"] = "connect to first byte, 99th percentile"
	labels["walk.time"] = "time of the walk"
	labels["again.time"] = "time of the second walk"
	labels["all.time"] = "time until the disk has all"
	labels["random.time"] = "time of the random reads"
	labels["read.sectors"] = "read from the disk"
	labels["memory.time"] = "time to read the program's memory"
	labels["transfer.time"] = "time of the transfer"
	labels["written.sectors"] = "written to the disk"
}

/^# [A-Z][A-Za-z ]*: / {
	field = $0
	sub(/^# /, "", field)
	sub(/: .*/, "", field)
	text = $0
	sub(/^# [A-Z][A-Za-z ]*: /, "", text)
	header[field] = header[field] (header[field] ? "\n" : "") text
	next
}
/^#   / && field {
	text = $0
	sub(/^#   /, "", text)
	header[field] = header[field] " " text
	next
}
{ field = "" }

END {
	gsub(/\{/, "{" name " ", header["Answer"])
	printf "## %s\n\n%s\n\n**%s**\n\n", name, capital(header["Question"]), capital(header["Answer"])
	printf "*Method.* %s\n\n*Refuted if* %s\n\n", capital(header["Method"]), header["Refuted if"]
	if (header["Limits"])
		printf "*What the lab cannot say.* %s\n\n", capital(header["Limits"])
	table()
	print ""
	if (repeated)
		printf "*Another seed.* %d of %d ratios are within the spread of the first run.\n\n", confirmed, repeated
	n = split(svg, plots, " ")
	for (i = 1; i <= n; i++)
		printf "![%s](effect/%s)\n\n", name, plots[i]
}
