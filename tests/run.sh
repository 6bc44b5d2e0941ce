#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run test suites and add up their results.
#
# usage: tests/run.sh [SUITE...]      (default: all)
#
# Given suites run one after the other. All suites run side by side, two more at a time than
# there are processors, since virtual machines wait now and then: JOBS=n, how many.
#
# A suite is a function below. Its output has TAP lines or ends with a line
# `N passed, N failed, N skipped`. Output goes to $B/log/SUITE, and to the terminal
# if the suite fails. Then follows where the time went, also in $B/log/times. The last line
# is the sum of all suites.
set -u

B=${B:-build}
MAKE=${MAKE:-make}
LOG=$B/log
CI_VM=${CI:+must}
JOBS=${JOBS:-$(($(nproc) + 2))}
SAN=$B/fuzz # with what fuzzers need, so that they share its objects
. tests/cpu.sh

# --- suites -------------------------------------------------------------------------

# one NAME COMMAND...: run a command as one test, and print its TAP line.
one() {
	name=$1
	shift
	if "$@" 2>&1; then echo "ok - $name"; else echo "not ok - $name"; fi
}

suite_code() {
	suite_quick
	suite_analyze
}

suite_quick() {
	if clang-format --version | grep -q ' 14\.'; then
		one "formatted (make fmt-check)" "$MAKE" fmt-check
	else
		echo "ok - formatted # SKIP clang-format is not 14"
	fi
	one "includes follow the layers (make layers)" "$MAKE" layers
	one "headers compile alone (make headers)" "$MAKE" headers
	one "observing cannot write" env CC=gcc tests/lint/observe-cannot-write.sh
	one "each message in a golden case" tests/lint/messages.sh
	one "one version (tests/lint/version.sh)" tests/lint/version.sh "$B/hosttune"
	one "make docs leaves nothing behind" tests/lint/leftovers.sh "$B/hosttune"
	one "each fuzzer listed (tests/lint/fuzzers.sh)" tests/lint/fuzzers.sh
	one "plain words (tests/lint/words.sh)" tests/lint/words.sh
	one "scripts clean (make lint)" "$MAKE" lint
}

suite_effect() { tests/lab/current.sh; }

suite_analyze() { one "static analysis clean (make analyze)" "$MAKE" analyze; }

suite_tidy() { one "clang-tidy clean (make tidy)" "$MAKE" tidy; }

suite_valgrind() { B=$B tests/valgrind.sh; }

suite_instructions() { B=$B tests/bench/instructions.sh; }

suite_build() { one "gcc builds without a warning" "$MAKE" -j "$(nproc)" WERROR=1 B="$B" tests; }

# What runs in the VM. Its sources come from a mirror, which may lack them: then the VM tests
# run the ordinary program, more slowly. With make check-full, also the image.
suite_guest() {
	make_guest
	rm -f "$LOG/guest.pending"
}

make_guest() {
	if "$MAKE" B="$B" static >"$LOG/guest.make" 2>&1; then
		one "the programs of guests" "$MAKE" B="$B" guest
	else
		rm -rf "$B/guest"
		echo "ok - the static program in the VM # SKIP $(tail -n 1 "$LOG/guest.make")"
	fi
	[ -z "${HOSTTUNE_FULL:-}" ] || one "the image (make image)" make_image
}

make_image() {
	packaging/deps.sh image && "$MAKE" B="$B" image
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
	if "$MAKE" WERROR=1 CC=clang SAN=address,undefined,fuzzer-no-link B="$SAN" tests; then
		units "$SAN"
	else
		echo "not ok - clang builds without a warning"
	fi
}

# What parses, with clang's memory sanitizer: only with make check-full.
suite_msan() { "$MAKE" B="$B" check-msan; }

suite_sancases() { B=$SAN tests/cases/run.sh; }

suite_cases() { B=$B tests/cases/run.sh; }

suite_api() {
	B=$B tests/api/selftest.sh
	"$B/api-recorded" "$B/api-stub" tests/api/recorded ||
		[ $? -eq 1 ] || echo "0 passed, 1 failed" # it ended without a summary
	B=$B tests/api/exchanges.sh
}

