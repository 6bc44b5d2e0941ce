#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Sysctls whose write changes others: after an apply, an audit finds everything in sync, and a
# rollback restores what was moved.
#
# usage: tests/vm/run -- tests/vm/settle.sh
# shellcheck disable=SC2154 # variables of guest.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
profile=/run/profile.yaml
v4=net.ipv4.conf
v6=net.ipv6.conf
modprobe dummy
modprobe ipv6 2>/dev/null
ip link add dummy0 type dummy
ip link set dummy0 up

# start: the values before each test; the first resets those of all interfaces.
start() {
	sysctl -qw net.ipv4.ip_forward=1 $v6.all.forwarding=0 $v6.all.disable_ipv6=0
	sysctl -qw $v4.all.accept_redirects=0 $v4.default.accept_redirects=0 $v4.dummy0.accept_redirects=1 \
		$v4.dummy0.forwarding=0 $v6.dummy0.forwarding=0 vm.swappiness=60
	sysctl -qw vm.dirty_ratio=20 vm.dirty_background_ratio=10
}

all() {
	sysctl net.ipv4.ip_forward net.ipv4.conf net.ipv6.conf vm.swappiness vm.dirty_ratio vm.dirty_bytes
}

# settles NAME KEY: VALUE...: apply the sysctls; an audit must agree, and a second apply find
# nothing to do.
settles() {
	name=$1
	shift
	start
	{
		echo 'version: 1'
		echo 'sysctl:'
		printf '  %s\n' "$@"
	} >$profile
	t_run "$hosttune" apply --no-api -v $profile
	t_status "$name: apply" 0
	t_run "$hosttune" audit --no-api $profile
	t_status "$name: audit" 0
	t_run "$hosttune" apply --no-api $profile
	t_not "$name: a second apply changes nothing" grep -q changed "$t_out"
}

settles "ip_forward resets a key that was in sync" \
	'net.ipv4.ip_forward: 0' "$v4.all.accept_redirects: 0"
t_is "ip_forward resets a key that was in sync: its value" 0 "$(sysctl -n $v4.all.accept_redirects)"
settles "ip_forward after the keys that it resets" \
	"$v4.all.accept_redirects: 0" "$v4.default.accept_redirects: 0" "$v4.dummy0.forwarding: 1" \
	'net.ipv4.ip_forward: 0'
settles "an interface differs from all, IPv4" \
	"$v4.dummy0.forwarding: 0" "$v4.all.forwarding: 1" "$v4.default.forwarding: 0"
start
sysctl -qw net.ipv4.ip_forward=0
settles "an interface differs from all, IPv6" \
	"$v6.dummy0.forwarding: 0" "$v6.all.forwarding: 1" "$v6.default.forwarding: 0"
settles "disable_ipv6 of all and of an interface" \
	"$v6.dummy0.disable_ipv6: 0" "$v6.all.disable_ipv6: 1"
settles "bytes in place of a ratio" 'vm.dirty_bytes: 700000000' 'vm.dirty_background_bytes: 300000000'
settles "raise only" 'net.ipv4.ip_forward: 0' "$v4.dummy0.accept_redirects: {min: 1}" "$v4.all.accept_redirects: {max: 0}"

# devinet_copy_dflt_conf() in net/ipv4/devinet.c: the default goes to each interface whose
# value nobody has written yet
ip link add dummy1 type dummy
settles "default writes interfaces, IPv4" "$v4.default.rp_filter: 1" "$v4.dummy1.rp_filter: 0"
t_is "default writes interfaces, IPv4: the interface" 0 "$(sysctl -n $v4.dummy1.rp_filter)"
# addrconf_sysctl_addr_gen_mode() in net/ipv6/addrconf.c: all writes default and interfaces
settles "addr_gen_mode of all and of an interface" \
	"$v6.dummy0.addr_gen_mode: 0" "$v6.all.addr_gen_mode: 1" "$v6.default.addr_gen_mode: 0"
# overcommit_kbytes_handler() in mm/util.c
settles "kilobytes in place of a ratio" 'vm.overcommit_kbytes: 2000000' 'vm.overcommit_ratio: 0'
sysctl -qw vm.overcommit_ratio=50
# tcp_set_default_congestion_control() in net/ipv4/tcp_cong.c permits what it selects
modprobe tcp_bbr
sysctl -qw net.ipv4.tcp_congestion_control=cubic net.ipv4.tcp_allowed_congestion_control='reno cubic'
settles "the congestion control extends the permitted ones" \
	'net.ipv4.tcp_allowed_congestion_control: reno cubic' 'net.ipv4.tcp_congestion_control: bbr'
