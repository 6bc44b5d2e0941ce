# SPDX-License-Identifier: Apache-2.0 OR MIT
# Pages that wait to be written over time ("series" of a run) as SVG: of each setting a line, in
# parts of the most and of the longest. Variable: comparison.

$1 == "series" && $2 == comparison {
	if (!($3 in n))
		order[++arms] = $3
	at[$3, ++n[$3]] = $4
	value[$3, n[$3]] = $5
	longest = $4 > longest ? $4 : longest
	most = $5 > most ? $5 : most
}

END {
	split("#cf222e #0969da #1a7f37", color, " ")
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"700\" height=\"240\" font-family=\"sans-serif\" font-size=\"12\">"
	print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
	print "<path d=\"M60 20V200H680\" fill=\"none\" stroke=\"#57606a\"/>"
	print "<text x=\"54\" y=\"26\" text-anchor=\"end\">most</text><text x=\"54\" y=\"204\" text-anchor=\"end\">0</text>"
	print "<text x=\"370\" y=\"224\" text-anchor=\"middle\">time; pages that wait to be written</text>"
	for (i = 1; i <= arms; i++) {
		path = ""
		for (j = 1; j <= n[order[i]]; j++)
			path = path sprintf("%s%.1f %.1f", j > 1 ? "L" : "M", 60 + 620 * at[order[i], j] / longest,
				200 - 180 * value[order[i], j] / most)
		printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, color[i]
		printf "<text x=\"600\" y=\"%d\" fill=\"%s\">%s</text>\n", 20 + 16 * i, color[i], order[i]
	}
	print "</svg>"
}
