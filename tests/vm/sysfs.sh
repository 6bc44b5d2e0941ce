#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Memory and other files of /sys on a real kernel, and as a bootstrap container.
#
# usage: tests/vm/run -t 600 -- tests/vm/sysfs.sh
#
# shellcheck disable=SC2317 # functions that t_run calls
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
rootfs=/run/rootfs
mm=/sys/kernel/mm
thp=$mm/transparent_hugepage
pages=$mm/hugepages/hugepages-2048kB/nr_hugepages
zram=/sys/devices/virtual/block/zram0
cpumask=/sys/devices/virtual/workqueue/cpumask
work=$(mktemp -d)
. tests/vm/states.sh

modprobe -a zram loop || fail "this kernel has no zram or no loop"

# All that the profiles below can change.
state() {
	grep . $thp/enabled $thp/defrag $thp/shmem_enabled $thp/khugepaged/pages_to_scan $pages $mm/ksm/run \
		$mm/ksm/sleep_millisecs $mm/ksm/max_page_sharing $mm/lru_gen/min_ttl_ms $cpumask \
		/sys/block/*/queue/read_ahead_kb /sys/class/net/*/queues/rx-*/rps_cpus /sys/class/net/lo/mtu \
		/sys/devices/system/clocksource/clocksource0/current_clocksource 2>/dev/null
}

# chosen FILE: the word in brackets.
chosen() {
	sed 's/.*\[\(.*\)\].*/\1/' "$1"
}

# profile LINE...: make it of the lines.
profile() {
	{
		echo 'version: 1'
		for line; do echo "$line"; done
	} >"$work/profile.yaml"
}

# --- all of it ------------------------------------------------------------------------------

echo always >$thp/enabled
echo madvise >$thp/defrag
echo 0 >$mm/ksm/run
echo 1 >$mm/ksm/run
title='memory and sysfs'
profile 'memory: {thp: madvise, thp-defrag: defer+madvise, thp-shmem: advise, hugepages: {2MiB: 4}, ksm: false}' \
	'sysfs:' \
	"  $thp/khugepaged/pages_to_scan: 8k" \
	"  $mm/lru_gen/min_ttl_ms: {min: 100, optional: true}" \
	'  "/sys/block/zram*/queue/read_ahead_kb": 64' \
	'  "/sys/class/net/*/queues/rx-*/rps_cpus": "00000001"' \
	'  /sys/module/zswap/parameters/enabled: {value: false, optional: true}' \
	"  $cpumask: f" \
	'  "/sys/block/nosuch*/queue/nr_requests": 4'
profile_all=$(cat "$work/profile.yaml")
# the guest has one processor, or more: the mask of all of them
sed -i "s/cpumask: f/cpumask: \"0$(cat $cpumask)\"/" "$work/profile.yaml"
state >"$work/before"
run 1 audit
t_is "an audit changes nothing" "$(cat "$work/before")" "$(state)"
t_is "the mask is in sync, with a zero in front" "sysfs $cpumask ok " "$(echo "$states" | grep cpumask)"
t_is "no such disk" 'sysfs /sys/block/nosuch*/queue/nr_requests skipped NoFileMatches' "$(echo "$states" | grep nosuch)"
run 0 apply
t_is "thp" "madvise defer+madvise advise" "$(chosen $thp/enabled) $(chosen $thp/defrag) $(chosen $thp/shmem_enabled)"
t_is "huge pages" 4 "$(cat $pages)"
t_is "ksm" 0 "$(cat $mm/ksm/run)"
t_is "a number with a unit" 8000 "$(cat $thp/khugepaged/pages_to_scan)"
t_is "a pattern" 64 "$(cat $zram/queue/read_ahead_kb)"
t_is "a mask" 1 "$(sed 's/^[0,]*//' /sys/class/net/lo/queues/rx-0/rps_cpus)"
state >"$work/applied"
run 0 audit
strace -f --seccomp-bpf -e trace=%file,write -o "$work/trace" "$hosttune" apply "$work/profile.yaml" >/dev/null
t_is "a second apply writes nothing to /sys" "" "$(grep -E 'sys/.*O_(WRONLY|RDWR)' "$work/trace")"
t_is "a second apply changes nothing" "$(cat "$work/applied")" "$(state)"

# --- bundles, capture, revert -------------------------------------------------------------------

