# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# What the suites on this machine share; source it. Those in the VM have tests/vm/guest.sh.
#
# Set `work` to a directory of the suite before the first check.
: "${work:=}"

passed=0 failed=0 skipped=0

# check NAME COMMAND...: one test, which passes if the command succeeds.
check() {
	name=$1
	shift
	if "$@" >"$work/why" 2>&1; then
		passed=$((passed + 1))
		echo "ok $((passed + failed + skipped)) - $name"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed + skipped)) - $name"
		sed 's/^/# /' "$work/why"
	fi
}

# skip NAME REASON: one test that cannot run here.
skip() {
	skipped=$((skipped + 1))
	echo "ok $((passed + failed + skipped)) - $1 # SKIP $2"
}

# summary: print the number of tests and the last line, and fail if a test did.
summary() {
	echo "1..$((passed + failed + skipped))"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}
