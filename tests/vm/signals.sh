#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Signals at random moments of an apply: what can be rolled back is, the report is written,
# and the next run converges. Also: a closed output, a child that cannot be killed, two runs
# side by side.
#
# usage: tests/vm/run -d 3 -s 320M -t 900 -- tests/vm/signals.sh [MOMENTS [SEED [single|array]]]
# shellcheck disable=SC2154,SC2317 # variables of guest.sh; functions that t_ok calls
. tests/vm/guest.sh

hosttune=$HOSTTUNE_B/hosttune
moments=${1:-12} seed=${2:-1} scenario=${3:-single}
work=$(mktemp -d)
profile=$work/profile.yaml
modprobe -a xfs raid0
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
spare=$(drive_by_serial AWS00000000000000003)

case $scenario in
array) ours="$one $two" more='[AWS00000000000000001, AWS00000000000000002]}, array: raid0' ;;
*) ours=$one more='AWS00000000000000001}' ;;
esac
cat >"$profile" <<END
version: 1
persist: false
sysctl:
  vm.swappiness: 11
  vm.dirty_bytes: 700000000
  net.core.somaxconn: 7777
  net.ipv4.ip_forward: 0
  net.ipv4.conf.all.accept_redirects: 0
storage:
  - {name: data, disks: {model: QEMU NVMe Ctrl, serial: $more, label: ours, mount: /mnt/data,
      options: [noatime], mode: '0711', queue: {read-ahead: 1MiB}}
END

# --- the state of the node ------------------------------------------------------------

# Print what an apply changes and can roll back.
state() {
	sysctl vm.swappiness vm.dirty_bytes vm.dirty_ratio net.core.somaxconn net.ipv4.ip_forward \
		net.ipv4.conf.all.accept_redirects net.ipv4.conf.lo.accept_redirects
	grep -c ' /mnt/data ' /proc/mounts
	cat "/sys/block/${one#/dev/}/queue/read_ahead_kb"
	# an array whose file system is complete cannot be rolled back
	# shellcheck disable=SC2013 # names
	for md in $(sed -n 's/^\(md[0-9]*\) .*/\1/p' /proc/mdstat); do
		[ "$(blkid -p -o value -s TYPE "/dev/$md")" = xfs ] || echo "array $md"
	done
}

stop_arrays() {
	! grep -q ^md /proc/mdstat || mdadm -q --stop --scan || fail "an array does not stop"
}

blank() {
	for drive in $ours; do
		tries=0
		until blkdiscard -f "$drive" 2>"$work/blank" && cmp -s -n 1048576 "$drive" /dev/zero; do
			tries=$((tries + 1))
			[ $tries -lt 50 ] || fail "$drive: is not blank again: $(cat "$work/blank")"
			sleep 0.1
		done
	done
}

reset() {
	! grep -q ' /mnt/data ' /proc/mounts || umount /mnt/data || fail "/mnt/data: stays mounted"
	rm -df /mnt/data
	stop_arrays
	blank
	for drive in $ours; do echo 128 >"/sys/block/${drive#/dev/}/queue/read_ahead_kb"; done
	sysctl -qw vm.swappiness=60 vm.dirty_ratio=20 net.core.somaxconn=4096 net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.lo.accept_redirects=1
}

# What the first drive holds: an interrupted mkfs or mdadm shows, too.
drive_state() {
	"$hosttune" audit -v "$profile" 2>&1 | grep -oE 'unfinished xfs|was interrupted' && return
	type=$(blkid -p -o value -s TYPE "$one")
	echo "${type:-blank}"
}

converges() {
	"$hosttune" apply "$profile" || return
	"$hosttune" audit -q "$profile" || return
	grep ' / /mnt/data rw,noatime.* - xfs ' /proc/self/mountinfo && echo new >/mnt/data/new || return
	mounted=$(awk '$2 == "/mnt/data" { print $1 }' /proc/mounts)
	umount /mnt/data && xfs_repair -n "$mounted"
}

# --- random moments -------------------------------------------------------------------

# apply_and SIGNAL SECONDS: send the signal so long after the start. $status: how it ended.
# A shell ignores SIGINT in what it starts in the background.
apply_and() {
	env --default-signal "$hosttune" apply -v "$profile" >"$work/out" 2>"$work/err" &
	pid=$!
	sleep "$2"
	kill -"$1" $pid 2>/dev/null
	status=0
	wait $pid || status=$?
}

# The readers of both outputs go away.
apply_unread() {
	mkfifo "$work/fifo"
	env --default-signal "$hosttune" apply -v "$profile" >"$work/fifo" 2>&1 &
	pid=$!
	(exec <"$work/fifo" && sleep "$1")
	status=0
	wait $pid || status=$?
	rm "$work/fifo"
}

# Check the state after signal $1; print what is wrong.
check_end() {
	case $status in
	0) "$hosttune" audit -q "$profile" || echo "exit 0, but an audit differs" ;;
	8)
		[ "$(state)" = "$before" ] || { echo "exit 8, but the state is not as before:" && state; }
		case $left in unfin* | was*) echo "exit 8, but the drive is not finished" ;; esac
		t_flat "$work/out" | grep -q ': not applied: ' || echo "no summary in the report"
		;;
	129 | 130 | 143) # before it catches them
		[ "$(state)" = "$before" ] || { echo "killed, with changes:" && state; }
		[ -s "$work/out" ] && echo "killed in the middle of its output"
		;;
	*) echo "unexpected" ;;
	esac
	case $1 in
	PIPE | unread) [ "$status" = 0 ] || echo "a closed output changed the result" ;;
	esac
}

