#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Kill -9 at a system call of an apply, apply again: the node must converge, and nothing
# that is somebody's may have changed.
#
# usage: tests/vm/run -d 3 -s 320M -- tests/vm/killed.sh SCENARIO [WRITES [STEP [OFFSET]]]
#
# It is done at each call that changes something (tests/vm/kill_at.c has the list), before
# the call: what only reads leaves the state that the next of them finds. First all
# processes die, as those of a container do; then, where a child makes the call, the child
# alone. Of the writes of mkfs.xfs, many and alike, it is every WRITES-th (default 1).
#
# STEP, OFFSET: only calls whose number is OFFSET modulo STEP: a campaign in slices.
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
kill_at=${HOSTTUNE_B:-build}/kill-at
scenario=$1 writes=${2:-1} step=${3:-1} offset=${4:-0}
profile=/run/profile.yaml
modprobe -a xfs raid0
. tests/vm/scenario.sh
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
theirs=$(drive_by_serial AWS00000000000000003)

case $scenario in
array | each | cut) ours="$one $two" others=$theirs ;;
*) ours=$one others="$two $theirs" ;;
esac
for drive in $others; do mkfs.ext4 -q "$drive"; done
if [ "$scenario" = data ]; then
	mkfs.xfs -q -L ours "$one"
	mkdir -p /mnt/data
	mount "$one" /mnt/data
	echo kept >/mnt/data/file
	umount /mnt/data
	uuid=$(blkid -p -o value -s UUID "$one")
fi
sync
first_sync=''
touched() { for drive in $others; do sectors_written "$drive"; done; }
before=$(touched)

# The drives that the scenario uses, all zeros, and not held any more: the kernel lets go of
# the members of an array a moment after it was stopped.
blank() {
	for drive in $ours; do
		blkdiscard -f "$drive" 2>/dev/null
		tries=0
		until blkdiscard "$drive" 2>/run/blank; do
			tries=$((tries + 1))
			[ $tries -lt 50 ] || fail "$drive: $(cat /run/blank)"
			sleep 0.1
		done
		cmp -s -n 1048576 "$drive" /dev/zero || fail "$drive: is not blank again"
	done
}

# cut_off NUMBER COMMAND...
cut_off() {
	status=0 number=$1
	shift
	"$kill_at" "$number" all /run/begun "$@" >/run/begun.out 2>&1 || status=$?
	[ "$number" = 0 ] || [ "$status" = 137 ] || fail "$scenario: was not cut off: $(cat /run/begun.out)"
}

create_until() {
	cut_off "$1" /sbin/mdadm --create /dev/md/ours --homehost=any --level=0 --chunk=256 \
		--metadata=1.2 --name=ours --raid-devices=2 "$one" "$two"
}

has_superblock() {
	[ "$(dd if="$1" bs=4096 skip=1 count=1 2>/dev/null | od -A n -t x4 -N 4)" = ' a92b4efc' ]
}

stop_arrays() {
	! grep -q ^md /proc/mdstat || mdadm -q --stop --scan || fail "an array does not stop"
}

# Of an array, the first superblock of two, which is written when it is to be synced. mdadm
# makes some calls more or less from run to run: as often as it takes, each time by the last.
cut_array() {
	for _ in 1 2 3 4 5 6 7 8 9; do
		[ "$first_sync" ] || create_until 0
		first_sync=$(grep -n -m 1 ^fsync /run/begun | cut -d : -f 1)
		stop_arrays
		blank
		[ "$first_sync" ] || continue
		create_until "$first_sync"
		! has_superblock "$one" || has_superblock "$two" || return 0
	done
	fail "cut: no moment between the superblocks"
}

# What an earlier run that was cut off has left, where that is the scenario.
begin() {
	case $scenario in
	half) cut_off 20 /sbin/mkfs.xfs -q -L ours "$one" ;;
	cut) cut_array ;;
	esac
}

# The node as it was at first.
reset() {
	for mount in $mounts; do
		! grep -q " $mount " /proc/mounts || umount "$mount" || fail "$mount: stays mounted"
		rm -df "$mount"
	done
	stop_arrays
	rm -rf --one-file-system /run/hosttune /run/mdadm
	echo 60 >/proc/sys/vm/swappiness
	[ "$scenario" != data ] || return 0
	blank
	begin
}

