#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Conditions on facts of a real node, and which modules provide which sysctls.
#
# usage: tests/vm/run -- tests/vm/conditions.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
profile=/tmp/conditions.yaml

cat >"$profile" <<'END'
version: 1
sysctl:
  vm.swappiness: {value: 11, when: kernel >= 6.12}
  vm.vfs_cache_pressure: {value: 51, when: not kernel >= 6.12}
  vm.stat_interval: {value: 5, when: memory > 1000TiB or cpus > 10000}
storage:
  - {name: none, when: disks > 90, mount: /mnt/none}
nfsd: {when: numa_nodes > 90, threads: 8, start: true}
END
case $(uname -r) in
5.10.* | 6.1.*) swappiness=60 pressure=51 ;;
*) swappiness=11 pressure=100 ;;
esac
skipped='[.resources[] | select(.reason == "ConditionFalse") | .kind] | join(" ")'
t_is "skipped resources are reported" "sysctl sysctl filesystem mount drive nfsd" \
	"$("$hosttune" audit --no-api -o json "$profile" | jq -r "$skipped")"
t_ok "apply" "$hosttune" apply --no-api "$profile"
t_is "by kernel: first value" $swappiness "$(sysctl -n vm.swappiness)"
t_is "by kernel: second value" $pressure "$(sysctl -n vm.vfs_cache_pressure)"
t_is "not on this node" 1 "$(sysctl -n vm.stat_interval)"
t_ok "audit clean" "$hosttune" audit --no-api "$profile"
t_is "apply has nothing to change" 0 \
	"$("$hosttune" apply --no-api -o json "$profile" | jq .summary.changed)"

# KEY MODULE...: each module provides the key; none is loaded, and nothing warns
brings() {
	key=$1
	shift
	for module; do
		printf 'version: 1\nmodules: [%s]\nsysctl: {%s: {min: 0}}\n' "$module" "$key" >"$profile"
		modprobe -r nfsd nfsv4 nfs lockd br_netfilter ip_vs nft_ct xt_conntrack \
			nf_conntrack_netlink nf_nat nf_conntrack sunrpc 2>/dev/null
		if ! modprobe -nq "$module"; then
			t_skip "$key: $module" "this kernel has no such module"
			continue
		fi
		t_not "$key: absent before $module" sysctl -n "$key"
		t_is "$key: $module brings it" "" "$("$hosttune" apply --no-api -q "$profile" 2>&1)"
		t_ok "$key: present" sysctl -n "$key"
		t_is "$key: no warning" "hosttune: valid: 2 resources" "$("$hosttune" validate "$profile" 2>&1)"
	done
}

umount /proc/fs/nfsd /var/lib/nfs/rpc_pipefs 2>/dev/null
brings net.netfilter.nf_conntrack_max nf_conntrack nf_nat nf_conntrack_netlink xt_conntrack nft_ct ip_vs
brings net.bridge.bridge-nf-call-iptables br_netfilter
brings sunrpc.tcp_slot_table_entries sunrpc nfsd lockd nfs nfsv4
brings fs.nfs.nlm_tcpport lockd nfsd nfs nfsv4
brings fs.nfs.nsm_local_state lockd nfsd nfs nfsv4
brings fs.nfs.nfs_congestion_kb nfs nfsv4
brings fs.nfs.nfs_mountpoint_timeout nfs nfsv4
brings fs.nfs.nfs_callback_tcpport nfsv4
brings fs.nfs.idmap_cache_timeout nfsv4

# the kernel limits SO_RCVBUF and SO_SNDBUF: a larger value is written, with a warning
printf 'version: 1\nsysctl: {net.core.rmem_max: 1073741824}\n' >"$profile"
t_ok "more than is used: a warning" sh -c "'$hosttune' apply --no-api '$profile' 2>&1 | grep -q 'no more than'"
t_is "more than is used: written" 1073741824 "$(sysctl -n net.core.rmem_max)"
t_done