title='a bundle'
t_ok "collect" "$hosttune" collect "$work/bundle.tar" "$work/profile.yaml"
run 0 audit
live=$states
run 0 audit --bundle "$work/bundle.tar"
t_is "an audit of the bundle finds the same" "$live" "$states"
t_run "$hosttune" capture "$work/profile.yaml"
for line in 'thp: madvise' 'thp-defrag: .*defer+madvise' '2MiB: 4' 'ksm: false' 'pages_to_scan: 8000'; do
	t_ok "capture has $line" grep -q "$line" "$t_out"
done
t_ok "revert" "$hosttune" revert
t_is "revert restores all" "$(cat "$work/before")" "$(state)"

# --- a later step that fails ------------------------------------------------------------------

title='a later step fails'
profile 'memory: {thp: never, hugepages: {2MiB: 4}}' \
	"sysfs: {$mm/ksm/sleep_millisecs: 77, $mm/ksm/max_page_sharing: 1}"
run 3 apply
t_is "the kernel refuses a value, and all is rolled back" "$(printf '%s\n' 'thp memory drift Reverted' \
	'hugepages memory drift Reverted' "sysfs $mm/ksm/sleep_millisecs drift Reverted" \
	"sysfs $mm/ksm/max_page_sharing failed RefusedByKernel")" "$states"
t_is "all is as it was" "$(cat "$work/before")" "$(state)"

# --- bad input ----------------------------------------------------------------------------------

# says STATUS STATES LINE...
says() {
	expected_states=$2 expected=$1
	shift 2
	title="$*"
	profile "$@"
	run "$expected" apply
	t_is "$*" "$expected_states" "$states"
	t_is "$*: nothing is changed" "$(cat "$work/before")" "$(state)"
}
says 3 'hugepages memory failed HugepagesShort' 'memory: {hugepages: {2MiB: 1000000}}'
says 3 "sysfs $zram/queue/read_ahead_kb failed NotKept" "sysfs: {$zram/queue/read_ahead_kb: 65}"
clock=/sys/devices/system/clocksource/clocksource0/current_clocksource
says 3 "sysfs $clock failed NotKept" "sysfs: {$clock: sundial}"
says 3 "sysfs $thp/enabled failed ValueUnavailable" "sysfs: {$thp/enabled: sometimes}"
says 3 "sysfs $mm/none failed NoSuchFile" "sysfs: {$mm/none: 1}"
says 5 "sysfs $zram/mem_used_max refused WriteOnly" "sysfs: {$zram/mem_used_max: 0}"
says 3 'sysfs /sys/module/loop/parameters/max_loop failed ReadOnlyFile' \
	'sysfs: {/sys/module/loop/parameters/max_loop: 9}'
t_is "the remedy is an option of the module" "set it when the module is loaded: loop.max_loop=9 on the kernel's command line, or options of modprobe.d" \
	"$(jq -r '.resources[0].remedy' "$work/report")"
says 0 'sysfs /sys/class/none/*/x skipped NoFileMatches' 'sysfs: {"/sys/class/none/*/x": 1}'
says 5 'sysfs /sys/devices/virtual/block/zram0/* refused FileRefused' "sysfs: {\"$zram/*\": 1}"
says 2 '' 'memory: {thp: never}' "sysfs: {$thp/enabled: madvise}"
says 5 "$(printf '%s\n' 'sysctl vm.nr_hugepages drift NotAttempted' 'hugepages memory refused AlsoSet')" \
	'memory: {hugepages: {2MiB: 9}}' 'sysctl: {vm.nr_hugepages: 9}'
says 5 "$(printf '%s\n' 'rps a drift NotAttempted' 'sysfs /sys/class/net/lo/queues/rx-0/rps_cpus refused AlsoSet')" \
	'network: [{name: a, interfaces: {name: lo}, rps: "0"}]' 'sysfs: {/sys/class/net/lo/queues/rx-0/rps_cpus: 2}'
says 5 "$(printf '%s\n' 'link a drift NotAttempted' 'sysfs /sys/class/net/*/mtu refused AlsoSet')" \
	'network: [{name: a, interfaces: {name: lo}, mtu: 60000}]' 'sysfs: {"/sys/class/net/*/mtu": 60000}'
says 5 'sysfs /sys/*/*/*/*/*/*/*/* refused TooManyFiles' 'sysfs: {"/sys/*/*/*/*/*/*/*/*": 1}'
# a link of a directory that is mounted below /sys, and one that is hidden by a pattern
mount -t tmpfs tmpfs /sys/fs/cgroup
echo 1 >/sys/fs/cgroup/x
says 5 'sysfs /sys/fs/cgrou[p]/x refused FileRefused' 'sysfs: {"/sys/fs/cgrou[p]/x": 2}'
umount /sys/fs/cgroup

