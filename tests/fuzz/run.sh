#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# run.sh corpus|campaign|table|coverage|minimise [TARGET...]: run the fuzzers of $B, as many at a
# time as there are processors; all of tests/fuzz/targets, or those that are named.
#
#   corpus    each input of the corpus and each seed once, then new ones for FUZZ_SECONDS
#   campaign  new inputs for TIME seconds each, or until RUNS inputs were tried in all
#             campaigns; then the table of all campaigns. In turns, the fuzzers of $B/quick, which
#             have no sanitizers, learn, and those of $B, which have, try what was learnt, then
#             new inputs for a tenth of the time. An interrupted one continues: $B/campaign counts
#             what was tried, $B/learnt has what was learnt
#   table     only print it: the rows of docs/reliability.md
#   coverage  how much of the files that parse is reached by corpus, seeds, and what was LEARNT,
#             by target; $B was built with clang's -fprofile-instr-generate -fcoverage-mapping
#   minimise  into $B/minimised, by target: what the corpus needs to reach what it reaches,
#             of inputs of at most 2 KiB
#
# To reproduce a finding: $B/TARGET FILE. Then fix it, and add the file to the corpus.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build/fuzz}" "${FUZZ_SECONDS:=1}" "${TIME:=}" "${RUNS:=}" "${JOBS:=$(nproc)}"
: "${LEARNT:=$B/learnt}" "${COVERAGE:=$B-coverage}"
export B FUZZ_SECONDS TIME RUNS LEARNT COVERAGE UBSAN_OPTIONS=print_stacktrace=1
CHUNK_S=600 # until the next record: each chunk reads the corpus again
# Allocations without their places, and less memory that is kept freed: a third faster. A finding is
# reproduced with the defaults.
QUICK=malloc_context_size=0:quarantine_size_mb=16

column() { awk -F '; *' -v target="$1" -v n="$2" '$1 == target { print $n }' tests/fuzz/targets; }
all_targets() { sed -n 's/^\(fuzz_[a-z_]*\);.*/\1/p' tests/fuzz/targets; }

# Link the seeds of $1 into one directory: libFuzzer reads no globs.
gather_seeds() {
	rm -rf "$B/seeds/$1"
	mkdir -p "$B/seeds/$1" "$LEARNT/$1" "$B/log" "$B/found" "$B/campaign"
	# shellcheck disable=SC2046 # globs
	set -- "$1" $(column "$1" 4)
	target=$1
	shift
	for file; do
		[ ! -f "$file" ] || ln -sf "$PWD/$file" "$B/seeds/$target/$(echo "$file" | tr / _)"
	done
}

