#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# layers.sh [CHECKOUT] [BUILD] : who may use whom.
#
# - A room uses rooms on the floors below it, by include and by call; no neighbour on its
#   own floor but those listed under "may".
# - A sub-room has a floor, too: below its own room, which uses it, or above, if it is the
#   sub-room that uses the room.
# - No circle of files: a unit is NAME.c with NAME.h.
# - A third-party header stays in one file.
# - Only cmd/ talks to the user.
#
# Prints "file:line: what: rule" for each line that breaks a rule. Calls are read from
# the objects in BUILD (default: build), which must exist.
set -eu
cd "${1:-$(dirname "$0")/../..}"
B=${2:-${B:-build}}

objects=$(find "$B/lib" "$B/cmd" -name '*.o' 2>/dev/null | sort)
[ "$objects" ] || {
	echo "$B: no objects to read calls from (run make first)"
	exit 1
}

# "call FILE SYMBOL" for each undefined symbol, "definition FILE SYMBOL" for each defined.
symbols() {
	# shellcheck disable=SC2086 # a list of files
	nm -A $objects | awk -v b="$B/" '
	{
		file = $1
		sub(/:.*/, "", file)
		sub(b, "", file)
		sub(/\.o$/, ".c", file)
	}
	$2 == "U" { print "call", file, $3 }
	$2 ~ /^[TDRBV]$/ { print "definition", file, $3 }'
}

# shellcheck disable=SC2046 # a list of files
# A file whose source is gone leaves its object behind: it is no part of the program.
symbols | while read -r what file symbol; do
	[ ! -f "$file" ] || echo "$what $file $symbol"
done | awk '
BEGIN {
	# floors, lowest first; rooms of one floor are neighbours
	n = split("base|base/text|doc|bundle|host|host/process|confine host/module host/mount|host/namespace host/tree|" \
		"bottlerocket journal stored|resource|storage/block storage/mount storage/queue sysctl/known|" \
		"module network nfsd settings storage sysctl sysfs|network/queues|profile|diagnose/rules|" \
		"diagnose/counters diagnose/log diagnose/nfs diagnose/node diagnose/pods|diagnose|engine import|" \
		"engine/persist|engine/capture engine/undo|baseline collect fleet watch|explain report|" \
		"report/audit report/baseline report/diagnosis report/fleet report/profiles report/revert report/schema|" \
		"report/watch|cmd", floors, "|")
	for (i = 1; i <= n; i++) {
		rooms = split(floors[i], room, " ")
		for (j = 1; j <= rooms; j++)
			floor[room[j]] = i
	}

	# "user used": why
	may["settings sysctl"] = "stores sysctls through settings.kernel.sysctl"
	may_file["lib/resource/kinds.c"] = "the list of all kinds"

	split("yaml jansson curl libkmod libmount blkid libmnl archive zlib", third_party, " ")
}

function complain(place, what, rule) {
	printf "%s: %s: %s\n", place, what, rule
	bad = 1
}

