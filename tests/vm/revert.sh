#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# revert: twelve histories of a node. After each, it is as before, but for what revert says.
#
# usage: tests/vm/run -d 2 -s 320M -t 900 -- tests/vm/revert.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
kill_at=$B/kill-at
profile=/run/profile.yaml
journals=/var/lib/hosttune
modprobe -a xfs nfsd mq-deadline 2>/dev/null
modprobe bfq 2>/dev/null
ip link set lo up
drive=$(drive_by_serial AWS00000000000000001)
name=${drive#/dev/}
queue=/sys/block/$name/queue

run() { t_run "$hosttune" "$@"; }

# What a history may change, as text.
state() {
	sysctl -a 2>/dev/null | grep -E '^(vm\.(swappiness|dirty_)|net\.ipv4\.(ip_forward|tcp_(r|w)mem|ipfrag)|net\.ipv4\.conf\.)'
	grep . "$queue/scheduler" "$queue/nr_requests" "$queue/read_ahead_kb" "$queue/wbt_lat_usec" 2>/dev/null
	cut -d ' ' -f 2 /proc/fs/nfsd/threads 2>/dev/null || in_nfsd cat threads
	grep -c ' /proc/fs/nfsd ' /proc/mounts
}

# same NAME: the node is as $before has it.
same() {
	state >/run/after
	if output=$(diff /run/before /run/after); then t_pass "$1"; else t_fail "$1" "$output"; fi
}

# history NAME: forget what was, and read the node.
history() {
	history=$1
	cat >$profile
	rm -rf $journals
	state >/run/before </dev/null
	run apply --no-api $profile
	t_status "$history: applied" 0
}

reverted() {
	run revert --no-api "$@"
	t_status "$history: reverted" 0
}

# 1: values that bound each other, or make another one read 0; a bound; a pattern
history 'sysctls' <<END
version: 1
sysctl:
  vm.dirty_bytes: 629145600
  vm.dirty_background_bytes: 314572800
  vm.swappiness: {max: 10}
  net.ipv4.tcp_rmem: [4096, 131072, {min: 64MiB}]
  net.ipv4.ipfrag_low_thresh: 8MiB
  net.ipv4.ipfrag_high_thresh: 16MiB
  net.ipv4.conf.*.rp_filter: 1
END
reverted
same 'sysctls: as before'
run revert --no-api
t_says 'sysctls: only once' 'nothing to revert'

# 2: a write that resets others
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.lo.accept_redirects=1
history 'ip_forward' <<END
version: 1
sysctl: {net.ipv4.ip_forward: 0, net.ipv4.conf.all.accept_redirects: 0, net.ipv4.conf.lo.accept_redirects: 0}
END
reverted
same 'ip_forward: as before'

# ... also of what the profile does not name
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.lo.forwarding=1
history 'ip_forward alone' <<END
version: 1
sysctl: {net.ipv4.ip_forward: 1}
END
reverted
same 'ip_forward alone: as before'

# 3: a module stays
rmmod dummy 2>/dev/null
history 'modules' <<END
version: 1
modules: [dummy]
sysctl: {vm.swappiness: 20}
END
reverted
t_says 'modules: named' 'module dummy: remains loaded'
t_ok 'modules: loaded' grep -q '^dummy ' /proc/modules
same 'modules: the rest is as before'

# 4: a server that hosttune started
history 'nfsd started' <<END
version: 1
nfsd: {threads: 4, start: true, versions: [4.2]}
END
reverted
same 'nfsd started: stopped again'

# 5: the threads of a running server
in_nfsd sh -c 'echo -3 >versions' 2>/dev/null
mount -t nfsd nfsd /proc/fs/nfsd
echo '-2 -3' >/proc/fs/nfsd/versions
echo 3 >/proc/fs/nfsd/threads
history 'nfsd threads' <<END
version: 1
nfsd: {threads: 7}
END
reverted
t_is 'nfsd threads: as before' 3 "$(cat /proc/fs/nfsd/threads)"
same 'nfsd threads: the rest as well'
echo 0 >/proc/fs/nfsd/threads
umount /proc/fs/nfsd

# 6 and 7: storage stays, and its queue does not; a new scheduler resets others
scheduler=$(tr -d '[]' <"$queue/scheduler" | tr ' ' '\n' | grep -vxF none | head -n 1)
echo none >"$queue/scheduler"
history 'queue, storage' <<END
version: 1
storage:
  - name: data
    disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000001}
    mount: /mnt/data
    bind: [/srv/bound]
    queue: {scheduler: $scheduler, read-ahead: 4MiB}
END
reverted
t_says 'storage: the file system is named' 'filesystem data: remains'
t_says 'storage: the mount is named' 'mount data: remains /mnt/data'
t_says 'storage: the bind is named' 'bind /srv/bound: remains'
t_ok 'storage: still mounted' findmnt -n /mnt/data
same 'queue: as before'
umount /srv/bound
umount /mnt/data

# 8: settings through the API
echo '{"motd":"old"}' >/run/settings.json
"$B/api-stub" --daemonize --pid-file /run/stub.pid --settings /run/settings.json --save /run/saved.json /run/stub.sock ||
	fail 'api-stub does not start'