suite_faults() {
	B=$B tests/faults/run.sh
	B=$B tests/faults/campaign.sh
	B=$B tests/faults/conditions.sh
	B=$B tests/faults/persist.sh
	B=$B tests/faults/baseline.sh
}

suite_install() { B=$B MAKE=$MAKE tests/install.sh; }

# Without make check-full, only if it was built before (suite guest).
suite_static() {
	after_guest
	B=$B MAKE=$MAKE tests/static.sh
}

# Programs and the image of arm64 in an emulator and in a VM; as above.
suite_arm64() { B=$B MAKE=$MAKE CI_VM=$CI_VM tests/arm64/run.sh; }

# The image; as above.
suite_image() { B=$B MAKE=$MAKE tests/image.sh; }

# The image in docker, podman and a registry: only with make check-full.
suite_engines() { B=$B tests/engines.sh; }

suite_newkind() { B=$B tests/new-kind/run.sh; }

# Systems with systemd in the VM, and package builders; takes 25 minutes and needs Debian's archive.
suite_deb() {
	"$MAKE" B="$B" NOTEST=1 deb || echo "not ok - make deb"
	tests/deb/builder.sh "$B"/dist/hosttune-*.tar.gz
	tests/deb/run.sh "$B"/dist/hosttune_*_amd64.deb
	"$MAKE" B="$B" ARCH=arm64 deb || echo "not ok - make deb ARCH=arm64"
	tests/deb/arm64.sh "$B"/dist/hosttune_*_amd64.deb "$B"/dist/hosttune_*_arm64.deb
}

suite_cli() {
	B=$B tests/cli.sh
	B=$B tests/files.sh
	B=$B tests/collect.sh
}

suite_power() { B=$B tests/power.sh; }

suite_hostile() { B=$B tests/hostile/run.sh; }

suite_diagnose() {
	B=$B tests/diagnose/run.sh
	B=$B tests/diagnose/unread.sh
}

suite_completion() { B=$B tests/completion.sh; }

suite_formats() { B=$B tests/formats.sh; }

suite_import() { B=$B tests/import.sh; }
suite_terminal() { B=$B tests/terminal/run.sh; }

suite_schema() { B=$B tests/schema.sh; }

suite_kubernetes() { B=$B tests/kubernetes/run.sh; }

suite_userdata() { B=$B tests/userdata.sh; }

suite_fuzz() { "$MAKE" B="$B" fuzz-corpus; }

# Wait for suite guest, if that is yet to come.
after_guest() {
	while [ -e "$LOG/guest.pending" ]; do sleep 1; done
}

# guests KERNEL [drives|host]: what runs in the VM, or a part of it.
guests() {
	after_guest
	B=$B CI_VM=$CI_VM tests/vm/check.sh "$@"
}

suite_drives61() { guests 6.1 drives; }
suite_drives612() { guests 6.12 drives; }
suite_host61() { guests 6.1 host; }
suite_host612() { guests 6.12 host; }
suite_vm61() { guests 6.1; }
suite_vm612() { guests 6.12; }

# Both kernels in parallel: a virtual machine uses one processor.
suite_vm() {
	suite_vm61 >"$LOG/vm61" 2>&1 &
	suite_vm612 >"$LOG/vm612" 2>&1
	wait
	cat "$LOG/vm61" "$LOG/vm612"
}

# The oldest and the newest kernel: only with make check-full.
suite_kernels() {
	guests 5.10 >"$LOG/vm510" 2>&1 &
	guests 7.x >"$LOG/vm7x" 2>&1
	wait
	cat "$LOG/vm510" "$LOG/vm7x"
}

# The commands of README.md on fresh systems; takes ten minutes and needs Debian's archive.
suite_readme() { B=$B tests/readme.sh; }

# From the previous release to this tree, in the VM; builds the previous one.
suite_upgrade() { B=$B tests/upgrade.sh; }

# What the profiles change, in short: only with make check-full.
suite_lab() { B=$B CI_VM=$CI_VM tests/lab/short; }

suite_release() { tests/release.sh; }

# --- adding up ----------------------------------------------------------------------

