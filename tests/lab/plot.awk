# SPDX-License-Identifier: Apache-2.0 OR MIT
# The ratios of one experiment (rows of docs/effect/ratios.tsv) as SVG: for each comparison and
# metric a line of a logarithmic axis, with the median of each kernel and its spread.

function x_of(ratio) {
	return left + width * (log(ratio) - log(least)) / (log(most) - log(least))
}

function add(text) {
	out = out text "\n"
}

function text(x, y, body, more) {
	add(sprintf("<text x=\"%.1f\" y=\"%.1f\"%s>%s</text>", x, y, more, body))
}

# Names of what is better when it is more.
function better(metric, ratio) {
	if (ratio > 0.98 && ratio < 1.02)
		return "#6e7781"
	return (metric ~ /bytes$/) == (ratio > 1) ? "#1a7f37" : "#cf222e"
}

function mark(i, y, at) {
	at = metric_of[i]
	add(sprintf("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\" opacity=\".5\"/>",
		x_of(low[i]), y, x_of(high[i]), y, better(at, median[i])))
	add(sprintf("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"><title>%s</title></circle>", x_of(median[i]), y,
		better(at, median[i]), "Linux " kernel[i] ", seed " seed[i] ": " median[i]))
}

BEGIN {
	FS = "\t"
	left = 250
	width = 420
	step = 12
	least = 0.5
	most = 2
}

{
	n++
	kernel[n] = $2
	seed[n] = $3
	metric_of[n] = $5
	median[n] = $7
	low[n] = $8
	high[n] = $9
	name = $4 "\t" $5
	if (!(name in lines))
		order[++names] = name
	rows[name, ++lines[name]] = n
	while (low[n] < least)
		least /= 2
	while (high[n] > most)
		most *= 2
}

END {
	y = 34
	for (i = 1; i <= names; i++) {
		split(order[i], parts, "\t")
		text(left - 12, y + step * lines[order[i]] / 2 + 2, parts[1] ": " parts[2], " text-anchor=\"end\"")
		for (j = 1; j <= lines[order[i]]; j++)
			mark(rows[order[i], j], y + step * (j - 0.5))
		y += step * lines[order[i]] + 8
	}
	for (ratio = least; ratio <= most * 1.01; ratio *= most / least > 64 ? 4 : 2) {
		add(sprintf("<line x1=\"%.1f\" y1=\"28\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"1\"/>", x_of(ratio),
			x_of(ratio), y, ratio > 0.99 && ratio < 1.01 ? "#57606a" : "#d0d7de"))
		text(x_of(ratio), 20, ratio < 0.99 ? "1/" sprintf("%.0f", 1 / ratio) : sprintf("%.0f", ratio),
			" text-anchor=\"middle\"")
	}
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
		left + width + 40, y + 10
	printf "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n%s</svg>\n", out
}
