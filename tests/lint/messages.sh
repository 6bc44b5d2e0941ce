#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# messages.sh [CHECKOUT] : check that a golden case has each message of lib/ about a profile.
#
# Messages are the texts passed to diag_error(), diag_warn(), diag_note(), to
# import_omit() and import_ignore(), to expr_fail() of formulas and refuse() of YAML, returned by functions named *_fault, or assigned
# to `fault`. A text is a pattern: its conversions match anything.
#
# Prints "file:line: text" for each that no tests/cases/*/err or out has, except those below.
set -eu
cd "${1:-$(dirname "$0")/../..}"

# Messages that no golden case can have, and why. An exception that a golden case has, or
# that lib/ no longer has, is an error.
exceptions() {
	cat <<-'END'
	not a value               # libyaml begins a value with nothing else
	is not the name of a setting # names are made by setting_path_format()
	was not found on this node # capture: kinds give a more exact reason
	is not set                # capture, of a setting: tests/vm/capture.sh has an API
	out of memory             # libyaml gets the memory that it asks for
	%s %s: the driver has no %s # capture, from ethtool: tests/unit/network/test_ethtool.c
	network: more than %d interfaces have a device # capture: tests/unit/network/test_select.c
	qdisc %s: is %s           # capture, from rtnetlink: tests/unit/network/test_qdisc.c
	storage: the drives are unknown: %s # and then known: tests/unit/storage/test_per_drive.c
	must be no pattern        # of journals: tests/unit/sysfs/test_kind_sysfs.c
	another profile, or another program, is applied # root installs: tests/unit/engine/test_persist_files.c
	the stored profile is missing or another one    # the same
	the unit is not enabled   # the same
	drives of two arrays named %s: uuid %s and %s # no message of the checker: tests/unit/storage/test_kind_array.c
	END
}

{ exceptions && find lib -name '*.c' | sort; } | awk '
# More than an environment may hold.
BEGIN {
	while (("cat tests/cases/*/err tests/cases/*/out" | getline text) > 0)
		said = said text "\n"
}

# The literal that `code` begins with; `rest` is set to what follows. Adjacent literals are
# one. \001 stands for an escaped quote.
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

# Check one text. A single word is an argument, and "%s" alone is no message.
function look(text) {
	if (text !~ /[a-z%] |[ "][a-z%]/ || text ~ /^(%s)*$/)
		return
	found = said ~ pattern(text)
	if (text in excused) {
		if (found) {
			print file ":" line ": " text ": a golden case has it: remove the exception"
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
		if (code == "" && text !~ ("(diag_(error|warn|note)|import_(omit|ignore)|refuse|expr_fail)[(]|fault = ") &&
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
		print "tests/lint/messages.sh: " text ": no such message: remove the exception"
		bad = 1
	}
	if (!bad)
		print n " messages, each in a golden case"
	exit bad
}'
