#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Kill -9 an apply at a system call, apply again: the node must converge, and foreign data
# must not have changed.
#
# usage: tests/vm/run -d 3 -s 320M -- tests/vm/killed.sh SCENARIO [WRITES [STEP [OFFSET]]]
#
# It kills before each call that changes something (tests/vm/kill_at.c lists them). Calls
# that only read need no kill: the state is the same before the next one that changes
# something. First all processes die, as in a container; then, if a child makes the call,
# the child alone. mkfs.xfs makes many similar writes: only every WRITES-th of them (default
# 1) is tested.
#
# STEP, OFFSET: test only calls whose number is OFFSET modulo STEP, to split a campaign.
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

# Zero the drives that the scenario uses.
blank() {
	for drive in $ours; do drive_blank "$drive"; done
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

# Leave an array with the first of two superblocks. mdadm writes it before the first sync.
# The number of its calls varies from run to run: repeat with the number of the last run
# until it fits.
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

# Leave what an earlier, interrupted run leaves, if the scenario needs it.
begin() {
	case $scenario in
	half) cut_off 20 /sbin/mkfs.xfs -q -L ours "$one" ;;
	cut) cut_array ;;
	esac
}

# Restore the first state of the node.
reset() {
	for mount in $mounts; do
		! grep -q " $mount " /proc/mounts || umount "$mount" || fail "$mount: stays mounted"
		rm -df "$mount"
	done
	stop_arrays
	rm -rf --one-file-system /run/hosttune /var/lib/hosttune /run/mdadm
	echo 60 >/proc/sys/vm/swappiness
	[ "$scenario" != data ] || return 0
	blank
	begin
}

# Print the devices of the mounted file systems.
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

# attempt NUMBER all|one: kill an apply at this call, and set $killed to the call.
attempt() {
	reset
	status=0
	"$kill_at" "$1" "$2" /run/calls "$hosttune" apply $profile >/run/first 2>&1 || status=$?
	killed=$(sed -n "$1p" /run/calls)
}

# Check that the kill ended the attempt. A program whose child was killed continues: it
# reports the signal (and refuses a drive that the child was to read), or succeeds if it does
# not need the child.
was_killed() {
	case "$1 $killed" in
	*' ') return 1 ;;
	all* | *' self') [ "$status" = 137 ] ;;
	*) case $status in
		0) ;;
		3 | 5) tr -s '\n ' ' ' </run/first | grep -q 'killed by signal 9' ;;
		*) return 1 ;;
		esac ;;
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
		t_fail "$name" 'not ended by the kill:' "$(cat /run/first)"
	elif output=$(converges 2>&1); then
		t_pass "$name"
	else
		t_fail "$name" "$output" 'output of the killed run:' "$(cat /run/first)"
	fi
}

# mdadm makes a few more calls in the first runs after boot. Take the calls of two runs that
# agree, so that the right calls are skipped below.
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
half) t_run "$hosttune" audit -v $profile && t_says 'a reset drive is half formatted' 'unfinished xfs' ;;
cut) t_run "$hosttune" audit -v $profile && t_says 'a reset array is cut short' 'was interrupted' ;;
array) t_run "$hosttune" audit -v $profile && t_says 'reset drives are blank' 'would become one array' ;;
*) t_run "$hosttune" audit -v $profile && t_says 'a reset drive is blank' 'is blank and would be formatted' ;;
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
# 20 more, since the number of mdadm's calls varies from run to run
attempt $((calls + 20)) all
t_is "$scenario: there is no call $((calls + 20)) to be killed at" '0 ' "$status $killed"
t_is "$scenario: the other drives are not written to" "$before" "$(touched)"
echo "# kernel $(uname -r), $scenario: $calls calls that change something, killed $kills times"
t_done
