#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run commands on a node that lacks something: /proc is read-only, there is no /sys or /dev, a disk
# is full, few descriptors are allowed, the clock jumps. Each run ends in time with an exit status of
# hosttune, says what is wrong, and claims nothing that is not so; without the condition, the next
# run converges.
#
# usage: tests/faults/conditions.sh
#
# The node is a captured tree; the conditions are those of the tree and of hosttune's own
# surroundings, in a mount namespace.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath -e "${B:-build}")
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-conditions-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

diagnosis=86400
. tests/tap.sh
. tests/faults/commands.sh

if ! unshare -m true 2>/dev/null; then
	skip "conditions" "needs a separate mount namespace"
	summary
	exit
fi

# --- the conditions: each changes the mounts of its process, or its limits ------------------------

full() { mkdir -p "$1" && mount -t tmpfs -o size=4k,nr_inodes="${2:-20}" none "$1" && dd if=/dev/zero of="$1/full" bs=4k status=none 2>/dev/null; :; }
none() { :; }
proc_read_only() { mount --bind root/proc root/proc && mount -o remount,bind,ro root/proc; }
own_proc_read_only() { mount -o remount,bind,ro /proc 2>/dev/null || { mount --bind /proc /proc && mount -o remount,bind,ro /proc; }; }
no_own_proc() { mount -t tmpfs none /proc; }
no_sys() { rm -rf root/sys && mount -t tmpfs none /sys; }
no_dev() { rm -rf root/dev && mount -t tmpfs none /dev; }
journal_full() { full root/var/lib/hosttune; }
no_inode_for_journal() { full root/var/lib/hosttune 2; }
run_full() { full root/run; }
no_inode_for_lock() { full root/run 2; }
node_full() { mount --bind . . && mount -o remount,bind,ro .; }
output_full() { exec >/dev/full; }
# shellcheck disable=SC3045 # each sh of Linux has -n
descriptors() { ulimit -n "$1"; }
descriptors_64() { descriptors 64; }
descriptors_16() { descriptors 16; }
descriptors_8() { descriptors 8; }
descriptors_5() { descriptors 5; }
descriptors_4() { descriptors 4; }

# in_condition CONDITION COMMAND: run it; set `status`.
in_condition() {
	set -- "$1" "$2" "$H"
	[ "$2" != watch ] || set -- "$1" "$2" "$B/fail-at" 0 step:EIO "$work/list" "$H"
	export work
	# shellcheck disable=SC2086 # a list of words
	(
		condition=$1
		shift 2
		cd "$work/node" || exit 99
		case $condition in output_full) ;; *) exec >"$work/out" ;; esac
		exec 2>"$work/err"
		with_mounts "$condition" timeout 30 "$@" $words
	)
	status=$?
}

# The functions above in a new mount namespace.
with_mounts() {
	sed -n '/^full()/,/^descriptors_4()/p' "$self" >"$work/functions"
	# shellcheck disable=SC2016 # for the other shell
	unshare -m --propagation private sh -c '. "$1/functions"; cd "$PWD"; "$2"; shift 2; exec "$@"' sh "$work" "$@"
}
self=$PWD/tests/faults/conditions.sh

writes() { case $1 in apply | watch | revert) ;; *) false ;; esac }

# --- what must hold -------------------------------------------------------------------------------

said() { [ -s "$work/err" ] || [ -s "$work/out" ]; }
# In the words of the report, or of a message.
says_more() { ! cmp -s "$work/clean" "$work/out" || grep -vxFf "$work/clean.err" "$work/err" | grep -q .; }

# holds CONDITION COMMAND
holds() {
	fresh "$2"
	before=$(state)
	in_condition none "$2"
	clean=$status after=$(state)
	cp "$work/err" "$work/clean.err"
	cp "$work/out" "$work/clean"
	fresh "$2"
	: >"$work/out"
	in_condition "$1" "$2"
	echo "status $status, without the condition $clean"
	cat "$work/out" "$work/err"
	if [ $status -gt 8 ]; then
		echo "no exit status of hosttune" && return 1
	elif [ $status = 0 ] && [ "$clean" != 0 ] && ! grep -q 'not checked' "$work/out"; then
		echo "what is wrong is hidden" && return 1
	elif [ $status != "$clean" ] && ! said; then
		echo "no message" && return 1
	elif writes "$2" && [ $status = 0 ] && ! says_more && [ "$(state)" != "$after" ]; then
		echo "it is not as reported" && return 1
	elif ! writes "$2" && [ "$(state)" != "$before" ] && [ "$1" != no_sys ] && [ "$1" != no_dev ]; then
		echo "something was changed" && return 1
	fi
	writes "$2" || return 0
	[ "$2" != watch ] || words='apply --no-api --root root profile.yaml'
	in_condition none apply
	[ $status = 0 ] || { echo "the next run does not converge: $status" && cat "$work/out" "$work/err" && return 1; }
}

for condition in proc_read_only own_proc_read_only no_own_proc no_sys no_dev journal_full no_inode_for_journal \
	run_full no_inode_for_lock node_full output_full descriptors_64 descriptors_16 descriptors_8 descriptors_5 descriptors_4; do
	for command in validate audit apply watch revert diagnose; do
		check "$condition: $command" holds $condition $command
	done
done

# --- what must be said ----------------------------------------------------------------------------