rm -rf $journals
sysctl -qw vm.swappiness=60
cat >$profile <<END
version: 1
sysctl: {vm.swappiness: 10}
settings: {motd: new, ntp: {time-servers: [10.0.0.1]}}
END
run apply --api-socket /run/stub.sock $profile
t_status 'settings: applied' 0
run revert --api-socket /run/stub.sock
t_status 'settings: reverted' 0
t_says 'settings: what stays is named' 'the API cannot unset'
t_is 'settings: stored as before' '"old" "60"' "$(jq -c '.motd, .kernel.sysctl["vm.swappiness"]' /run/saved.json | xargs -d '\n')"
t_is 'settings: live as before' 60 "$(cat /proc/sys/vm/swappiness)"
kill "$(cat /run/stub.pid)"

# 9: others changed a value since
history 'changed since' <<END
version: 1
sysctl: {vm.swappiness: 10, vm.dirty_expire_centisecs: 1500}
END
sysctl -qw vm.swappiness=30
reverted
t_says 'changed since: named, with the command' 'fix: sysctl -w vm.swappiness=60'
t_is 'changed since: not touched' 30 "$(cat /proc/sys/vm/swappiness)"
sysctl -qw vm.swappiness=60
same 'changed since: the rest is as before'

# 10: a second apply over the first
history 'two applies' <<END
version: 1
sysctl: {vm.swappiness: 10}
END
echo '{version: 1, sysctl: {vm.swappiness: 20, vm.dirty_ratio: 30}}' >$profile
run apply --no-api $profile
reverted
t_is 'two applies: back to the first' 10 "$(cat /proc/sys/vm/swappiness)"
reverted
same 'two applies: as before'

# 11: another boot: the kernel's values are those of this boot
history 'other boot' <<END
version: 1
sysctl: {vm.swappiness: 10}
END
echo other >/run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
reverted -v
t_says 'other boot: nothing is restored' 'which undid it'
t_is 'other boot: not written' 10 "$(cat /proc/sys/vm/swappiness)"
umount /proc/sys/kernel/random/boot_id
sysctl -qw vm.swappiness=60

# 12: kill -9 before each call of an apply, and of a revert
cat >$profile <<END
version: 1
sysctl: {vm.swappiness: 10, vm.dirty_bytes: 629145600, net.ipv4.ip_forward: 0}
END
history='killed'
rm -rf $journals
state >/run/before
killed_apply=0
while :; do
	killed_apply=$((killed_apply + 1))
	rm -rf $journals
	status=0
	"$kill_at" $killed_apply all /run/calls "$hosttune" apply --no-api $profile >/run/first 2>&1 || status=$?
	"$hosttune" revert --no-api >/run/second 2>&1 || t_fail "killed at call $killed_apply of an apply" "$(cat /run/second)"
	state >/run/after
	diff /run/before /run/after >/run/diff || t_fail "killed at call $killed_apply of an apply" "$(cat /run/diff)"
	[ "$status" = 137 ] || break
done
t_ok "killed at each of $((killed_apply - 1)) calls of an apply: as before" [ "$killed_apply" -gt 8 ]
killed_revert=0
while :; do
	killed_revert=$((killed_revert + 1))
	rm -rf $journals
	"$hosttune" apply --no-api $profile >/run/first 2>&1 || t_fail "apply" "$(cat /run/first)"
	status=0
	"$kill_at" $killed_revert all /run/calls "$hosttune" revert --no-api >/run/first 2>&1 || status=$?
	"$hosttune" revert --no-api >/run/second 2>&1 || t_fail "killed at call $killed_revert of a revert" "$(cat /run/second)"
	state >/run/after
	diff /run/before /run/after >/run/diff || t_fail "killed at call $killed_revert of a revert" "$(cat /run/diff)"
	[ "$status" = 137 ] || break
done
t_ok "killed at each of $((killed_revert - 1)) calls of a revert: as before" [ "$killed_revert" -gt 4 ]

# --try: kill -9 the apply and its guard before each call of either; what runs next reverts
killed_try=0
while :; do
	killed_try=$((killed_try + 1))
	rm -rf $journals
	"$kill_at" $killed_try all /run/calls "$hosttune" apply --try 1 --no-api $profile >/run/first 2>&1
	# too late, even if the kill came after the apply
	sleep 1.1
	"$hosttune" confirm --no-api >/run/second 2>&1
	state >/run/after
	diff /run/before /run/after >/run/diff || t_fail "--try killed at call $killed_try" "$(cat /run/diff /run/second)"
	[ "$(wc -l </run/calls)" -ge $killed_try ] || break
done
t_ok "--try, killed at each of $((killed_try - 1)) calls: as before" [ "$killed_try" -gt 20 ]
rm -rf $journals
run apply --try 2 --no-api $profile
t_status '--try: applied' 0
t_ok '--try: reverted by its guard' until_ok grep -qx 60 /proc/sys/vm/swappiness
t_ok '--try: the kernel log has it' until_ok sh -c 'dmesg | grep -q "hosttune: journal 1 was on trial"'
same '--try: as before'

# a full disk: nothing is changed, and nothing is left
mkdir -p /run/full
mount -t tmpfs -o size=4k tmpfs /run/full
dd if=/dev/zero of=/run/full/file bs=4k count=1 2>/dev/null
run apply --no-api --state-dir /run/full/journal $profile
t_status 'a full disk: refused' 3
t_says 'a full disk: the reason' 'No space'
same 'a full disk: nothing is changed'
run apply --no-api --no-journal $profile
t_status 'without a journal: applied' 0
echo "# kernel $(uname -r)"
t_done
