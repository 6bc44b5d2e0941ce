# SPDX-License-Identifier: Apache-2.0 OR MIT
# The output of a terminal, with colors, as elements of SVG: what audit.awk and demo.awk share.
# `out` collects the elements, `rows` counts the lines.

BEGIN {
	size = 14
	wide = 8.4   # of a character of that size; textLength makes every font as wide
	line = 20
	margin = 16
	color["31"] = "#ff7b72"
	color["32"] = "#7ee787"
	color["33"] = "#e3b341"
	color["36"] = "#79c0ff"
	plain()
}

function plain() {
	fill = ""
	bold = dim = 0
}

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

# Add a text in one style, one element for each column: several blanks show as one.
function run(text, fill, bold, body) {
	while (match(text, /[^ ]+( [^ ]+)*/)) {
		body = substr(text, RSTART, RLENGTH)
		at += RSTART - 1
		text = substr(text, RSTART + RLENGTH)
		out = out sprintf("<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\"%s%s>%s</text>\n",
			margin + at * wide, margin + size + rows * line, length(body) * wide,
			fill ? " fill=\"" fill "\"" : "", bold ? " font-weight=\"bold\"" : "",
			escaped(body))
		at += length(body)
	}
	at += length(text)
}

function finish() {
	if (at > most)
		most = at
	at = 0
	rows++
}

# "1;31": the styles of an escape.
function style(codes, i, n, code) {
	n = split(codes, code, ";")
	for (i = 1; i <= n; i++)
		if (code[i] == "0")
			plain()
		else if (code[i] == "1")
			bold = 1
		else if (code[i] == "2")
			dim = 1
		else
			fill = color[code[i]]
}

# Add one line of output.
function add(text, codes, before) {
	sub(/\r$/, "", text)
	while (match(text, /\033\[[0-9;]*m/)) {
		codes = substr(text, RSTART + 2, RLENGTH - 3)
		before = substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		run(before, dim ? "#8b949e" : fill, bold)
		style(codes)
	}
	run(text, dim ? "#8b949e" : fill, bold)
	finish()
}

# Add the command that the user typed.
function prompt(command) {
	run("$ ", "#7ee787", 0)
	run(command, "", 1)
	finish()
}

# Print a picture of so many lines with this title and these elements.
function picture(title, lines, elements, width, height) {
	width = int(2 * margin + most * wide + 0.99)
	height = 2 * margin + lines * line
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", width, height
	printf "viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"%d\" ", width, height, size
	print "font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" fill=\"#e6edf3\">"
	print "<title>" escaped(title) "</title>"
	printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#0d1117\"/>\n", width, height
	printf "%s</svg>\n", elements
}
