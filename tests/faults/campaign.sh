#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fail each system call of a command once, by each of several errors, and each allocation of
# memory, and look at how it ends; then print one table. The node is a captured tree; an apply
# writes there.
#
# usage: tests/faults/campaign.sh [full] [COMMAND...]      (FAULTS='EIO memory': only these)
#
# Without "full": one call in 23 of each command. With it, all of them, by all errors: an hour or more. It
# continues after an interruption: $B/campaign has the results of each command and error; remove
# it to start again. Of the allocations of diagnose and watch, nearly all of which are those of
# rules, one in 41 fails; without "full" fewer.
#
# A fault may change the result, never hide it:
#   - the command ends within 20 s, with an exit status of hosttune; a lack of memory may abort
#     it, with a message
#   - another status than without the fault has a message
#   - what differs or is wrong on the node is not reported as in sync, restored or applied
#   - without a message, a lack of memory changes no output
#   - a watch that waits has nothing open that it has not without the fault
#   - what only reads changes nothing; after an apply, a watch or a revert, another one without a
#     fault converges, and nothing is left over
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
hosttune=$PWD/$B/hosttune fail_at=$PWD/$B/fail-at no_memory=$PWD/$B/no-memory.so
kind=sample every=23 errors='EIO ENOMEM short memory'
if [ "${1:-}" = full ]; then
	kind=full every=1 errors='EIO ENOSPC ENOMEM EACCES EINTR EAGAIN ENOSYS short memory'
	shift
fi
errors=${FAULTS:-$errors}
[ $# -gt 0 ] || set -- apply watch revert unpersist audit audit-storage validate capture diagnose
results=$PWD/$B/campaign
. tests/faults/commands.sh
. tests/faults/calls.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$results"
[ $kind = full ] || rm -f "$results"/sample-*

# What comes after a fault of a command that writes.
again_of() {
	case $1 in
	watch) command_of apply ;;
	*) command_of "$1" ;;
	esac
}

writes() { case $1 in apply | watch | revert | unpersist) ;; *) false ;; esac }

