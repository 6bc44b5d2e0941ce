#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# messages.sh [CHECKOUT] : whatever lib/ can say of a profile is said in a golden case.
#
# What can be said: the texts given to problems_add(), problems_warn(), problems_note(),
# to fail() of formulas and refuse() of YAML, and what functions named *_fault return or
# `fault` is set to. A text is a pattern: its conversions stand for anything.
#
# Prints "file:line: text" for each that no tests/cases/*/err has, but for those below.
set -eu
cd "${1:-$(dirname "$0")/../..}"

# Cannot be had in a golden case, and why. One that is had, or is gone, is told, too.
exceptions() {
	cat <<-'END'
	not a value               # libyaml begins a value with nothing else
	is no name of a setting   # names are made by setting_path_format()
	is not set                # capture, of a setting: tests/vm/capture.sh has an API
	drives of two arrays named %s: uuid %s and %s # no message of the checker: tests/unit/storage/test_kind_array.c
	END
}

said=$(cat tests/cases/*/err tests/cases/*/out)
export said
{ exceptions && find lib -name '*.c' | sort; } | awk '
# The literal that `code` begins with; what follows it is in `rest`. Literals that stand
# side by side are one. An escaped quote is \001 meanwhile.
function literal(code,   text) {
	gsub(/"[ \t]*PRI[a-z]+[0-9]*[ \t]*"/, "d", code)
	sub(/"[ \t]*PRI[a-z]+[0-9]*/, "d\"", code)
	while (match(code, /^[ \t]*"[^"]*"/)) {
		text = text substr(code, 1, RLENGTH)
		code = substr(code, RLENGTH + 1)
	}
	rest = code
	gsub(/"[ \t]*"/, "", text)
	gsub(/^[ \t]*"|"$/, "", text)
	gsub(/\001/, "\"", text)
	return text
}

function pattern(text) {
	gsub(/%[-.0-9*]*l*z?[a-z]/, "\001", text)
	gsub(/[][\\.*+?^$(){}|]/, "\\\\&", text)
	gsub(/\001/, "[^\n]*", text)
	return text
}

# One sentence or half of one: words are arguments, and "%s" says nothing by itself.
function look(text) {
	if (text !~ /[a-z%] |[ "][a-z%]/ || text ~ /^(%s)*$/)
		return
	found = ENVIRON["said"] ~ pattern(text)
	if (text in excused) {
		if (found) {
			print file ":" line ": " text ": is said: no exception"
			bad = 1
		}
		delete excused[text]
	} else if (!found) {
		print file ":" line ": " text
		bad = 1
	}
	n++
}

# All literals of a statement.
function statement(code) {
	gsub(/\\"/, "\001", code)
	while (match(code, /"/)) {
		code = substr(code, RSTART)
		look(literal(code))
		code = rest
	}
}

function read_source(   text, code, in_fault) {
	line = 0
	code = ""
	while ((getline text < file) > 0) {
		if (code == "")
			line = ++count
		else
			count++
		if (text ~ /^[a-z].*\(/)
			in_fault = text ~ /_fault\(/
		sub(/^[ \t]*(\/\*|\*).*/, "", text)
		if (code == "" && text !~ ("(problems_(add|warn|note)|refuse|" (file ~ /expr/ ? "fail" : "-") ")[(]|fault = ") &&
		    !(in_fault && text ~ /return .*"/))
			continue
		if (code == "" && text ~ /^[a-z]|_printf_/)
			continue
		code = code " " text
		if (text ~ /;/) {
			statement(code)
			code = ""
		}
	}
	close(file)
	count = 0
}

/^lib\// { file = $0; read_source(); next }
{ sub(/ +# .*/, ""); excused[$0] = 1 }

END {
	for (text in excused) {
		print "tests/lint/messages.sh: " text ": nothing says it: no exception"
		bad = 1
	}
	if (!bad)
		print n " messages, each in a golden case"
	exit bad
}'
