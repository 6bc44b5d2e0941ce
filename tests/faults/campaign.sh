#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fail each system call of a command once, by each of several errors, and look at how it ends;
# then print one table. The node is a captured tree; an apply writes there.
#
# usage: tests/faults/campaign.sh [full]
#
# Without "full": one call in 23 of each command. With it, all of them, by all errors: hours. It
# continues after an interruption: $B/campaign has the results of each command and error; remove
# it to start again.
#
# A fault may change the result, never hide it:
#   - the command ends within 20 s, with an exit status of hosttune; a lack of memory may abort
#     it, with a message
#   - another status than without the fault has a message
#   - what differs or is wrong on the node is not reported as in sync
#   - what only reads changes nothing; after an apply, a second one without a fault converges, and
#     nothing is left over
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
hosttune=$PWD/$B/hosttune fail_at=$PWD/$B/fail-at cases=$PWD/tests/cases
every=23 errors='EIO ENOMEM short'
if [ "${1:-}" = full ]; then
	every=1 errors='EIO ENOSPC ENOMEM EACCES EINTR EAGAIN ENOSYS short'
fi
results=$PWD/$B/campaign
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$results"
[ "$every" = 1 ] || rm -f "$results"/sample-*

# The commands, and the golden case whose node they run on.
command_of() {
	case $1 in
	audit) echo 'audit-drift audit --no-api --root root profile.yaml' ;;
	audit-storage) echo 'audit-drives-each audit --no-api --root root profile.yaml' ;;
	apply) echo 'apply-sysctls apply --no-api --root root profile.yaml' ;;
	capture) echo 'capture capture --no-api --root root profile.yaml' ;;
	diagnose) echo 'diagnose-counters diagnose --root root' ;;
	esac
}

# A fresh node for the command $1; set `words`, its arguments.
fresh() {
	rm -rf "$work/node"
	words=$(command_of "$1")
	cp -r "$cases/${words%% *}" "$work/node"
	words=${words#* }
}

# run NUMBER FAULT: the command on the node; set `status`.
run() {
	# shellcheck disable=SC2086 # a list of words
	(cd "$work/node" && timeout 20 "$fail_at" "$1" "once:$2" "$work/list" "$hosttune" $words) \
		>"$work/out" 2>"$work/err"
	status=$?
}

# Everything on the node, but for the lock and the journals.
state() { (cd "$work/node" && find root -type f ! -path 'root/run/*' ! -path 'root/var/lib/hosttune/*' -exec sha256sum {} + | sort -k 2); }

bad() {
	echo "$1 $2 at call $3 ($(sed -n "$3p" "$work/list")): $4, status $status" >>"$log"
	sed 's/^/    /' "$work/out" "$work/err" | head -n 12 >>"$log"
	wrong=$((wrong + 1))
}

# judge COMMAND FAULT NUMBER
judge() {
	if [ $status -gt 8 ] && ! { [ $status = 134 ] && grep -q 'memory' "$work/err"; }; then
		bad "$1" "$2" "$3" "no exit status of hosttune"
	elif [ $status = 0 ] && [ "$clean" != 0 ]; then
		bad "$1" "$2" "$3" "the fault hides what is wrong"
	elif [ $status != "$clean" ] && ! [ -s "$work/err" ] && ! [ -s "$work/out" ]; then
		bad "$1" "$2" "$3" "no message"
	fi
	if [ "$1" = apply ]; then
		run 0 EIO
		[ $status = 0 ] || bad "$1" "$2" "$3" "the second run does not converge"
	fi
	[ "$(state)" = "$after" ] || bad "$1" "$2" "$3" "something else is on the node"
}

# one COMMAND FAULT: fail each call.
one() {
	log=$results/$kind-$1-$2
	[ ! -s "$log" ] || return 0
	: >"$log"
	wrong=0 tried=0 survived=0
	fresh "$1"
	run 0 EIO
	clean=$status after=$(state) calls=$(wc -l <"$work/list")
	number=$((every / 2 + 1))
	while [ $number -le "$calls" ]; do
		[ "$1" != apply ] || fresh "$1"
		run $number "$2"
		[ $status != "$clean" ] || survived=$((survived + 1))
		tried=$((tried + 1))
		judge "$1" "$2" $number
		number=$((number + every))
	done
	echo "result $1 $2 $calls $tried $survived $wrong" >>"$log"
}

kind=sample
[ "$every" != 1 ] || kind=full
for command in apply audit audit-storage capture diagnose; do
	for fault in $errors; do
		one $command "$fault"
	done
done
cat "$results/$kind"-* | awk '
	BEGIN { printf "%-14s %-7s %6s %6s %13s %6s\n", "command", "fault", "calls", "tried", "same result", "wrong" }
	$1 != "result" { print "# " $0; next }
	{ printf "%-14s %-7s %6d %6d %13d %6d\n", $2, $3, $4, $5, $6, $7
	  tried += $5; survived += $6; wrong += $7; n++; failed += $7 > 0 }
	END { printf "%-14s %-7s %6s %6d %13d %6d\n", "all", "", "", tried, survived, wrong
	  printf "%d passed, %d failed\n", n - failed, failed; exit failed > 0 }'
