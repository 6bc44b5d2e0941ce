#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run test suites and add up their results.
#
# usage: tests/run.sh [SUITE...]      (default: all, in the order below)
#
# A suite is a function below. Its output has TAP lines or ends with a line
# `N passed, N failed, N skipped`. Output goes to $B/log/SUITE, and to the terminal
# if the suite fails. The last line is the sum of all suites.
set -u

B=${B:-build}
MAKE=${MAKE:-make}
LOG=$B/log
CI_VM=${CI:+must}
passed=0 failed=0 skipped=0

# --- suites -------------------------------------------------------------------------

# one NAME COMMAND...: run a command as one test, and print its TAP line.
one() {
	name=$1
	shift
	if "$@" 2>&1; then echo "ok - $name"; else echo "not ok - $name"; fi
}

suite_code() {
	one "formatted (make fmt-check)" "$MAKE" fmt-check
	one "includes follow the layers (make layers)" "$MAKE" layers
	one "headers compile alone (make headers)" "$MAKE" headers
	one "observing cannot write" env CC=gcc tests/lint/observe-cannot-write.sh
	one "each message in a golden case" tests/lint/messages.sh
	one "plain words (tests/lint/words.sh)" tests/lint/words.sh
	one "scripts clean (make lint)" "$MAKE" lint
	one "static analysis clean (make analyze)" "$MAKE" analyze
}

suite_build() {
	one "gcc builds without a warning" "$MAKE" WERROR=1 B="$B" tests
	one "clang builds without a warning" "$MAKE" WERROR=1 CC=clang B="$B/clang" all
}

# Run all cmocka programs of a build directory.
units() {
	for program in "$1"/unit/*/test_*; do
		[ -x "$program" ] || continue
		CMOCKA_MESSAGE_OUTPUT=TAP HOSTTUNE_API_STUB=$1/api-stub "$program" 2>&1 ||
			echo "# exit status $? of $program"
	done
}

suite_unit() { units "$B"; }

suite_sanitize() {
	"$MAKE" WERROR=1 CC=clang SAN=address,undefined B="$B/san" tests || echo "not ok - build"
	units "$B/san"
}

suite_sancases() { B=$B/san tests/cases/run.sh; }

suite_cases() { B=$B tests/cases/run.sh; }

suite_api() {
	B=$B tests/api/selftest.sh
	"$B/api-recorded" "$B/api-stub" tests/api/recorded ||
		[ $? -eq 1 ] || echo "0 passed, 1 failed" # it ended without a summary
	B=$B tests/api/exchanges.sh
}

suite_faults() { B=$B tests/faults/run.sh; }

suite_install() { B=$B MAKE=$MAKE tests/install.sh; }

# Without make check-full, only if it was built before: its libraries take minutes.
suite_static() { B=$B MAKE=$MAKE tests/static.sh; }

suite_newkind() { B=$B tests/new-kind/run.sh; }

# Systems with systemd in the VM; takes ten minutes and needs Debian's archive.
suite_deb() {
	"$MAKE" B="$B" NOTEST=1 deb || echo "not ok - make deb"
	tests/deb/run.sh "$B"/dist/hosttune_*_amd64.deb
}

suite_cli() { B=$B tests/cli.sh; }

suite_power() { B=$B tests/power.sh; }

suite_diagnose() { B=$B tests/diagnose/run.sh; }

suite_completion() { B=$B tests/completion.sh; }

suite_formats() { B=$B tests/formats.sh; }

suite_import() { B=$B tests/import.sh; }
suite_terminal() { B=$B tests/terminal/run.sh; }

suite_schema() { B=$B tests/schema.sh; }

suite_kubernetes() { B=$B tests/kubernetes/run.sh; }

suite_userdata() { B=$B tests/userdata.sh; }

suite_fuzz() { "$MAKE" B="$B" fuzz-corpus; }

suite_vm61() { B=$B CI_VM=$CI_VM tests/vm/check.sh 6.1; }

suite_vm612() { B=$B CI_VM=$CI_VM tests/vm/check.sh 6.12; }

# Both kernels in parallel: a virtual machine uses one processor.
suite_vm() {
	suite_vm61 >"$LOG/vm61" 2>&1 &
	suite_vm612 >"$LOG/vm612" 2>&1
	wait
	cat "$LOG/vm61" "$LOG/vm612"
}

# --- adding up ----------------------------------------------------------------------

# Print "passed failed skipped" of a log: from its summary lines, else from its TAP lines.
count() {
	awk '
	/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { p += $1; f += $3; s += $5; own = 1 }
	/^ok / { if ($0 ~ /# SKIP/) ts++; else tp++ }
	# cmocka 1.1 prints "not ok" for a skipped test
	/^not ok / { if ($0 ~ /# SKIP/) ts++; else tf++ }
	END { if (own) print p + 0, f + 0, s + 0; else print tp + 0, tf + 0, ts + 0 }' "$1"
}

run_suite() {
	start=$(date +%s)
	"suite_$1" >"$LOG/$1" 2>&1
	# shellcheck disable=SC2046 # three words
	set -- "$1" $(count "$LOG/$1")
	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	printf '%-9s %4d passed, %d failed, %d skipped  (%d s)\n' "$1" "$2" "$3" "$4" \
		$(($(date +%s) - start))
	if [ "$3" -gt 0 ] || [ $(($2 + $4)) -eq 0 ]; then
		[ "$3" -gt 0 ] || failed=$((failed + 1))
		sed 's/^/    /' "$LOG/$1" | grep -E -B 12 'not ok|error|FAIL|exit status' | tail -n 80
		echo "    (all of it: $LOG/$1)"
	fi
}

mkdir -p "$LOG"
[ $# -gt 0 ] || [ -z "${HOSTTUNE_FULL:-}" ] || full=deb
# shellcheck disable=SC2086 # none or one
[ $# -gt 0 ] || set -- ${full:-} build code unit cases diagnose cli power completion faults api install static newkind terminal formats schema import userdata kubernetes sanitize sancases fuzz vm
for suite in "$@"; do
	run_suite "$suite"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