function room_of(file,   room) {
	room = file
	if (!sub(/\/[^\/]*$/, "", room))
		return ""
	sub(/^lib\//, "", room)
	return room
}

# Whether `user` may use `used`; else why not.
function fault(user, used, file) {
	if (!(used in floor))
		return used " is no room"
	if (user == used || (user " " used) in may || file in may_file)
		return ""
	if (floor[used] > floor[user])
		return user " is below " used
	if (floor[used] == floor[user])
		return user " and " used " are on the same floor"
	return ""
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

function unit_of(path) {
	sub(/\.[ch]$/, "", path)
	sub(/^lib\//, "", path)
	return path
}

function check_own(header,   used, why) {
	used = room_of(header)
	if (used == "" && own == "cmd")
		used = "cmd"
	why = fault(own, used, FILENAME)
	if (why != "")
		complain(FILENAME ":" FNR, "#include \"" header "\"", why)
	else if (header ~ /\/kind_/)
		complain(FILENAME ":" FNR, "#include \"" header "\"",
			"a kind has no header; what kinds share has its own file")
	if (own != "cmd" && unit_of(header) != unit_of(FILENAME))
		uses[unit_of(FILENAME)] = uses[unit_of(FILENAME)] " " unit_of(header)
}

# <yaml.h>, <curl/curl.h>, <libmount/libmount.h> ...: the library is in the last or first part
function check_third_party(header,   name, i, part) {
	split(header, part, /[\/.]/)
	for (i in third_party) {
		name = third_party[i]
		if (name != part[1] && header !~ ("(^|/)" name "\\.h$"))
			continue
		if (FILENAME !~ /\.c$/ || own == "cmd")
			complain(FILENAME ":" FNR, "#include <" header ">",
				"a third-party header belongs in one .c below lib/")
		else if (name in user && user[name] != FILENAME)
			complain(FILENAME ":" FNR, "#include <" header ">",
				"one .c is the only user of " name ": " user[name])
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
	complain(FILENAME ":" FNR, what, rule)
}

# --- calls, from the objects: standard input, read first

FILENAME == "-" && $1 == "definition" { defined[$3] = $2 }
FILENAME == "-" && $1 == "call" { called[++calls] = $2 " " $3 }
FILENAME == "-" { next }

# --- sources

FNR == 1 {
	sources++
	own = room_of(FILENAME)
	in_comment = 0
	if (!(own in floor)) {
		complain(FILENAME, own, "is no room")
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

# The only message below cmd/: without memory, no error can be passed up.
own == "cmd" || (FILENAME == "lib/base/mem.c" && /out of memory/) { next }

{
	forbid(code, "system|popen|strcpy|sprintf|atoi|getenv", "[ \t]*\\(", "not in lib/")
	forbid(code, "exit|quick_exit", "[ \t]*\\(", "only cmd/ ends the program")
	forbid(code, "printf|vprintf|puts|putchar|perror", "[ \t]*\\(", "only cmd/ prints")
	forbid(code, "stdout|stderr", "([^A-Za-z0-9_]|$)", "only cmd/ prints")
}

# A forked child of lib/host or lib/confine has its own output, and exits without exit handlers.
own !~ /^(host(\/|$)|confine$)/ {
	forbid(code, "_exit", "[ \t]*\\(", "only for children of lib/host and lib/confine")
	forbid(code, "STDOUT_FILENO|STDERR_FILENO", "([^A-Za-z0-9_]|$)", "only for children of lib/host")
}

# --- all together

function check_calls(   i, part, used, why) {
	for (i = 1; i <= calls; i++) {
		split(called[i], part, " ")
		if (!(part[2] in defined))
			continue
		used = defined[part[2]]
		why = fault(room_of(part[1]), room_of(used), part[1])
		if (why != "")
			complain(part[1], part[2] "()", why " (it is in " used ")")
	}
}

# Depth first; a unit that is met again while it is open closes a circle.
function visit(unit, path,   next_unit, i, n) {
	open_unit[unit] = 1
	n = split(uses[unit], next_unit, " ")
	for (i = 1; i <= n; i++) {
		if (!(next_unit[i] in open_unit))
			visit(next_unit[i], path " -> " next_unit[i])
		else if (open_unit[next_unit[i]] == 1)
			complain("lib/" unit, path " -> " next_unit[i], "a circle of files")
	}
	open_unit[unit] = 2
}

END {
	check_calls()
	for (unit in uses)
		if (!(unit in open_unit))
			visit(unit, unit)
	for (i in third_party)
		if (!(third_party[i] in user))
			complain("lib", third_party[i], "no file uses it")
	if (sources < 100 || calls < 1000)
		complain("layers.sh", sources + 0 " files, " calls + 0 " calls",
			"too few to be the whole program")
	exit bad
}
' - $(find lib cmd -name '*.[ch]' | sort)
