#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fail system calls of hosttune, one at a time, in what needs a real kernel: formatting and mounting
# a drive, an array, the threads of nfsd, a revert of these, a step of the watch.
#
# usage: tests/vm/run -k 6.12 -d 3 -s 320M -t 3600 [-o DIR] -- tests/vm/faults.sh [full] [SCENARIO...]
#
# A call is that of hosttune or of a child that runs no other program; mkfs.xfs, mdadm and modprobe
# do their work. Many calls are alike: those of one name on paths that differ only in digits are a
# group, and of each the first, the second and the last one fail, by each error: first each group
# once, while the errors take turns. Without "full": of one group in $HOSTTUNE_EVERY (default 4) the
# first. A scenario stops after $HOSTTUNE_SECONDS (default: 150, with "full" never), and says so.
#
# DIR gets the results, and a run that was interrupted continues there (make campaign).
#
# A fault may change the result, never hide it:
#   - the command ends within 60 s, with an exit status of hosttune, or out of memory with a message
#   - another status than without the fault has a message
#   - 0 without a further message: everything is as after the run without the fault
#   - if something else is on the node than before and than after that run, a second run converges:
#     the same values, mounts, drives, arrays, files, threads; so nothing is left over
#   - no process stays, and drive 3, which has the same model and is not named, is not written to
. tests/vm/guest.sh

hosttune=$HOSTTUNE_B/hosttune fail_at=$HOSTTUNE_B/fail-at
kind=sample every=${HOSTTUNE_EVERY:-4} seconds=${HOSTTUNE_SECONDS:-150}
errors='EIO ENOSPC ENOMEM EACCES EINTR EAGAIN ENOSYS short'
[ "${1:-}" != full ] || { kind=full seconds=${HOSTTUNE_SECONDS:-0} && shift; }
[ $# -gt 0 ] || set -- format data array nfsd revert watch
work=/run/faults results=/out
mkdir -p "$work" /mnt
mountpoint -q /out || results=$work/results
mkdir -p "$results"
modprobe -a xfs raid0 nfsd
# some thirty programs run for each fault: those of busybox start ten times faster in the emulation
mkdir "$work/bin"
cp "$(command -v busybox)" "$hosttune" "$fail_at" "$work/bin"
hosttune=$work/bin/hosttune fail_at=$work/bin/fail-at
for tool in awk cat cmp cp date diff grep head mkdir mv rmdir sed sort timeout touch wc; do
	ln -s busybox "$work/bin/$tool"
done
PATH=$work/bin:$PATH
ip link set lo up
theirs=$(drive_by_serial AWS00000000000000003)
. tests/vm/faults-node.sh

# --- one fault ----------------------------------------------------------------------------

# run NUMBER FAULT COMMAND-LINE: set `status`. FAULT is EIO, or EIO:CALL, of which NUMBER is.
run() {
	_how=once:$2
	case $3 in watch*) _how=step:$2 ;; esac
	status=0
	# shellcheck disable=SC2086 # a list of words
	timeout 60 "$fail_at" "$1" "$_how" "$work/list" "$hosttune" $3 >"$work/out" 2>"$work/err" || status=$?
}

bad() {
	wrong=$((wrong + 1))
	{
		echo "$scenario $fault at call $number ($failed_call): $1, status $status"
		sed 's/^/    /' "$work/first.out" "$work/first.err" | head -n 20
		[ ! -s "$work/differs" ] || sed 's/^/    /' "$work/differs"
	} >>"$log"
}

# says_more WHAT: there is a line that the run without a fault does not have. Times and process
# ids differ.
says_more() {
	awk -v clean="$work/clean.$1" '
		{ gsub(/[0-9]+/, "N") }
		FILENAME == clean { known[$0]; next }
		!($0 in known) { more = 1 }
		END { exit !more }' "$work/clean.$1" "$work/first.$1"
}

processes() {
	for file in /proc/[0-9]*/comm; do
		{ read -r name <"$file"; } 2>/dev/null || continue
		case $name in hosttune | mkfs.xfs | mdadm | fail-at) echo "${file%/comm} $name" ;; esac
	done
}

# judge: how the run ended.
judge() {
	: >"$work/differs"
	mv "$work/out" "$work/first.out"
	mv "$work/err" "$work/first.err"
	state "$work/now"
	if [ $status -gt 8 ] && ! { [ $status = 134 ] && grep -q 'out of memory' "$work/first.err"; }; then
		bad "no exit status of hosttune"
	elif [ $status != "$clean" ] && ! says_more err && ! says_more out; then
		bad "no message"
	elif [ $status = 0 ] && ! cmp -s "$work/now" "$work/after" && ! says_more err; then
		diff "$work/after" "$work/now" >"$work/differs"
		bad "it is not as reported"
	fi
	[ "$(written "$theirs")" = "$theirs_written" ] || bad "the drive of another was written to"
	left=$(processes)
	[ -z "$left" ] || bad "processes stay: $left"
	! grep -q 'warning: remove metrics: ' "$work/first.err" || rm -f "$work/metrics"
	[ "$scenario" = revert ] || ! cmp -s "$work/now" "$work/before" || journals_differ || return
	cmp -s "$work/now" "$work/after" && [ $status = 0 ] || converges || bad "a second run does not converge"
	reset "$scenario"
}