# kernel/watchdog.c: the main switch hides the others
settles "the watchdog and its parts" \
	'kernel.soft_watchdog: 0' 'kernel.nmi_watchdog: 0' 'kernel.watchdog: 0'
sysctl -qw kernel.watchdog=1 kernel.soft_watchdog=1
# sched_rt_handler() in kernel/sched/rt.c: the runtime must fit in the period, in either order
settles "a longer period and runtime" 'kernel.sched_rt_runtime_us: 1900000' 'kernel.sched_rt_period_us: 2000000'
settles "a shorter period and runtime" 'kernel.sched_rt_period_us: 500000' 'kernel.sched_rt_runtime_us: 400000'
# nf_conntrack_hash_resize() rounds the buckets up, and does not change the maximum
modprobe nf_conntrack
settles "conntrack: buckets, maximum, and its alias" \
	'net.netfilter.nf_conntrack_buckets: 100000' 'net.netfilter.nf_conntrack_max: 1048576' \
	'net.nf_conntrack_max: 1048576'
# no bounds between them: net/core/neighbour.c
settles "thresholds of the neighbour table" 'net.ipv4.neigh.default.gc_thresh3: 20000' \
	'net.ipv4.neigh.default.gc_thresh2: 18000' 'net.ipv4.neigh.default.gc_thresh1: 16000'
settles "thresholds of fragments, above and below the old ones" \
	'net.ipv4.ipfrag_low_thresh: 9000000' 'net.ipv4.ipfrag_high_thresh: 9500000' \
	'net.ipv6.ip6frag_high_thresh: 200000' 'net.ipv6.ip6frag_low_thresh: 100000'
settles "huge pages, by both names" 'vm.nr_hugepages: 2' 'vm.nr_hugepages_mempolicy: 2'
settles "memory of TCP: the limits do not change each other" 'net.ipv4.tcp_rmem: 4096 131072 16777216' \
	'net.ipv4.tcp_wmem: 4096 16384 16777216' 'net.ipv4.tcp_mem: 100000 130000 200000' \
	'net.core.rmem_max: 4194304'

# the last key is refused by the kernel: everything is rolled back, also what was only moved
start
before=$(all)
cat >$profile <<END
version: 1
sysctl:
  net.ipv4.ip_forward: 0
  $v4.all.accept_redirects: 0
  $v4.dummy0.accept_redirects: 1
  $v4.default.accept_redirects: 0
  vm.swappiness: 11
  net.ipv4.tcp_fastopen_key: nonsense
END
t_run "$hosttune" apply --no-api -v $profile
t_status "rollback: exit" 3
for key in net.ipv4.ip_forward $v4.all.accept_redirects $v4.dummy0.accept_redirects $v4.default.accept_redirects vm.swappiness; do
	t_is "rollback: $key" "$(echo "$before" | sed -n "s/^$key = //p")" "$(sysctl -n "$key")"
done

# two keys that exclude each other: both are named, by the checks or after the last round
start
printf 'version: 1\nsysctl: {net.ipv4.ip_forward: 0, net.ipv4.conf.all.forwarding: 1}\n' >$profile
t_run "$hosttune" apply --no-api -v $profile
t_not "two names of one value with two values: exit" test "$status" = 0
t_says "two names of one value with two values: one" "net.ipv4.ip_forward"
t_says "two names of one value with two values: the other" "net.ipv4.conf.all.forwarding"
t_is "two names of one value with two values: rolled back" 1 "$(sysctl -n net.ipv4.ip_forward)"
printf 'version: 1\nsysctl: {kernel.watchdog: 0, kernel.soft_watchdog: 1}\n' >$profile
t_run "$hosttune" apply --no-api -v $profile
t_status "a part of the watchdog without the whole: exit" 2
t_says "a part of the watchdog without the whole: one" "kernel.watchdog"
t_says "a part of the watchdog without the whole: the other" "kernel.soft_watchdog"
t_is "a part of the watchdog without the whole: nothing written" 1 "$(sysctl -n kernel.watchdog)"
t_done
