# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For the tests of this directory: which call of a list of fail-at is to fail.

# call_named LIST NUMBER: print "NAME NTH", the name of that call, and its number among those of
# the name: then fail-at stops only at these.
call_named() {
	awk -v number="$2" '
		{ name = $1 == "call" ? $2 : $1; seen[name]++ }
		NR == number { print name, seen[name]; exit }' "$1"
}
