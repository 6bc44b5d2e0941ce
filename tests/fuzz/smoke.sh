#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# smoke.sh [TARGET...]: run the fuzzers of $B (default: all) for FUZZ_SECONDS each, two at
# a time, and print their findings. There should be none. make fuzz-smoke builds them
# first.
#
# All start from the built-in profiles, the files of the golden cases, and corpus/TARGET:
# small inputs for this fuzzer, and earlier findings. $B/corpus/TARGET stores what a run
# adds. To reproduce a finding: $B/TARGET FILE.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build/fuzz}" "${FUZZ_SECONDS:=60}"
export B FUZZ_SECONDS

# Run the target $1 and print one line.
run_one() {
	log=$B/log/$1 found=$B/found/$1-
	mkdir -p "$B/corpus/$1"
	status=0
	UBSAN_OPTIONS=print_stacktrace=1 "$B/$1" -max_total_time="$FUZZ_SECONDS" \
		-max_len=65536 -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$found" "$B/corpus/$1" "$B/seeds" "tests/fuzz/corpus/$1" \
		>"$log" 2>&1 </dev/null || status=$?
	execs=$(awk '/number_of_executed_units/ { print $2 }' "$log")
	coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
	if [ "$status" = 0 ]; then
		echo "ok - $1: ${execs:-0} execs, coverage ${coverage#cov: }"
		return
	fi
	echo "not ok - $1: $(grep -om 1 -E 'SUMMARY: .*|Assertion .* failed' "$log" ||
		echo "exit status $status"): $(sed -n 's/.*Test unit written to //p' "$log") ($log)"
	return 1
}

# Skip golden cases that a script makes: they test size.
gather_seeds() {
	rm -rf "$B/seeds"
	mkdir -p "$B/seeds" "$B/log" "$B/found"
	for file in profiles/*.yaml tests/cases/*/*.yaml tests/cases/*/out lib/diagnose/rules/*.yaml tests/diagnose/logs/ena-*.txt \
		tests/cases/import-*/*.conf tests/cases/import-*/*.toml tests/cases/import-*/*.json; do
		[ ! -f "$file" ] || cp "$file" "$B/seeds/$(echo "$file" | tr / _)"
	done
}

if [ "${1:-}" = --one ]; then
	run_one "$2"
	exit
fi
gather_seeds
if [ $# -gt 0 ]; then
	printf '%s\n' "$@"
else
	basename -s .c tests/fuzz/fuzz_*.c
fi | xargs -P 2 -n 1 tests/fuzz/smoke.sh --one
