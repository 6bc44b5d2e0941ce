# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print one profile as a section of docs/profiles.md. The input, from docs/profiles.sh: for
# each node a line "node NAME" and the output of `hosttune show -o json`, which has one member
# per line.

# The text of a member's line, with or without a comma at its end.
function member(line) {
	sub(/^ *"[a-z]+": /, "", line)
	sub(/,$/, "", line)
	if (line ~ /^".*"$/) {
		line = substr(line, 2, length(line) - 2)
		gsub(/\\"/, "\"", line)
		gsub(/\\\//, "/", line)
		gsub(/\\\\/, "\\", line)
	}
	return line
}

# Escape what Markdown would interpret.
function cell(text) {
	gsub(/\|/, "\\|", text)
	gsub(/</, "\\&lt;", text)
	return text
}

# Read the comments of a profile: a block belongs to the line below it. In the sysctl
# section it also belongs to the lines after that, up to the next block.
function read_reasons(name,    source, line, n, block, sysctl) {
	source = "profiles/" name ".yaml"
	if (name in was_read)
		return
	was_read[name] = 1
	while ((getline line < source) > 0) {
		n++
		if (line ~ /^version:/)
			head[name] = block
		if (line ~ /^[a-z]/)
			sysctl = line ~ /^sysctl:/
		if (line ~ /^ *#/) {
			if (!open)
				block = ""
			sub(/^ *# ?/, "", line)
			block = block == "" ? line : block (line == "" ? "\n\n" : substr(block, length(block)) == "\n" ? line : " " line)
			open = 1
			continue
		}
		if (!open && (!sysctl || line ~ /^[a-z]/))
			block = ""
		open = 0
		reason[name, n] = block
	}
	close(source)
}

# Add a value of the row `id` on this node.
function put(id, text, separator) {
	if (!((id, node) in value))
		value[id, node] = text
	else if (text != "")
		value[id, node] = value[id, node] separator text
	if (!(id in known)) {
		known[id] = 1
		rows[++n_rows] = id
	}
}

# Sections whose items have names.
function is_list(section) {
	return section == "storage" || section == "network"
}

function take(path, text,    part, n, id, name) {
	n = split(path, part, "/")
	if (part[2] == "sysctl") {
		id = "`" part[3] "`"
		if (part[n] == "optional")
			optional[id] = text == "true"
		else if (part[n] == "persist")
			put(id, text == "false" ? "(not persisted)" : "", " ")
		else
			put(id, (part[n] == "min" ? "≥ " : part[n] == "max" ? "≤ " : "") text, " ")
	} else if (part[2] == "modules") {
		id = "modules"
		put(id, text, ", ")
	} else if (is_list(part[2]) && part[4] == "name") {
		item[part[2], part[3]] = text
		return
	} else if (is_list(part[2])) {
		id = part[2] " " item[part[2], part[3]] ": " part[4]
		for (name = 5; name <= n && part[name] !~ /^[0-9]+$/; name++)
			id = id " " part[name]
		put(id, text, ", ")
	} else if (part[2] == "memory" || part[2] == "nfsd" || part[2] == "settings") {
		id = part[2] ":"
		for (name = 3; name <= n && part[name] !~ /^[0-9]+$/; name++)
			id = id (name == 3 ? " " : ".") part[name]
		put(id, text, ", ")
	} else {
		if (part[2] == "description")
			description = text
		return
	}
	last = id
}

BEGIN {
	title = file
	sub(/^.*\//, "", title)
	sub(/\.yaml$/, "", title)
	read_reasons(title)
}

/^node / { node = $2; nodes[++n_nodes] = node; next }
/^ *"path": / { last = ""; path = member($0); placed = 0; next }
/^ *"value": / { take(path, member($0)); next }
/^ *"formula": / && last != "" { formula[last] = substr(member($0), 3); next }

# only the first place: later ones belong to values that this one replaced
/^ *"file": / && !placed { origin = member($0); next }
/^ *"line": / && !placed {
	placed = 1
	sub(/^.*\//, "", origin)
	sub(/\.yaml$/, "", origin)
	read_reasons(origin)
	if (last != "" && !(last in why))
		why[last] = reason[origin, member($0)] (origin == title ? "" : " (from " origin ")")
	next
}

END {
	print "\n## " title "\n\n" description ".\n\n" head[title] "\n"
	line = "| value |"
	rule = "|---|"
	for (i = 1; i <= n_nodes; i++) {
		line = line " " nodes[i] " |"
		rule = rule "---|"
	}
	print line " computed as | why |\n" rule "---|---|"
	for (r = 1; r <= n_rows; r++) {
		id = rows[r]
		line = "| " id " |"
		for (i = 1; i <= n_nodes; i++)
			line = line " " cell((id, nodes[i]) in value ? value[id, nodes[i]] (optional[id] ? ", if present" : "") : "not set") " |"
		print line " " (formula[id] == "" ? "" : "`" cell(formula[id]) "`") " | " cell(why[id]) " |"
	}
}
