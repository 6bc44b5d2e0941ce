#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# apply --try in a bootstrap container whose processes end with it, and which is started again;
# and journals on a file system that is read-only or full. tests/vm/reboot.sh has the reboot.
#
# usage: tests/vm/run -d 1 -s 320M -t 600 -- tests/vm/trial.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
rootfs=/run/rootfs
state=/local/bootstrap-containers/hosttune
work=$(mktemp -d /run/work.XXXXXX)
bottlerocket_host
cp -r "$B/rootfs" $rootfs
drive=$(drive_by_serial AWS00000000000000001)
# with room for user data and a few journals
mkdir -p $state
mount -t tmpfs -o size=64k tmpfs $state

# container COMMAND...: one start of the bootstrap container. All of its processes end with it.
container() {
	cp "$work/profile.yaml" $state/user-data 2>/dev/null
	t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune "$@"
}

live() { sysctl -n vm.swappiness vm.dirty_ratio | xargs; }
stored() { jq -r .motd "$work/settings.json"; }
fill() { dd if=/dev/zero of=$state/full bs=1k 2>/dev/null; }

api() {
	echo '{"motd":"old"}' >"$work/settings.json"
	"$B/api-stub" --daemonize --pid-file "$work/pid" --settings "$work/settings.json" \
		--save "$work/settings.json" /run/api.sock || fail "api-stub does not start"
}

fresh() {
	rm -rf $state/journal
	sysctl -qw vm.swappiness=60 vm.dirty_ratio=20
	cat >"$work/profile.yaml" <<-END
		version: 1
		sysctl: {vm.swappiness: {value: 10, persist: false}, vm.dirty_ratio: {value: 30, persist: false}}
		settings: {motd: new}
	END
}

# --- the container ends, and is started again ---------------------------------------------

api
fresh
container apply --try 3600
t_status "trial: applied" 0
t_says "trial: reported" "on trial: \"hosttune confirm\" within"
t_is "trial: nothing of the container is left" "" "$(pgrep hosttune)"
t_is "trial: its values stay" "10 30 new" "$(live) $(stored)"
container apply --try 3600
t_status "second start: no trial while another is open" 5
container confirm
t_status "second start: confirmed" 0
container apply
t_not "confirmed: the next start undoes nothing" grep -q 'was on trial' "$t_out"
t_is "confirmed: the values stay" "10 30 new" "$(live) $(stored)"
container revert
t_is "confirmed: reverted on request" "60 20 old" "$(live) $(stored)"

# a trial without an answer; the process that would revert it has died with the container
fresh
container apply --try 1
t_status "no answer: applied" 0
sleep 1.2
t_is "no answer: nobody is there to revert it" "10 30 new" "$(live) $(stored)"
container confirm
t_status "no answer: too late for a confirmation" 3
t_says "no answer: what is restored" "journal 1 was on trial and is not confirmed: 3 values restored"
t_is "no answer: the node is as before" "60 20 old" "$(live) $(stored)"

# the next start with another profile undoes the trial first
fresh
container apply --try 1
sleep 1.2
echo '{version: 1, sysctl: {vm.dirty_ratio: {value: 25, persist: false}}}' >"$work/profile.yaml"
container apply
t_status "another profile: applied" 0
t_says "another profile: the trial is undone first" "journal 1 was on trial and is not confirmed"
t_is "another profile: only its value is new" "60 25 old" "$(live) $(stored)"
container revert
t_is "another profile: reverted to the state before the trial" "60 20 old" "$(live) $(stored)"

# --- no journal, no change ----------------------------------------------------------------

# unwritten NAME REASON COMMAND...: it is refused, and nothing is changed.
unwritten() {
	name=$1 reason=$2
	shift 2
	container "$@"
	t_status "$name: refused" 3
	t_says "$name: the reason" "$reason"
	t_is "$name: nothing is changed" "60 20 old" "$(live) $(stored)"
	t_is "$name: the drive is not written to" 0 "$(sectors_written "$drive")"
}

fresh
cat >>"$work/profile.yaml" <<-END
	storage: [{name: data, disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000001}, mount: /mnt/data}]
END
mkdir -m 700 $state/journal
cp "$work/profile.yaml" $state/user-data
mount -o remount,ro $state
unwritten "read-only" "Read-only file system" apply
unwritten "read-only, on trial" "Read-only file system" apply --try 60
mount -o remount,rw $state
rm -r $state/journal
mount -o remount,ro $state
unwritten "read-only, no directory yet, on trial" "Read-only file system" apply --try 60
mount -o remount,rw $state
mkdir -m 700 $state/journal
fill
unwritten "full" "No space left on device" apply
unwritten "full, on trial" "No space left on device" apply --try 60
t_is "full: no journal, no part of one" "" "$(ls -A $state/journal)"

# the journal of a trial that cannot be marked as confirmed or reverted
rm $state/full
sed -i '/^storage/d' "$work/profile.yaml"
container apply --try 3600
t_status "filled up during a trial: applied" 0
fill
cp $state/journal/*.journal "$work/journal"
container confirm
t_status "filled up during a trial: not confirmed" 3
t_says "filled up during a trial: the reason" "No space left on device"
t_ok "filled up during a trial: the journal is whole" cmp $state/journal/*.journal "$work/journal"
t_is "filled up during a trial: the values stay" "10 30 new" "$(live) $(stored)"
container revert
t_is "filled up during a trial: reverted" "60 20 old" "$(live) $(stored)"
t_says "filled up during a trial: the journal is not marked" "No space left on device"
rm $state/full
container revert
t_status "with room again: the journal is marked" 0
container revert
t_says "with room again: nothing is left" "nothing to revert"
kill "$(cat "$work/pid")"
echo "# kernel $(uname -r)"
t_done
