# SPDX-License-Identifier: Apache-2.0 OR MIT
# The output of `make demo` as a picture that shows one step after the other; after
# terminal.awk. A step starts with "=== TITLE".

function next_step() {
	if (n) {
		step[n] = out
		lines = rows > lines ? rows : lines
		time += 3 + rows * 0.3 # seconds to read it
		end[n] = time
	}
	out = ""
	rows = 0
}

# Add a line, folded at the width of the picture.
function fold(text) {
	while (index(text, "\t"))
		sub(/\t/, substr("        ", 1 + (index(text, "\t") - 1) % 8), text)
	for (; length(text) > columns; text = "  " substr(text, columns + 1))
		add(substr(text, 1, columns))
	add(text)
}

# Show the elements of step i from the end of the one before to its own.
function shown(i, from, to) {
	from = i > 1 ? end[i - 1] / time : 0
	to = end[i] / time
	return sprintf("<g visibility=\"%s\"><animate attributeName=\"visibility\" calcMode=\"discrete\" " \
		"dur=\"%.1fs\" repeatCount=\"indefinite\" values=\"%svisible%s\" keyTimes=\"%s%.4f%s\"/>\n%s</g>\n",
		i == 1 ? "visible" : "hidden", time, i > 1 ? "hidden;" : "", i < n ? ";hidden" : "",
		i > 1 ? "0;" : "", from, i < n ? sprintf(";%.4f", to) : "", step[i])
}

BEGIN { columns = 100 }
/^=== / {
	next_step()
	n++
	run(n ". " substr($0, 5), "#79c0ff", 1)
	finish()
	finish()
	next
}
!n || (/^$/ && !rows) { next }
/^\$ / {
	prompt(substr($0, 3))
	next
}
{ fold($0) }
END {
	next_step()
	for (i = 1; i <= n; i++)
		all = all shown(i)
	picture("make demo", lines, all)
}
