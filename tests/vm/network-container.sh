#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Interfaces, from a Bottlerocket bootstrap container: its /sys is read-only, it cannot
# inspect the host's processes, and its network namespace is the host's.
#
# usage: tests/vm/run -n -c 2 -t 300 -- tests/vm/network-container.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
rootfs=/run/rootfs
work=$(mktemp -d /run/work.XXXXXX)

modprobe -a e1000e sch_fq
for path in /sys/class/net/*/device/driver; do
	case $(readlink "$path") in */e1000e) path=${path%/device/driver} card=${path##*/} ;; esac
done
[ "${card-}" ] || fail "no e1000e: see -n of tests/vm/run"
ip link set "$card" up
bottlerocket_host
cp -r "$B/rootfs" $rootfs

# run STATUS COMMAND...: hosttune in a bootstrap container; "KIND STATE REASON" is in $states.
run() {
	expected=$1
	shift
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/profile.yaml" /local/bootstrap-containers/hosttune/user-data
	status=0
	bootstrap_container hosttune $rootfs /usr/bin/hosttune "$@" --no-api -o json >"$work/report" 2>"$work/err" || status=$?
	states=$(jq -r '.resources[] | "\(.kind) \(.state) \(.reason // "")"' "$work/report" 2>&1 | sort)
	t_is "$*: exit status" "$expected" "$status"
	[ "$status" = "$expected" ] || cat "$work/err" "$work/report"
}

cat >"$work/profile.yaml" <<END
version: 1
network:
  - name: card
    interfaces: {driver: e1000e}
    rings: {rx: max}
    coalesce: {rx-usecs: 50}
    features: {gro: false}
    mtu: 1400
    txqueuelen: 2000
    qdisc: fq
    rps: "1"
    rfs: 4096
END

run 1 audit
t_is "an audit reads all" "" "$(echo "$states" | grep -v ' drift ')"
run 0 apply
t_is "an apply sets all: with ethtool and netlink, and below the host's root" \
	"coalesce features link qdisc rfs rings rps" "$(echo "$states" | grep ' changed ' | cut -d ' ' -f 1 | xargs)"
t_is "MTU and length of the queue" "1400 2000" "$(cat "/sys/class/net/$card/mtu" "/sys/class/net/$card/tx_queue_len" | xargs)"
t_is "RPS and RFS" "2 4096" "$(cat "/sys/class/net/$card/queues/rx-0"/rps_* | xargs)"
t_is "queueing discipline" fq "$(tc qdisc show dev "$card" | awk '{ print $2; exit }')"
run 0 audit
run 0 revert
t_is "a revert restores the MTU" 1500 "$(cat "/sys/class/net/$card/mtu")"

# A pod has its own eth0 and its own net.* sysctls, which are not those of the node.
echo 'sysctl: {net.core.somaxconn: 5000, "net.ipv4.conf.*.rp_filter": 2}' >>"$work/profile.yaml"
somaxconn=$(cat /proc/sys/net/core/somaxconn)
unshare -n "$B/hosttune" audit "$work/profile.yaml" --no-api -o json >"$work/report" || :
t_is "in another network namespace, all is unknown" NotReadable \
	"$(jq -r '.resources[].reason' "$work/report" | sort -u)"
t_ok "and the report says why" grep -q "not in the host's network namespace" "$work/report"
unshare -n sh -c "$B/hosttune apply $work/profile.yaml --no-api --no-journal -o json; cat /proc/sys/net/core/somaxconn >$work/own" >"$work/report" || :
t_is "and none of its sysctls is set" "$somaxconn $somaxconn" "$(cat "$work/own" /proc/sys/net/core/somaxconn | xargs)"
run 1 audit
t_is "the host's are read in a bootstrap container" "sysctl drift LiveDiffers" "$(echo "$states" | grep ^sysctl | sort -u)"

t_done
