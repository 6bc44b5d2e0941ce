#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# words.sh [CHECKOUT] : find phrases that are hard to read, and suggest plain ones.
#
# It reads comments and strings of C files and scripts, expected output of golden cases,
# documents, profiles and packaging. It does not read identifiers, here-documents of
# scripts, or inputs of golden cases.
#
# Prints `file:line: "phrase": say "replacement"` for each banned phrase. Without
# CHECKOUT, it first runs on a small tree of known faults and must find exactly those.
set -eu

# Extended regular expressions in lower case, which match whole words, and replacements.
# Some words are hard only in some uses, and a pattern cannot say which. They are not
# listed: taken (a lock is taken), kept (in memory), seen, wanted (a column), known as
# (a name), asked for, has to (before a verb other than "be"), leave out.
banned() {
	cat <<-'END'
	(tell|tells|telling|told) [^.;:]*apart -> distinguish
	tell|tells|telling|told|tellers? -> report, print, log
	mend|mends|mended|mending -> fix, repair
	(is|are|was|were) to be -> must be, is expected to be
	(has|have|had|having) to be -> must be
	should have (a|an|no|one|the|exactly|[0-9]+|%[a-z]+) -> must have
	(as|is|are|was|were) wanted -> in sync, as configured
	is [^ ]+, wanted -> is X, should be Y
	known as ours|of ours -> owned by hosttune
	of (its|our|their|one's) own -> its own X, a separate X
	somebody|somebody's|someone else|someone else's -> another process, foreign, you
	(put|puts|putting) ([a-z]+ )?back -> roll back, restore
	(left|leaves) ([a-z]+ )?(alone|out) -> skip, do not change, omit
	(go|goes|went|going) on -> continue
	what (is|was) (already )?there -> current, existing
	(is|are|was|were) (already there|there already) -> is present, exists
	not known|cannot be known -> unknown
	time allowed -> deadline
	stands? upon|stood upon|standing upon -> depends on; dependents
	upon -> on
	wrong usage -> usage error
	drives? of (the|that|a) model -> matching drive
	say .?optional(: true)? -> add `optional: true`
	(keep|keeps|kept|keeping) over -> persist across
	not begun -> not started
	begun -> started
	kinds? that (only )?looks? -> read-only kind
	(is|are|be|was|were) had -> is available
	whence|hence|lest|nought|thereby|whereof -> so, because, whose
	END
}

# File and phrase, both as expressions, and why the phrase may stay. A line here that
# nothing needs is an error.
allowed() {
	cat <<-'END'
	tests/lint/words[.]sh .*: contains the list, and faults on purpose
	(docs/rules[.]md|tests/cases/.*) tell: a verdict, "cannot tell", is what people say and search for
	END
}

# --- the check on itself -------------------------------------------------------------

# At least one fault for each expression and each kind of file, next to correct text.
fixture() {
	mkdir -p .ci cmd/help docs lib/a packaging profiles tests/cases/a tests/vm
	cat >lib/a/a.c <<-'END'
	/* The caller is
	 * told. */
	int told(int mend); /* not_told, retold */
	const char *text = "left "
	                   "alone", *b = "not";
	char c = '"'; // "known"? Told
	END
	printf 'char *y = "goes\\non, told\\"" PRIu64 "is to be";\n' >cmd/a.h
	cat >.ci/run <<-'END'
	#!/bin/sh
	told=1 # not told
	echo "wrong usage: $(told) $told"
	END
	printf 'It goes\non\n' >cmd/help/a.txt
	printf 'x:\n\ttold # as wanted\n' >Makefile
	printf 'description: put it back\n' >profiles/a.yaml
	printf 'fix: not\nbegun: "was told"\n' >tests/cases/a/out
	printf 'mend: x\n' >tests/cases/a/profile.yaml
	printf '.B told\nof \\fIits\\fR own\n' >packaging/hosttune.8
	printf '[Unit]\nDescription=upon\n' >packaging/a.service
	printf '# not\n# begun\n' >tests/vm/run
	cat >docs/a.md <<-'END'
	Tell x apart from y. Mends; it was to be, had to be, should have one, is 1,
	wanted 2; is wanted, of ours, of their own, somebody, puts back, leaves it out, goes
	on, what is there, is already there, not known, time allowed, stands upon, upon,
	wrong usage, drive of the model, say "optional: true", kept over, not begun, begun,
	kinds that only look, be had, hence. It tells.
	END
}

# What the check must print for the fixture, without the replacements.
found_in_fixture() {
	cat <<-'END'
	.ci/run:2: "told"
	.ci/run:3: "wrong usage"
	Makefile:2: "as wanted"
	cmd/a.h:1: "goes on"
	cmd/a.h:1: "told"
	cmd/a.h:1: "is to be"
	cmd/help/a.txt:2: "goes on"
	docs/a.md:1: "tell x apart"
	docs/a.md:1: "mends"
	docs/a.md:1: "was to be"
	docs/a.md:1: "had to be"
	docs/a.md:1: "should have one"
	docs/a.md:2: "is 1, wanted"
	docs/a.md:2: "is wanted"
	docs/a.md:2: "of ours"
	docs/a.md:2: "of their own"
	docs/a.md:2: "somebody"
	docs/a.md:2: "puts back"
	docs/a.md:2: "leaves it out"
	docs/a.md:3: "goes on"
	docs/a.md:3: "what is there"
	docs/a.md:3: "is already there"
	docs/a.md:3: "not known"
	docs/a.md:3: "time allowed"
	docs/a.md:3: "stands upon"
	docs/a.md:3: "upon"
	docs/a.md:4: "wrong usage"
	docs/a.md:4: "drive of the model"
	docs/a.md:4: "say "optional: true"
	docs/a.md:4: "kept over"
	docs/a.md:4: "not begun"
	docs/a.md:4: "begun"
	docs/a.md:5: "kinds that only look"
	docs/a.md:5: "be had"
	docs/a.md:5: "hence"
	docs/a.md:5: "tells"
	lib/a/a.c:2: "told"
	lib/a/a.c:5: "left alone"
	lib/a/a.c:6: "told"
	packaging/a.service:2: "upon"
	packaging/hosttune.8:1: "told"
	packaging/hosttune.8:2: "of its own"
	profiles/a.yaml:1: "put it back"
	tests/cases/a/out:2: "begun"
	tests/cases/a/out:2: "told"
	tests/vm/run:2: "not begun"
	END
}

check_itself() {
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	(cd "$dir" && fixture)
	found_in_fixture >"$dir/expected"
	IN_FIXTURE=1 "$0" "$dir" | sed 's/: say ".*//' >"$dir/found"
	diff "$dir/expected" "$dir/found" || {
		echo "tests/lint/words.sh: wrong result for its own fixture (< expected, > found)"
		exit 1
	}
}

# --- the check -----------------------------------------------------------------------

self=$(readlink -f "$0")
if [ $# -eq 0 ]; then
	check_itself
	set -- "$(dirname "$self")/../.."
fi
cd "$1"

files() {
	if [ -e .git ]; then git ls-files; else find . -type f | sed 's,^\./,,'; fi | LC_ALL=C sort
}

BANNED=$(banned) ALLOWED=$(allowed)
export BANNED ALLOWED
files | awk '
BEGIN {
	n = split(ENVIRON["BANNED"], row, "\n")
	for (i = 1; i <= n; i++) {
		split(row[i], part, " -> ")
		phrase[i] = part[1]
		instead[i] = part[2]
		any = any (i > 1 ? "|" : "") part[1]
	}
	any = "[^a-z0-9_](" any ")[^a-z0-9_]"
	allow = split(ENVIRON["ALLOWED"], row, "\n")
	for (i = 1; i <= allow; i++) {
		split(row[i], part, ": ")
		match(part[1], / /)
		allow_file[i] = "^(" substr(part[1], 1, RSTART - 1) ")$"
		allow_phrase[i] = "^(" substr(part[1], RSTART + 1) ")$"
	}
}

function class_of(name) {
	if (name ~ /^tests\/cases\/[^\/]*\/(out|err)$/)
		return "golden"
	if (name ~ /^(lib|cmd|tests)\/.*\.([ch]|def)$/)
		return "c"
	if (name ~ /\.(sh|py|awk)$|^Makefile$|^\.ci\/|^tests\/vm\/[^.]*$/)
		return "script"
	if (name ~ /\.8$/)
		return "man"
	if (name ~ /^packaging\/|^cmd\/help\/|^profiles\/.*\.yaml$|\.md$/)
		return "text"
	return ""
}

function is_allowed(found,   i) {
	for (i = 1; i <= allow; i++)
		if (file ~ allow_file[i] && found ~ allow_phrase[i])
			return used[i] = 1
	return 0
}

function report(found,   i) {
	if (is_allowed(found))
		return
	for (i = 1; i < n && found !~ ("^(" phrase[i] ")$"); i++)
		continue
	printf "%s:%d: \"%s\": say \"%s\"\n", file, number, found, instead[i]
	hit[i] = bad = 1
}

# Phrases of a text. If it continues the line before, a phrase may start there.
function look(text, flows,   before, end) {
	texts[class] += text != ""
	before = flows ? tail " " : ""
	tail = substr(text, length(text) > 40 ? length(text) - 40 : 1)
	text = " " tolower(before text) " "
	gsub(/[ \t]+/, " ", text)
	end = length(before)
	while (match(text, any)) {
		if (RSTART + RLENGTH - 2 > end)
			report(substr(text, RSTART + 1, RLENGTH - 2))
		end -= RSTART + RLENGTH - 2
		text = substr(text, RSTART + RLENGTH - 1)
	}
}

# Comments and literals of a line of C. `open` is what the next line may continue.
function look_c(line,   text, was, first, token, end) {
	was = open
	first = open == "comment" ? open : ""
	if (line ~ /^[ \t]*#[ \t]*include/)
		return
	for (;;) {
		if (open == "comment") {
			sub(/^[ \t]*\*+([^\/]|$)/, " ", line)
			end = index(line, "*/")
			text = text " " (end ? substr(line, 1, end - 1) : line)
			if (!end)
				break
			line = substr(line, end + 2)
			open = ""
		}
		if (!match(line, /\/\*|\/\/|"(\\.|[^"\\])*"|\047(\\.|[^\047\\])+\047/)) {
			if (line ~ /[^ \t]/)
				open = ""
			break
		}
		token = substr(line, RSTART, RLENGTH)
		open = token == "/*" ? "comment" : token ~ /^"/ ? "literal" : ""
		if (first == "" && substr(line, 1, RSTART - 1) ~ /^[ \t]*$/)
			first = token == "//" ? token : open
		else if (first == "")
			first = "code"
		line = substr(line, RSTART + RLENGTH)
		if (token == "//") {
			text = text " " line
			open = token
			break
		}
		if (open == "literal")
			text = text " " substr(token, 2, length(token) - 2)
	}
	gsub(/\\[nt]/, " ", text)
	look(text, was != "" && was == first)
}

# Comments and quoted text of a line of sh, make, awk or Python, without its expansions.
function look_script(line,   text, token, comment) {
	comment = line ~ /^[ \t]*#/
	while (match(line, /"(\\.|[^"\\])*("|$)|\047[^\047]*\047|(^|[ \t;])#.*/)) {
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		text = text " " token
	}
	if (comment)
		sub(/^[ \t]*#+/, "", text)
	gsub(/\$\([^()]*\)/, " ", text)
	gsub(/\$\(\([^()]*\)\)|\$[{]?[A-Za-z0-9_]+/, " ", text)
	gsub(/\\[nt]/, " ", text)
	look(text, comment && open == "#")
	open = comment ? "#" : ""
}

function look_line(line) {
	if (class == "c") {
		look_c(line)
	} else if (class == "script") {
		look_script(line)
	} else if (class == "golden") {
		look(line, 0)
	} else {
		if (class == "man") {
			gsub(/\\f[BIRP]/, "", line)
			gsub(/\\-/, "-", line)
			sub(/^\.[A-Z]+ /, "", line)
		}
		sub(/^[ \t]*#/, "", line)
		look(line, 1)
	}
}

{
	file = $0
	class = class_of(file)
	if (class == "")
		next
	open = tail = ""
	for (number = 1; (getline line < file) > 0; number++)
		look_line(line)
	close(file)
	files++
}

END {
	m = split("golden c script man text", row, " ")
	for (i = 1; i <= m; i++)
		if (!texts[row[i]]) {
			print "tests/lint/words.sh: read no text of class " row[i]
			bad = 1
		}
	for (i = 1; i <= allow; i++)
		if (!used[i] && !ENVIRON["IN_FIXTURE"]) {
			print "tests/lint/words.sh: exception not needed: " allow_file[i]
			bad = 1
		}
	for (i = 1; i <= n; i++)
		if (!hit[i] && ENVIRON["IN_FIXTURE"])
			print "not in the fixture: " phrase[i]
	if (!bad)
		print files " files, no banned phrase"
	exit bad
}'
