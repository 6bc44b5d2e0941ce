#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# layers.sh [CHECKOUT] : a file includes its own layer or a lower one, a third-party
# header stays in one file, and only cmd/ talks to the user.
#
# Prints "file:line: what: rule" for each line that does not hold to it.
set -eu
cd "${1:-$(dirname "$0")/../..}"

exec awk '
BEGIN {
	# lowest first; host may use doc (for answers of the API), doc never host
	n = split("base doc host kinds engine report cmd", order, " ")
	for (i = 1; i <= n; i++)
		level[order[i]] = i
	split("yaml jansson curl libmount blkid libmnl", third_party, " ")
}

function told(what, rule) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, what, rule
	bad = 1
}

# The line without comments, and with all literals empty.
function code_of(line,   out, token, end) {
	for (;;) {
		if (in_comment) {
			end = index(line, "*/")
			if (!end)
				return out
			line = substr(line, end + 2)
			in_comment = 0
		}
		if (!match(line, /\/\*|\/\/|"(\\.|[^"\\])*"|\047(\\.|[^\047\\])+\047/))
			return out line
		token = substr(line, RSTART, RLENGTH)
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (token == "//")
			return out
		if (token == "/*")
			in_comment = 1
		else
			out = out "\"\""
	}
}

function check_own(header,   dir) {
	dir = header
	if (!sub(/\/.*/, "", dir))
		dir = own == "cmd" ? "cmd" : "."
	if (!(dir in level))
		told("#include \"" header "\"", "names no layer, as in \"base/err.h\"")
	else if (level[dir] > level[own])
		told("#include \"" header "\"", own " is below " dir)
	else if (header ~ /^kinds\/kind_/)
		told("#include \"" header "\"", "a kind has no header; what kinds share has its own file")
}

# <yaml.h>, <curl/curl.h>, <libmount/libmount.h> ...: the library is in the last or first part
function check_third_party(header,   name, i, part) {
	split(header, part, /[\/.]/)
	for (i in third_party) {
		name = third_party[i]
		if (name != part[1] && header !~ ("(^|/)" name "\\.h$"))
			continue
		if (FILENAME !~ /\.c$/ || own == "cmd")
			told("#include <" header ">", "a third-party header belongs in one .c below lib/")
		else if (name in user && user[name] != FILENAME)
			told("#include <" header ">", "one .c is the only user of " name ": " user[name])
		else
			user[name] = FILENAME
	}
}

# RULE, if the code has one of WORDS (a regular expression) that ends with END.
function forbid(code, words, end, rule,   what) {
	if (!match(code, "(^|[^A-Za-z0-9_])(" words ")" end))
		return
	what = substr(code, RSTART, RLENGTH)
	gsub(/^[^A-Za-z0-9_]|[^A-Za-z0-9_(]$|[ \t]/, "", what)
	told(what, rule)
}

FNR == 1 {
	split(FILENAME, path, "/")
	own = path[1] == "lib" ? path[2] : path[1]
	in_comment = 0
	if (!(own in level)) {
		told(own, "is no known layer")
		nextfile
	}
}

!in_comment && /^[ \t]*#[ \t]*include[ \t]*["<]/ {
	match($0, /["<][^">]*/)
	header = substr($0, RSTART + 1, RLENGTH - 1)
	if (substr($0, RSTART, 1) == "<")
		check_third_party(header)
	else
		check_own(header)
	next
}

{ code = code_of($0) }

# The one message below cmd/: after it there is no memory to hand an error up with.
own == "cmd" || (FILENAME == "lib/base/mem.c" && /out of memory/) { next }

{
	forbid(code, "system|popen|strcpy|sprintf|atoi|getenv", "[ \t]*\\(", "not in lib/")
	forbid(code, "exit|quick_exit", "[ \t]*\\(", "only cmd/ ends the program")
	forbid(code, "printf|vprintf|puts|putchar|perror", "[ \t]*\\(", "only cmd/ prints")
	forbid(code, "stdout|stderr", "([^A-Za-z0-9_]|$)", "only cmd/ prints")
}

# A forked child of host has its own output, and leaves without the exit handlers.
own != "host" {
	forbid(code, "_exit", "[ \t]*\\(", "only for children of lib/host")
	forbid(code, "STDOUT_FILENO|STDERR_FILENO", "([^A-Za-z0-9_]|$)", "only for children of lib/host")
}

END {
	for (i in third_party)
		if (!(third_party[i] in user)) {
			printf "lib: %s: no file uses it\n", third_party[i]
			bad = 1
		}
	exit bad
}
' lib/*/*.[ch] cmd/*.[ch]