title='a read-only /sys'
profile "memory: {thp: never}" "sysfs: {$thp/khugepaged/pages_to_scan: {min: 1}}"
mount --bind /sys /sys
mount -o remount,bind,ro /sys
run 3 apply
t_is "$title" "$(printf '%s\n' 'thp memory failed ReadOnlyMount' "sysfs $thp/khugepaged/pages_to_scan ok ")" "$states"
umount /sys

# --- the watch -----------------------------------------------------------------------------------

is_never() { [ "$(chosen "$thp/enabled")" = never ]; }
"$hosttune" watch --interval 1 --audit-interval 1 "$work/profile.yaml" >"$work/log" 2>&1 &
watch=$!
until_ok is_never
t_ok "the watch sets a value" is_never
echo always >$thp/enabled
until_ok is_never
t_ok "the watch restores it" is_never
kill $watch
wait $watch || :
echo always >$thp/enabled

# --- a bootstrap container -----------------------------------------------------------------------

bottlerocket_host
cp -r "$B/rootfs" $rootfs
mkdir -p /local/bootstrap-containers/hosttune
{
	echo 'persist: false'
	echo "$profile_all" | grep -v workqueue
} >/local/bootstrap-containers/hosttune/user-data
t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune
t_status "apply as a bootstrap container" 0
t_is "thp of the host" "madvise defer+madvise advise" "$(chosen $thp/enabled) $(chosen $thp/defrag) $(chosen $thp/shmem_enabled)"
t_is "huge pages of the host" 4 "$(cat $pages)"
t_is "a pattern, on the host" 64 "$(cat $zram/queue/read_ahead_kb)"
t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune audit
t_status "audit as a bootstrap container" 0
echo always >$thp/enabled
t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune audit --root / -o json \
	/.bottlerocket/bootstrap-containers/current/user-data
t_status "audit of the container's own /sys" 3
t_ok "that is read-only" grep -q '"reason": "ReadOnlyMount"' "$t_out"
t_ok "and the way out is named" grep -q 'root /.bottlerocket/rootfs' "$t_out"

# --- sysctls that are module parameters, too: relation_files of lib/sysctl/known/relation.c -------

modprobe -a sunrpc lockd nfs nfsv4 nf_conntrack scsi_mod 2>/dev/null || :
while read -r key parameter value shown; do
	[ -e "/sys/module/$parameter" ] || fail "no /sys/module/$parameter"
	sysctl -qw "$key=$value"
	t_is "$key is the parameter $parameter" "${shown:-$value}" "$(cat "/sys/module/$parameter")"
done <<END
sunrpc.min_resvport sunrpc/parameters/min_resvport 700
sunrpc.max_resvport sunrpc/parameters/max_resvport 999
sunrpc.tcp_slot_table_entries sunrpc/parameters/tcp_slot_table_entries 5
sunrpc.tcp_max_slot_table_entries sunrpc/parameters/tcp_max_slot_table_entries 500
sunrpc.udp_slot_table_entries sunrpc/parameters/udp_slot_table_entries 7
fs.nfs.nlm_grace_period lockd/parameters/nlm_grace_period 33
fs.nfs.nlm_timeout lockd/parameters/nlm_timeout 11
fs.nfs.nlm_tcpport lockd/parameters/nlm_tcpport 32803
fs.nfs.nlm_udpport lockd/parameters/nlm_udpport 32804
fs.nfs.nsm_use_hostnames lockd/parameters/nsm_use_hostnames 1 Y
fs.nfs.nfs_mountpoint_timeout nfs/parameters/nfs_mountpoint_expiry_timeout 321
fs.nfs.nfs_callback_tcpport nfs/parameters/callback_tcpport 4321
fs.nfs.idmap_cache_timeout nfs/parameters/nfs_idmap_cache_timeout 123
net.netfilter.nf_conntrack_buckets nf_conntrack/parameters/hashsize 8192
kernel.panic kernel/parameters/panic 77
kernel.panic_on_warn kernel/parameters/panic_on_warn 0 0
kernel.panic_print kernel/parameters/panic_print 3
dev.scsi.logging_level scsi_mod/parameters/scsi_logging_level 9
END

t_done