# What the file systems that are mounted are on.
devices() {
	while read -r device dir _; do
		case " $mounts " in *" $dir "*) echo "$device" ;; esac
	done </proc/mounts
}

converges() {
	"$hosttune" apply $profile || return
	"$hosttune" audit -q $profile || return
	for mount in $mounts; do
		grep " / $mount rw,noatime,nodiratime .* - xfs " /proc/self/mountinfo && echo new >"$mount/new" || return
	done
	[ "$(cat /proc/sys/vm/swappiness)" = 11 ] || return
	case $scenario in
	array | cut) grep '^md.* active raid0' /proc/mdstat || return ;;
	data) [ "$(cat /mnt/data/file)" = kept ] && [ "$(blkid -p -o value -s UUID "$one")" = "$uuid" ] || return ;;
	esac
	mounted=$(devices)
	# shellcheck disable=SC2086 # a list of words
	umount $mounts
	for device in $mounted; do xfs_repair -n "$device" || return; done
}

# attempt NUMBER all|one: an apply that is killed at this call; the call in $killed.
attempt() {
	reset
	status=0
	"$kill_at" "$1" "$2" /run/calls "$hosttune" apply $profile >/run/first 2>&1 || status=$?
	killed=$(sed -n "$1p" /run/calls)
}

# Whether that attempt ended as a kill has it end: a program whose child was killed goes
# on, and tells that, unless it can do without.
was_killed() {
	case "$1 $killed" in
	*' ') return 1 ;;
	all* | *' self') [ "$status" = 137 ] ;;
	*) [ "$status" = 0 ] || { [ "$status" = 3 ] && grep -q 'ended by signal 9' /run/first; } ;;
	esac
}

# try NUMBER all|one
try() {
	attempt "$1" "$2"
	name="$scenario: $2 killed at call $1, $killed (exit status $status)"
	if [ -z "$killed" ] && [ "$status" = 0 ]; then
		t_skip "$name" "mdadm made fewer calls this time: $(wc -l </run/calls)"
		return
	fi
	kills=$((kills + 1))
	if ! was_killed "$2"; then
		t_fail "$name" 'it was not the kill that ended it:' "$(cat /run/first)"
	elif output=$(converges 2>&1); then
		t_pass "$name"
	else
		t_fail "$name" "$output" 'at first it had said:' "$(cat /run/first)"
	fi
}

# mdadm asks a few times more in the first runs since the boot: the calls are those of two
# runs that agree, so that what is skipped below is what is meant.
: >/run/expected
for _ in 1 2 3 4 5 6; do
	mv /run/expected /run/last
	reset
	"$kill_at" 0 all /run/expected "$hosttune" apply $profile || fail "$scenario: does not apply"
	! cmp -s /run/expected /run/last || break
done
reset
case $scenario in
data) ;;
half) t_run "$hosttune" audit $profile && t_says 'a reset drive is half formatted' 'did not finish' ;;
cut) t_run "$hosttune" audit $profile && t_says 'a reset array is cut short' 'was cut short' ;;
array) t_run "$hosttune" audit $profile && t_says 'reset drives are blank' 'would become one array' ;;
*) t_run "$hosttune" audit $profile && t_says 'a reset drive is blank' 'is blank and would be formatted' ;;
esac

calls=0 written=0 kills=0
while read -r call who <&3; do
	calls=$((calls + 1))
	if [ "$call $who" = 'pwrite64 mkfs.xfs' ]; then
		written=$((written + 1))
		[ $((written % writes)) = 0 ] || continue
	fi
	[ $((calls % step)) = $((offset % step)) ] || continue
	try $calls all
	[ "$who" != self ] || continue
	try $calls one
done 3</run/expected
# mdadm makes some calls more or less from run to run
attempt $((calls + 20)) all
t_is "$scenario: there is no call $((calls + 20)) to be killed at" '0 ' "$status $killed"
t_is "$scenario: the other drives are not written to" "$before" "$(touched)"
echo "# kernel $(uname -r), $scenario: $calls calls that change something, killed $kills times"
t_done