moment() {
	signal=$1
	reset
	before=$(state)
	case $signal in
	unread) apply_unread "$2" ;;
	*) apply_and "$signal" "$2" ;;
	esac
	left=$(drive_state)
	wrong=$(check_end "$signal" 2>&1)
	name="$signal after $2 s: exit $status, drive: $left"
	echo "$signal $status $left" >>"$work/figures"
	if [ "$wrong" ]; then
		t_fail "$name" "$wrong" "before:" "$before" "$(cat "$work/out" "$work/err" 2>/dev/null)"
	elif output=$(converges 2>&1); then
		t_pass "$name"
	else
		t_fail "$name: the next run" "$output"
	fi
}

random_moments() {
	reset
	"$hosttune" apply "$profile" >"$work/out" 2>&1 || fail "does not apply: $(cat "$work/out")"
	reset
	start=$(date +%s%N)
	"$hosttune" apply "$profile" >"$work/out" 2>&1 || fail "does not apply: $(cat "$work/out")"
	took=$((($(date +%s%N) - start) / 1000000))
	echo "# an apply takes $took ms"
	awk -v n="$moments" -v seed="$seed" -v ms="$took" 'BEGIN {
		split("TERM INT HUP PIPE TERM INT HUP unread", signal, " ")
		srand(seed)
		for (i = 0; i < n; i++)
			printf "%s %.3f\n", signal[i % 8 + 1], rand() * ms / 1000
	}' >"$work/moments"
	while read -r signal after <&3; do
		moment "$signal" "$after"
	done 3<"$work/moments"
	echo "# kernel $(uname -r), $scenario, seed $seed: signal, exit status, drive: how often"
	sort "$work/figures" | uniq -c | sed 's/^/# /'
}

# --- other ends -----------------------------------------------------------------------

# start_mkfs: start an apply, and wait until it runs a slow mkfs.
start_mkfs() {
	reset
	rm -f /run/mkfs.begun
	before=$(state)
	env --default-signal "$hosttune" apply -v "$profile" >"$work/out" 2>"$work/err" &
	pid=$!
	for _ in $(seq 300); do
		[ ! -e /run/mkfs.begun ] || return 0
		sleep 0.1
	done
	fail "mkfs does not start: $(cat "$work/out" "$work/err")"
}

during_mkfs() {
	cat >"$work/mkfs" <<-'END'
		#!/bin/sh
		[ "$1" != -V ] || exec /run/mkfs.real "$@"
		touch /run/mkfs.begun
		sleep 3
		exec /run/mkfs.real "$@"
	END
	chmod 755 "$work/mkfs"
	real=$(readlink -f "$(command -v mkfs.xfs)")
	cp "$real" /run/mkfs.real
	mount --bind "$work/mkfs" "$real"
	start_mkfs
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	t_is "mkfs is finished after a signal: exit" 8 "$status"
	t_is "mkfs is finished after a signal: the drive" ours "$(blkid -p -o value -s LABEL "$one")"
	t_is "mkfs is finished after a signal: the rest is rolled back" "$before" "$(state)"
	start_mkfs
	kill -TERM $pid
	sleep 0.2
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	t_is "the second signal ends it at once: exit" 143 "$status"
	t_not "and its children" pgrep -f "$real"
	umount "$real"
	t_ok "the next run converges" converges
}