# run COMMAND-LINE NUMBER FAULT: on the node; set `status`.
run() {
	_line=$1 _number=$2 _fault=$3
	set --
	if [ "$_fault" != memory ] && [ "$_number" != 0 ]; then
		_named=$(call_named "$work/clean.list" "$_number")
		_fault=$_fault:${_named% *} _number=${_named#* }
	fi
	rm -f "$work/list.fds"
	[ "$_fault" != memory ] || set -- /usr/bin/env "NO_MEMORY_AT=$_number" "NO_MEMORY_NOTE=$work/note" "LD_PRELOAD=$no_memory"
	case "$_fault $_line" in
	'memory '*' watch '*) set -- "$fail_at" 0 step:EIO "$work/list" "$@" ;;
	'memory '*) ;;
	*' watch '*) set -- "$fail_at" "$_number" "step:$_fault" "$work/list" ;;
	*) set -- "$fail_at" "$_number" "once:$_fault" "$work/list" ;;
	esac
	[ "$_fault" != memory ] || { : >"$work/note" && truncate -s 4096 "$work/note"; }
	# shellcheck disable=SC2086 # a list of words
	{
		(cd "$work/node" && timeout 20 "$@" "$hosttune" ${_line#* } >"$work/out" 2>"$work/err")
		status=$?
	} 2>/dev/null # sh itself reports what was aborted
}

# How many calls or allocations the last run had, and which one failed.
total() { if [ "$1" = memory ]; then noted 1; else wc -l <"$work/list"; fi }
failed_call() { if [ "$2" = memory ]; then noted 2; else sed -n "$1p" "$work/clean.list"; fi }
noted() { tr -s '\0' '\n' <"$work/note" | sed -n "$1p"; }

bad() {
	{
		echo "$1 $2 at call $3 ($(failed_call "$3" "$2")): $4, status $status"
		sed 's/^/    /' "$work/out" "$work/err" | head -n 12
	} >>"$log"
	wrong=$((wrong + 1))
}

# A message that the run without a fault does not have.
says_more() { grep -vxFf "$work/clean.err" "$work/err" | grep -q .; }
# A report has them, too.
reports_more() { grep -vxFf "$work/clean.out" "$work/out" | grep -qE 'NotReadable|Cannot allocate memory|not checked'; }

# What a watch has open when it waits.
descriptors() { sed 's/[0-9][0-9]*/N/g' "$work/list.fds" | sort; }

# judge COMMAND FAULT NUMBER: how the run ended.
judge() {
	if [ $status -gt 8 ] && ! { [ $status = 134 ] && grep -q 'out of memory' "$work/err"; }; then
		bad "$1" "$2" "$3" "no exit status of hosttune"
	elif [ $status = 0 ] && [ "$clean" != 0 ]; then
		bad "$1" "$2" "$3" "the fault hides what is wrong"
	elif [ $status != "$clean" ] && ! [ -s "$work/err" ] && ! [ -s "$work/out" ]; then
		bad "$1" "$2" "$3" "no message"
	elif [ $status = "$clean" ] && [ "$2" = memory ] && ! says_more && ! reports_more && ! cmp -s "$work/out" "$work/clean.out"; then
		bad "$1" "$2" "$3" "another output without a message"
	elif [ "$1" = revert ] && [ $status = 0 ] && [ "$(state)" != "$after" ]; then
		bad "$1" "$2" "$3" "not all is restored, whatever the message"
	elif writes "$1" && [ $status = 0 ] && ! says_more && [ "$(state)" != "$after" ]; then
		bad "$1" "$2" "$3" "it is not as reported"
	fi
	if [ "$1" = watch ] && [ -s "$work/list.fds" ] && [ "$(descriptors | comm -13 "$work/clean.fds" -)" ]; then
		bad "$1" "$2" "$3" "descriptors stay open: $(descriptors | comm -13 "$work/clean.fds" - | xargs)"
	fi
	# what could not be removed, and was reported
	! grep -q 'warning: remove metrics: ' "$work/err" || rm -f "$work/node/metrics"
	if writes "$1"; then
		run "$(again_of "$1")" 0 EIO
		[ $status = 0 ] || bad "$1" "$2" "$3" "the second run does not converge"
	fi
	[ "$(state)" = "$after" ] || bad "$1" "$2" "$3" "something else is on the node"
}

# stride COMMAND FAULT: print which calls fail: one in so many.
stride() {
	case $1-$2-$kind in
	diagnose-memory-full | watch-memory-full) echo 41 ;;
	diagnose-memory-* | watch-memory-*) echo 6007 ;;
	*-memory-sample) echo 97 ;;
	*) echo $every ;;
	esac
}

# one COMMAND FAULT: fail each call.
one() {
	log=$results/$kind-$1-$2
	! grep -qs '^result' "$log" || return 0
	: >"$log"
	wrong=0 tried=0 survived=0 stride=$(stride "$1" "$2") line=$(command_of "$1")
	fresh "$1"
	run "$line" 0 "$2"
	clean=$status after=$(state) calls=$(total "$2")
	[ "$1" != watch ] || descriptors >"$work/clean.fds"
	[ "$2" = memory ] || mv "$work/list" "$work/clean.list"
	mv "$work/out" "$work/clean.out"
	mv "$work/err" "$work/clean.err"
	number=$((stride / 2 + 1))
	[ "${calls:-0}" -gt 0 ] || { wrong=1 calls=0 && echo "$1 $2: no calls were counted" >>"$log"; }
	while [ $number -le "$calls" ]; do
		! writes "$1" || fresh "$1"
		run "$(command_of "$1")" $number "$2"
		[ $status != "$clean" ] || survived=$((survived + 1))
		tried=$((tried + 1))
		judge "$1" "$2" "$number"
		number=$((number + stride))
	done
	echo "result $1 $2 $calls $tried $survived $wrong" >>"$log"
}

for command; do
	[ "$(command_of "$command")" ] || exit 2
	for fault in $errors; do
		one "$command" "$fault"
	done
done
# shellcheck disable=SC2046 # a list of names
tests/faults/table.sh $(find "$results" -name "$kind-*" ! -name '*-vm-*' | sort)