# says CONDITION COMMAND STATUS TEXT
says() {
	fresh "$2"
	in_condition "$1" "$2"
	cat "$work/out" "$work/err"
	[ $status = "$3" ] && cat "$work/out" "$work/err" | tr -s ' \n' ' ' | grep -qF -e "$4"
}
check "four descriptors: diagnose cannot look" says descriptors_4 diagnose 3 'Too many open files'
check "five descriptors: diagnose says what it has not checked" says descriptors_5 diagnose 1 'not checked: '
check "read-only /proc: apply says so" says proc_read_only apply 3 'Read-only file system'
check "a full disk: without a journal, nothing is written" says journal_full apply 3 'No space left on device'
check "and nothing was" grep -qx 60 "$work/node/root/proc/sys/vm/swappiness"
report_on_full_disk() {
	fresh audit
	words="$words -o json=$work/full/report"
	mkdir -p "$work/full"
	mount -t tmpfs -o size=4k none "$work/full" 2>/dev/null || return 0
	dd if=/dev/zero of="$work/full/x" bs=4k status=none 2>/dev/null
	in_condition none audit
	umount "$work/full"
	cat "$work/err"
	[ $status = 3 ] && grep -q 'No space left on device' "$work/err"
}
check "a report on a full disk" report_on_full_disk

# --- a trial ----------------------------------------------------------------------------------------

# The process that waits for the end of a trial cannot read the journal for a while.
guard_without_descriptors() {
	fresh apply
	(cd "$work/node" && "$H" apply --try 3 --no-api --root root profile.yaml) >"$work/out" 2>&1 </dev/null || return
	guard=$(pgrep -f "$H apply --try 3 --no-api --root root profile.yaml")
	prlimit --pid "$guard" --nofile=3: || return
	sleep 1.5
	kill -0 "$guard" || { echo "it has ended" && return 1; }
	grep -qx 10 "$work/node/root/proc/sys/vm/swappiness" || { echo "it was not applied" && return 1; }
	prlimit --pid "$guard" --nofile=64: || return
	for _ in $(seq 100); do
		! grep -qx 60 "$work/node/root/proc/sys/vm/swappiness" || return 0
		sleep 0.1
	done
	echo "it was not reverted" && return 1
}
check "a trial ends, although its process lacked descriptors" guard_without_descriptors

# --- a slow node ----------------------------------------------------------------------------------

# late COMMAND-LINE: each read takes 40 ms, so that the second of the deadline is over long before
# the end.
late() {
	(cd "$work/node" && timeout 30 "$B/fail-at" 0 slow:40 "$work/list" "$H" "$@" --deadline 1) >"$work/out" 2>"$work/err"
	status=$?
	echo "status $status after $(wc -l <"$work/list") reads"
	cat "$work/err"
	[ $status = 7 ] && grep -qi 'deadline' "$work/out" "$work/err"
}
for command in audit audit-storage apply revert capture diagnose; do
	fresh $command
	before=$(state)
	# shellcheck disable=SC2086 # a list of words
	check "a slow node: $command ends at its deadline" late $words
	check "and changed nothing: $command" [ "$(state)" = "$before" ]
done
# of this machine, since a captured tree has too little to read
for command in 'capture --no-api' 'diagnose --seconds 0' 'baseline save -' 'facts' 'collect node.tar'; do
	# shellcheck disable=SC2086 # a list of words
	check "a slow machine: ${command%% *} ends at its deadline" late $command
done

# --- the clock ------------------------------------------------------------------------------------

faketime=$(find /usr/lib/*/faketime -name libfaketime.so.1 2>/dev/null | head -n 1)

# jumps BY COMMAND...: run it; after a second, the clock is another one.
jumps() {
	by=$1
	shift
	echo +0 >"$work/time"
	(sleep 1 && echo "$by" >"$work/time") &
	LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$work/time FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"
}

# ends STATUS SECONDS COMMAND...: with this status, in less time.
ends() {
	expected=$1 seconds=$2 start=$(cut -d . -f 1 /proc/uptime)
	shift 2
	"$@"
	got=$?
	took=$(($(cut -d . -f 1 /proc/uptime) - start))
	echo "status $got after $took s"
	[ $got = "$expected" ] && [ $took -lt "$seconds" ]
}

# hold SECONDS: another run has the lock of the node.
hold() {
	flock "$work/node/root/run/hosttune/lock" sleep "$1" &
	sleep 0.5
}

if [ "$faketime" ]; then
	mkfifo "$work/pipe"
	fresh apply
	root=$work/node/root profile=$work/node/profile.yaml
	# shellcheck disable=SC2016 # for the other shell
	check "the clock jumps" jumps +30d sh -c 'a=$(date +%s); sleep 2; [ $(($(date +%s) - a)) -gt 1000000 ]'
	exec 9<>"$work/pipe" # without an end
	check "the clock jumps back: a deadline passes" \
		ends 7 30 jumps -30d "$H" audit --no-api --root "$root" --deadline 3 "$work/pipe"
	exec 9<&-
	(sleep 3 && cat "$profile") >"$work/pipe" &
	check "the clock jumps ahead: a deadline does not pass" \
		ends 0 60 jumps +30d "$H" apply --no-api --root "$root" --deadline 600 "$work/pipe"
	wait
	hold 4
	check "the clock jumps ahead: a wait for the lock continues" \
		ends 0 60 jumps +30d "$H" apply --no-api --root "$root" --lock-wait 600 "$profile"
	wait
	hold 20
	check "the clock jumps back: a wait for the lock ends" \
		ends 6 19 jumps -30d "$H" apply --no-api --root "$root" --lock-wait 3 "$profile"
	kill $! 2>/dev/null
else
	skip "the clock jumps" "faketime is not installed"
fi
summary
