#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Every writable key below /proc/sys: read, changed, written back with its own value by
# hosttune, and read again. Keys that are not swept, and why: tests/vm/keys/sweep.c.
#
# usage: tests/vm/run -- tests/vm/sysctl-sweep.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
keys=${HOSTTUNE_B:-build}/sysctl-keys

for module in nf_conntrack br_netfilter sunrpc lockd nfs nfsv4 ip_vs sctp xfs dccp rxrpc tipc mpls_router; do
	modprobe "$module" 2>/dev/null
done
ip link set lo up
"$keys" profile >"$work/all.yaml"
n=$(grep -c '^  ' "$work/all.yaml")
t_ok "there are 600 keys or more: $n" test "$n" -ge 600

t_run "$hosttune" audit --no-api "$work/all.yaml"
t_status "an audit of all own values" 0
changed=$("$keys" perturb)
t_ok "400 keys or more have another value: $changed" test "$changed" -ge 400

t_run "$hosttune" apply --no-api "$work/all.yaml"
t_status "all own values are written" 0
"$keys" profile >"$work/after.yaml"
t_is "all read back as they were" "" "$(diff "$work/all.yaml" "$work/after.yaml")"
t_run "$hosttune" audit --no-api "$work/all.yaml"
t_status "an audit is in sync" 0
t_done