journals_differ() { if journals; then [ ! -s "$work/journals" ]; else [ -s "$work/journals" ]; fi; }

converges() {
	first=$status
	# shellcheck disable=SC2046 # a list of words
	"$hosttune" $(again_of "$scenario") >"$work/out" 2>"$work/err"
	again=$?
	state "$work/now"
	status=$first
	{ diff "$work/after" "$work/now" && [ $again = "$again_ends" ] && return; } >"$work/differs"
	cat "$work/out" "$work/err" >>"$work/differs"
	return 1
}

# --- which calls ----------------------------------------------------------------------------

# choose CALLS DONE: print NUMBER CALL WHICH FAULT SHAPE for each call to fail: the NUMBER-th of
# this name.
choose() {
	awk -v kind=$kind -v every="$every" -v errors="$errors" -v done="$2" '
		FILENAME == done { sub(/^[0-9]+ [0-9]+ /, ""); tried[$0]; next }
		{ shape = substr($0, length($1) + 1)
		  if ($1 != "call") gsub(/[0-9]+/, "N", shape)
		  gsub(/\.hosttune\.[N0-9a-f]*/, ".hosttune.X", shape)
		  shape = $1 shape
		  name = $1 == "call" ? $2 : $1
		  if (!(shape in n)) order[++groups] = shape
		  name_of[shape] = name
		  at[shape, ++n[shape]] = ++count[name] }
		function offer(shape, which, error,   number) {
			number = at[shape, which == "first" ? 1 : which == "second" ? 2 : n[shape]]
			if (!((which " " error " " shape) in tried) && (error != "short" || shape ~ /^p?(read|write)(64)? /))
				print number, name_of[shape], which, error, shape
		}
		END {
			errors_n = split(errors, error, " ")
			if (kind == "sample") {
				for (i = every; i <= groups; i += every)
					offer(order[i], "first", error[int(i / every) % 7 + 1])
				exit
			}
			split("first last second", which, " ")
			for (w = 1; w in which; w++)
				for (e = 0; e < errors_n; e++)
					for (i = 1; i <= groups; i++)
						if (n[order[i]] >= w)
							offer(order[i], which[w], error[(i + e) % errors_n + 1])
		}' "$2" "$1"
}

# scenario NAME
scenario() {
	scenario=$1 line=$(command_of "$1") fault=none number=0 failed_call=
	log=$results/$kind-vm-$scenario done=$results/done-$kind-vm-$scenario wrong=0
	touch "$log" "$done"
	one_written='' two_written=''
	mkfs.ext4 -qF "$theirs" && sync
	reset "$scenario"
	state "$work/before"
	: >"$work/journals"
	! journals || ls /var/lib/hosttune/journal >"$work/journals"
	theirs_written=$(written "$theirs")
	run 0 EIO "$line"
	clean=$status calls=$(wc -l <"$work/list")
	cp "$work/list" "$work/calls"
	state "$work/after"
	cp "$work/out" "$work/clean.out"
	cp "$work/err" "$work/clean.err"
	again_ends=0
	[ "$clean" = 0 ] || { cat "$work/out" "$work/err" && fail "$scenario: status $clean without a fault"; }
	! cmp -s "$work/before" "$work/after" || fail "$scenario: does nothing"
	reset "$scenario"
	state "$work/now"
	diff "$work/before" "$work/now" || fail "$scenario: cannot be reset"
	choose "$work/calls" "$done" >"$work/chosen"
	echo "# $scenario: $calls calls, to be failed: $(wc -l <"$work/chosen"), done before: $(wc -l <"$done")"
	begun=$(date +%s)
	while read -r number call which fault shape <&3; do
		if [ "$seconds" != 0 ] && [ $(($(date +%s) - begun)) -ge "$seconds" ]; then
			echo "# $scenario: stopped after $seconds s"
			break
		fi
		before_wrong=$wrong
		run "$number" "$fault:$call" "$line"
		failed_call=$(sed -n "${number}p" "$work/list")
		ended=$status
		judge
		echo "$ended $((wrong - before_wrong)) $which $fault $shape" >>"$done"
	done 3<"$work/chosen"
	awk -v calls="$calls" -v name="vm-$scenario" '
		{ tried[$4]++; wrong[$4] += $2; same[$4] += $1 == 0 }
		END { for (fault in tried) print "result", name, fault, calls, tried[fault], same[fault], wrong[fault] + 0 }' "$done" |
		sort >"$work/table"
	grep -v ^result "$log" >"$work/log"
	cat "$work/log" "$work/table" >"$log"
	summary=$(awk '{ tried += $5; same += $6; wrong += $7 } END { printf "%d faults, %d with the same result, %d wrong", tried, same, wrong }' "$work/table")
	echo "# $scenario: $(($(date +%s) - begun)) s"
	if [ -s "$work/log" ]; then
		t_fail "$scenario: $summary" "$(cat "$work/log")"
	elif [ -s "$work/table" ]; then
		t_pass "$scenario: $summary"
	else
		t_skip "$scenario" "no time was left"
	fi
}

for name; do scenario "$name"; done
t_done