# Nothing of the report goes to a file that has the number of a closed descriptor.
closed() {
	reset
	status=0
	(exec "$hosttune" apply -v "$profile" >&- 2>&- <&-) || status=$?
	t_is "closed output: exit" 0 "$status"
	t_ok "closed output: audit" "$hosttune" audit -q "$profile"
	t_is "closed output: nothing in the lock's file" 0 "$(stat -c %s /run/hosttune/lock)"
	status=0
	"$hosttune" apply -v "$profile" >/dev/full 2>/dev/null || status=$?
	t_is "a full disk behind the output: exit" 0 "$status"
	umount /mnt/data
}

# mdadm waits for a frozen file system, in an uninterruptible sleep.
stuck() {
	reset
	mkfs.ext4 -q "$spare"
	mkdir -p /run/frozen
	mount "$spare" /run/frozen
	real=$(readlink -f "$(command -v mdadm)")
	printf '#!/bin/sh\necho >/run/frozen/file\n' >"$work/mdadm"
	chmod 755 "$work/mdadm"
	cat >"$work/stuck.yaml" <<-END
		version: 1
		persist: false
		sysctl: {vm.swappiness: 12}
		storage:
		  - {name: data, disks: {model: QEMU NVMe Ctrl, serial: [AWS00000000000000001, AWS00000000000000002]},
		      array: raid0, mount: /mnt/data}
	END
	blkdiscard -f "$two"
	mount --bind "$work/mdadm" "$real"
	fsfreeze -f /run/frozen
	start=$(date +%s)
	t_run "$hosttune" apply --deadline 20 "$work/stuck.yaml"
	took=$(($(date +%s) - start))
	t_status "a child that cannot be killed: exit" 7
	t_says "a child that cannot be killed: it is reported" "mdadm: timed out: does not end even when killed: process "
	t_says "a child that cannot be killed: what it waits for" "waits in the kernel ("
	t_is "a child that cannot be killed: the rest is rolled back" 60 "$(cat /proc/sys/vm/swappiness)"
	t_ok "a child that cannot be killed: $took s" test "$took" -lt 90
	fsfreeze -u /run/frozen
	umount "$real"
	sleep 1
	umount /run/frozen
}

# Two bootstrap containers.
side_by_side() {
	reset
	mkdir -p /run/hosttune
	flock /run/hosttune/lock sleep 60 &
	holder=$!
	sleep 0.5
	t_run "$hosttune" apply --lock-wait 0 "$profile"
	t_status "another run holds the lock, no wait" 6
	t_run "$hosttune" apply --lock-wait 1 "$profile"
	t_status "another run holds the lock for longer" 6
	"$hosttune" apply "$profile" >"$work/out" 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		! grep -q waiting "$work/out" || break
		sleep 0.1
	done
	sleep 1
	kill $holder
	status=0
	wait $pid || status=$?
	t_is "another run holds the lock for a while" 0 "$status"
	t_is "its process is reported once" 1 \
		"$(grep -c "waiting: another run of hosttune (process [0-9]*) holds" "$work/out")"
	umount /mnt/data
	reset
	"$hosttune" apply "$profile" >"$work/first" 2>&1 &
	first=$!
	status=0
	"$hosttune" apply "$profile" >"$work/second" 2>&1 || status=$?
	wait $first || status="$? of the first"
	t_is "two runs side by side: both succeed" 0 "$status"
	umount /mnt/data
	flock /run/hosttune/lock sleep 60 &
	holder=$!
	sleep 0.5
	apply_and TERM 3
	t_is "a signal during the wait: exit" 8 "$status"
	kill $holder
}

random_moments
if [ $# = 0 ]; then
	during_mkfs
	closed
	stuck
	side_by_side
fi
t_done