# fuzz BUILD TARGET OPTION...: run libFuzzer, with inputs of at most $longest bytes and the
# sanitizer's $options, if these are set; set `status`, `execs`, `edges`, `why`.
fuzz() {
	build=$1 target=$2 status=0
	shift 2
	dictionary=$(column "$target" 2)
	[ "$dictionary" = - ] || set -- -dict="tests/fuzz/dict/$dictionary.dict" "$@"
	ASAN_OPTIONS=${options:-} "$build/$target" -max_len="${longest:-65536}" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
		-artifact_prefix="$B/found/$target-" "$@" "$LEARNT/$target" "$B/seeds/$target" \
		"tests/fuzz/corpus/$target" >"$B/log/$target" 2>&1 </dev/null || status=$?
	execs=$(awk '/number_of_executed_units/ { print $2 }' "$B/log/$target")
	edges=$(grep -o 'cov: [0-9]*' "$B/log/$target" | tail -n 1)
	execs=${execs:-0} edges=${edges#cov: }
	why=$(grep -om 1 -E 'SUMMARY: .*|Assertion .* failed' "$B/log/$target" || echo "exit status $status")
	why="$why: $(sed -n 's/.*Test unit written to //p' "$B/log/$target") ($B/log/$target)"
}

# What campaigns and earlier runs learnt is not part of the corpus that is tested.
one_corpus() {
	LEARNT=$B/new
	rm -rf "$B/new/$1"
	gather_seeds "$1"
	fuzz "$B" "$1" -max_total_time="$FUZZ_SECONDS"
	if [ "$status" = 0 ]; then
		echo "ok - $1: $execs inputs, coverage $edges"
	else
		echo "not ok - $1: $why"
	fi
}

# The executions of all chunks so far.
tried() {
	if [ -f "$B/campaign/$1" ]; then awk '{ n += $1 } END { print n }' "$B/campaign/$1"; else echo 0; fi
}

# chunk TARGET OPTION...: fuzz, add what was tried to $all, of these with sanitizers to $checked.
# Return: whether it found nothing.
chunk() {
	build=$1
	shift
	fuzz "$build" "$@" -entropic=0 -reload=0
	all=$((all + execs))
	[ "$build" != "$B" ] || checked=$((checked + execs))
	[ "$status" = 0 ] || echo "$1: $why" >&2
	return "$status"
}

# One line of $B/campaign/TARGET is one chunk: executions, of these with sanitizers, seconds,
# findings.
one_campaign() {
	gather_seeds "$1"
	longest=$(column "$1" 3) options=$QUICK
	begin=$(date +%s)
	[ "$TIME$RUNS" ] || TIME=60
	while :; do
		start=$(date +%s) all=0 checked=0
		left=$((${RUNS:-9999999999} - $(tried "$1")))
		left_s=$((${TIME:-86400} - start + begin))
		if [ $left -le 0 ] || [ $left_s -le 0 ]; then break; fi
		[ $left_s -lt $CHUNK_S ] || left_s=$CHUNK_S
		chunk "$B/quick" "$1" -runs="$left" -max_total_time=$((left_s * 9 / 10 + 1)) &&
			chunk "$B" "$1" -max_total_time=$((($(date +%s) - start) / 9 + 1)) || status=1
		echo "$all $checked $(($(date +%s) - start)) $status" >>"$B/campaign/$1"
		[ "$status" = 0 ] || return 0
	done
}

# The coverage is what `coverage` last found. A finding is open as long as its input is there.
table() {
	echo '| fuzzer | inputs tried | of these with sanitizers | lines | branches |'
	echo '|---|---|---|---|---|'
	for target; do
		set -- "$B/campaign/$target" "$COVERAGE/profile/$target.txt"
		[ -f "$1" ] || continue
		[ -f "$2" ] || set -- "$1"
		awk -v name="${target#fuzz_}" '
			/^TOTAL/ { lines = $10; branches = $13; next }
			FNR == NR { n += $1; checked += $2 }
			END { printf "| %s | %d | %d | %s | %s |\n", name, n, checked, lines, branches }
		' "$@"
	done
	find "$B/found" -type f -printf 'not fixed: %p\n' >&2
}

# Lines and branches of the files in the last column.
one_coverage() {
	gather_seeds "$1"
	mkdir -p "$B/profile"
	LLVM_PROFILE_FILE="$B/profile/$1.raw" fuzz "$B" "$1" -runs=0
	llvm-profdata-14 merge -sparse "$B/profile/$1.raw" -o "$B/profile/$1.data"
	# shellcheck disable=SC2046 # globs
	(cd lib && printf 'lib/%s\n' $(cd .. && column "$1" 5)) | while read -r pattern; do
		# shellcheck disable=SC2086
		printf '%s\n' $pattern
	done >"$B/profile/$1.files"
	# shellcheck disable=SC2046 # file names without blanks
	llvm-cov-14 report "$B/$1" -instr-profile="$B/profile/$1.data" $(cat "$B/profile/$1.files") \
		>"$B/profile/$1.txt" 2>/dev/null
	awk -v t="$1" '/^TOTAL/ { printf "%-14s lines %7s  branches %7s\n", t, $10, $13 }' "$B/profile/$1.txt"
}

one_minimise() {
	rm -rf "$B/minimised/$1"
	mkdir -p "$B/minimised/$1"
	"$B/$1" -set_cover_merge=1 -max_len=2048 "$B/minimised/$1" "tests/fuzz/corpus/$1" "$LEARNT/$1" \
		>"$B/log/$1.minimise" 2>&1 </dev/null
	echo "$1: $(find "$B/minimised/$1" -type f | wc -l) inputs"
}

mode=${1:?corpus, campaign, table, coverage or minimise}
shift
case $mode in
one_*)
	"$mode" "$1"
	exit
	;;
esac
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(all_targets)
[ "$mode" = table ] || printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 tests/fuzz/run.sh "one_$mode"
case $mode in campaign | table) table "$@" ;; esac
