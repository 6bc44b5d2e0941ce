#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Sets of values as guides give them: each is applied, and then in sync. The second and the
# third also move limits that bound each other.
#
# usage: tests/vm/run -- tests/vm/sysctl-sets.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune

# set NAME AT-LEAST: apply the set of that many keys.
set_of() {
	file=tests/vm/sets/$1.yaml
	n=$(grep -c '^  [a-z]' "$file")
	t_ok "$1: has $2 keys or more: $n" test "$n" -ge "$2"
	t_run "$hosttune" validate "$file"
	t_status "$1: is valid" 0
	t_run "$hosttune" apply --no-api "$file"
	t_status "$1: is applied" 0
	t_run "$hosttune" audit --no-api "$file"
	t_status "$1: is in sync" 0
	t_run "$hosttune" apply --no-api -v "$file"
	t_status "$1: is applied again" 0
	t_not "$1: the second time nothing is written" grep -q changed "$t_out"
}

live() {
	cat "/proc/sys/$1"
}

ip link set lo up
set_of kubernetes 60
t_is "ports are a set" 9092-9094,30000-32767 "$(live net/ipv4/ip_local_reserved_ports)"
t_is "limits below the live ones" "786432 1048576" \
	"$(live net/ipv4/ipfrag_low_thresh) $(live net/ipv4/ipfrag_high_thresh)"
t_is "limits above the live ones" "8388608 16777216" \
	"$(live net/ipv6/ip6frag_low_thresh) $(live net/ipv6/ip6frag_high_thresh)"

set_of database 40
t_is "dirty_bytes: 0 beside a ratio" "0 10" "$(live vm/dirty_bytes) $(live vm/dirty_ratio)"

# the other way round, and then a failure after both
cat >/run/limits.yaml <<-END
	version: 1
	persist: false
	sysctl:
	  net.ipv4.ipfrag_low_thresh: 5000000
	  net.ipv4.ipfrag_high_thresh: 6000000
	  net.ipv6.conf.lo.mtu: 999999
END
t_run "$hosttune" apply --no-api /run/limits.yaml
t_status "a value that the kernel refuses" 3
t_says "the message says when the kernel refuses it" "larger than the MTU"
t_is "both limits are rolled back" "786432 1048576" \
	"$(live net/ipv4/ipfrag_low_thresh) $(live net/ipv4/ipfrag_high_thresh)"
printf 'version: 1\npersist: false\nsysctl: {net.ipv4.ipfrag_high_thresh: 1000}\n' >/run/one.yaml
t_run "$hosttune" apply --no-api /run/one.yaml
t_status "a limit alone, below the other" 3
t_says "the message names the other" "must be at least net.ipv4.ipfrag_low_thresh, which is 786432"

set_of hardening 85
t_is "an explicit key wins over a pattern" "0 1" \
	"$(live net/ipv4/conf/lo/rp_filter) $(live net/ipv4/conf/all/rp_filter)"
t_done
