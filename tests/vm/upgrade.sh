#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One boot of the upgrade test: what an earlier hosttune made, this one takes over. tests/upgrade.sh
# runs it twice with the same drives; HOSTTUNE_PREVIOUS is the earlier program.
#
# usage: tests/vm/run -D DIR -o OUT -d 2 -s 320M -- tests/vm/upgrade.sh first|second
# shellcheck disable=SC2317 # functions that t_ok calls
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
new=$B/hosttune
state=/var/lib/hosttune # its journal, on the data partition of a node
work=$(mktemp -d)
modprobe xfs
one=$(instance_store_drive AWS1 "$(drive_by_serial AWS00000000000000001)")
two=$(instance_store_drive AWS2 "$(drive_by_serial AWS00000000000000002)")
# settings and state persist: the guest's own files do not
mkdir -p "/out$state" "$state"
mount --bind "/out$state" "$state"
set -- "$1" --save /out/settings.json
[ ! -e /out/settings.json ] || set -- "$@" --settings /out/settings.json
stage=$1
shift
"$B/api-stub" --daemonize --pid-file "$work/pid" --log "$work/log" "$@" /run/api.sock ||
	fail "api-stub does not start"
cat >"$work/profile.yaml" <<-END
	version: 1
	modules: [tcp_bbr]
	sysctl:
	  vm.swappiness: 7
	  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]
	settings:
	  oci-defaults: {resource-limits: {max-open-files: {soft-limit: 65536, hard-limit: 65536}}}
	storage:
	  - name: data
	    array: raid0
	    label: ephemeral
	    mount: /mnt/data
	    options: [noatime]
END

# The API got nothing but requests that read.
only_read() { ! grep -E '^(POST|PATCH|PUT|DELETE) ' "$work/log"; }

in_sync() {
	: >"$work/log"
	fsfreeze -f /mnt/data && fsfreeze -u /mnt/data # nothing is left to be written
	before=$(sectors_written "$one")$(sectors_written "$two")
	t_ok "$1: the audit is clean" "$new" audit "$work/profile.yaml"
	strace -f -o "$work/trace" "$new" apply "$work/profile.yaml" >"$work/out" 2>&1
	t_is "$1: apply" 0 $?
	t_is "$1: it changes nothing" "" "$(changes_in "$work/trace" | grep -v ' fcntl(')"
	t_ok "$1: the API gets no change" only_read
	sync
	t_is "$1: the drives are not written to" "$before" "$(sectors_written "$one")$(sectors_written "$two")"
}

# This program reverts what the earlier one wrote in its journal.
earlier_journal() {
	if ! "$HOSTTUNE_PREVIOUS" revert --list >/dev/null 2>&1; then
		t_skip "the earlier program's journal" "it writes none"
		return
	fi
	sed 's/vm.swappiness: 7/vm.swappiness: 9/' "$work/profile.yaml" >"$work/later.yaml"
	t_ok "the earlier program applies a later profile" "$HOSTTUNE_PREVIOUS" apply "$work/later.yaml"
	t_is "its sysctl, live and stored" '9 "9"' "$(swappiness)"
	t_run "$new" revert
	t_status "revert, from the earlier program's journal" 0
	t_is "the sysctl as before, live and stored" '7 "7"' "$(swappiness)"
	in_sync "after the revert"
}

swappiness() {
	echo "$(cat /proc/sys/vm/swappiness) $(jq -c '.kernel.sysctl["vm.swappiness"]' /out/settings.json)"
}

case $stage in
first)
	t_ok "the earlier program applies" "$HOSTTUNE_PREVIOUS" apply "$work/profile.yaml"
	t_is "its array is mounted" xfs "$(findmnt -no FSTYPE /mnt/data)"
	echo kept >/mnt/data/file
	in_sync "this program"
	sync
	power_cut "$([ $t_failed = 0 ] && echo 0 || echo 1)"
	;;
second)
	t_ok "after a reboot: apply" "$new" apply "$work/profile.yaml"
	t_is "after a reboot: the data of the array" kept "$(cat /mnt/data/file)"
	in_sync "after a reboot"
	earlier_journal
	;;
esac
t_done