# Print "passed failed skipped" of a log: from its summary lines, else from its TAP lines. A
# failure that no summary counts is one nevertheless.
count() {
	awk '
	/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { p += $1; f += $3; s += $5; own = 1 }
	/^ok / { if ($0 ~ /# SKIP/) ts++; else tp++ }
	# cmocka 1.1 prints "not ok" for a skipped test
	/^not ok / { if ($0 ~ /# SKIP/) ts++; else tf++ }
	END { if (own) print p + 0, (tf > f ? tf : f) + 0, s + 0; else print tp + 0, tf + 0, ts + 0 }' "$1"
}

# Run a suite, and leave "NAME passed failed skipped seconds CPU-seconds" in its .result.
run_suite() {
	start=$(date +%s)
	cpu_mark "$LOG/$1.cpu"
	"suite_$1" >"$LOG/$1" 2>&1
	cpu_since "$LOG/$1.cpu"
	# shellcheck disable=SC2046 # three words
	set -- "$1" $(count "$LOG/$1")
	[ $(($2 + $3 + $4)) -gt 0 ] || set -- "$1" 0 1 0
	echo "$* $(($(date +%s) - start)) $cpu" >"$LOG/$1.result"
	{
		printf '%-10s %4d passed, %d failed, %d skipped  (%d s)\n' "$1" "$2" "$3" "$4" \
			$(($(date +%s) - start))
		sed -n 's/^# note: /    note: /p' "$LOG/$1" # of what is no failure
		if [ "$3" -gt 0 ]; then
			sed 's/^/    /' "$LOG/$1" | grep -E -B 12 'not ok|error|FAIL|exit status' | tail -n 80
			echo "    (all of it: $LOG/$1)"
		fi
	} >"$LOG/$1.said"
	cat "$LOG/$1.said"
}

# pool N JOB...: run the jobs in this order, N at a time. A job is a suite, or several, one after
# the other: SUITE+SUITE.
pool() {
	n=$1
	shift
	printf '%s\n' "$@" | xargs -n 1 -P "$n" "$0" --job
}

# Print the suites that "$@" does not name.
others() {
	sed -n 's/^suite_\([a-z0-9]*\)().*/\1/p' "$0" | grep -vxF "$(printf '%s\n' "$@" | tr + '\n')"
}

# Print where the time went: suites, and below them the scripts that print theirs, the longest
# first. The time of a suite that ran beside others is longer than it needs.
times_table() {
	printf '%8s %8s  %s\n' seconds CPU "suite, script"
	cat "$LOG"/*.result | sort -k 5,5nr | while read -r name _ _ _ seconds cpu; do
		printf '%8d %8d  %s\n' "$seconds" "$cpu" "$name"
		sed -n 's/^# \(.*\): \([0-9]*\) s, \([0-9]*\) s of CPU$/\2 \3 \1/p' "$LOG/$name" | sort -nr |
			while read -r seconds cpu script; do
				printf '%8d %8d    %s\n' "$seconds" "$cpu" "$script"
			done
	done
	awk '{ cpu += $6 } END { printf "%8s %8d  all\n", "", cpu }' "$LOG"/*.result
}

export B MAKE
if [ "${1:-}" = --job ]; then
	for suite in $(echo "$2" | tr + ' '); do run_suite "$suite"; done
	exit
fi
mkdir -p "$LOG"
rm -f "$LOG"/*.result
if [ $# -gt 0 ]; then
	for suite; do run_suite "$suite"; done
else
	[ "${HOSTTUNE_FULL:-}" ] || unless_full='deb engines lab kernels msan readme upgrade tidy'
	# what others need first; then the longest first, but none waits for long
	run_suite build
	: >"$LOG/guest.pending"
	long="guest+drives61 sanitize+sancases+fuzz analyze drives612 host612 host61 faults unit cases \
		static+arm64+image${HOSTTUNE_FULL:++engines} quick userdata"
	# shellcheck disable=SC2046,SC2086 # lists of words
	pool "$JOBS" $long $(others $long build vm vm61 vm612 code ${unless_full:-})
	times_table | tee "$LOG/times"
fi
awk '{ p += $2; f += $3; s += $4 } END { print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"; exit f > 0 }' \
	"$LOG"/*.result
