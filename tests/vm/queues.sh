#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Features, queueing disciplines, and what steers packets to CPUs and queues: e1000e,
# virtio-net with several queues, and a pair of veth.
#
# usage: tests/vm/run -n -c 2 -t 600 -- tests/vm/queues.sh
#
# shellcheck disable=SC2317 # functions that t_run calls
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)

. tests/vm/states.sh
. tests/vm/interfaces.sh
modprobe -a sch_fq sch_fq_codel sch_htb
sysctl -qw net.core.default_qdisc=fq_codel net.core.rps_sock_flow_entries=0
ip link set "$e1000e" up
ip link set pod0 up
ip link set pod1 up
if [ "$virtio" ]; then
	ethtool -L "$virtio" combined 2
	ip link set "$virtio" up
else
	t_skip "virtio-net with several queues" "this machine cannot make a tap interface"
fi

# qdiscs INTERFACE: the kinds, of the root and of each queue.
qdiscs() {
	tc qdisc show dev "$1" | awk '{
		print $2, ($4 == "root" || $6 == "root") ? "root" : "queue"
	}' | sort | uniq -c | xargs
}

# All that the profiles below can change.
state() {
	for name in "$e1000e" $virtio pod0 pod1; do
		qdiscs "$name"
		ethtool -k "$name"
		grep . "/sys/class/net/$name/queues"/*/*ps_* 2>/dev/null
	done
	sysctl net.core.rps_sock_flow_entries
}

queue() { cat "/sys/class/net/$1/queues/$2"; }
has_feature() { ethtool -k "$1" | grep -q "$2: $3"; }

# --- all of it ------------------------------------------------------------------------------

title='several drivers'
set -- "name: e, interfaces: {driver: e1000e}, features: {gro: false, tso: false}, qdisc: fq, rps: auto, rfs: auto" \
	'name: pods, interfaces: {name: "pod?"}, features: {rx-gro-list: true, tx-tcp-segmentation: false}, qdisc: fq_codel, rps: "0-1", xps: auto' \
	'sysctl: {net.core.rps_sock_flow_entries: 32768}'
[ ! "$virtio" ] || set -- "name: v, interfaces: {driver: virtio_net}, features: {gro: false}, qdisc: fq, rps: auto, xps: off" "$@"
profile "$@"
state >"$work/before"
run 1 audit
t_is "an audit changes nothing" "$(cat "$work/before")" "$(state)"
t_is "nothing of it is refused" "" "$(echo "$states" | grep -v ' drift \| ok ')"
run 0 apply
# an interrupt to receive and one to send, each on one of two CPUs
busy=0
for number in "/sys/class/net/$e1000e/device/msi_irqs"/*; do
	number=${number##*/}
	case $(cat "/sys/kernel/irq/$number/actions") in
	*-[rt]x-*) busy=$((busy | 1 << $(cat "/proc/irq/$number/effective_affinity_list"))) ;;
	esac
done
t_ok "e1000e has interrupts of queues: mask $busy" test $busy -gt 0
t_is "RPS of e1000e: the CPUs without such an interrupt" "$((3 & ~busy))" "$(queue "$e1000e" rx-0/rps_cpus)"
t_is "RFS of e1000e" 32768 "$(queue "$e1000e" rx-0/rps_flow_cnt)"
t_ok "features of e1000e" has_feature "$e1000e" generic-receive-offload off
t_ok "and segmentation" has_feature "$e1000e" tx-tcp6-segmentation off
t_is "queueing discipline of e1000e" "1 fq root" "$(qdiscs "$e1000e")"
t_is "of a pair with four queues" "4 fq_codel queue 1 mq root" "$(qdiscs pod0)"
t_is "XPS of a pair: CPUs in turn" "1 2 0 0" "$(for i in 0 1 2 3; do queue pod0 tx-$i/xps_cpus; done | xargs)"
t_is "RPS of a pair" "3 3 3 3" "$(for i in 0 1 2 3; do queue pod0 rx-$i/rps_cpus; done | xargs)"
if [ "$virtio" ]; then
	t_is "virtio-net: mq keeps, its children change" "2 fq queue 1 mq root" "$(qdiscs "$virtio")"
	t_is "virtio-net: each CPU has the interrupt of a queue" "0 0" \
		"$(for i in 0 1; do queue "$virtio" rx-$i/rps_cpus; done | xargs)"
	t_is "XPS of virtio-net is off" "0 0" "$(for i in 0 1; do queue "$virtio" tx-$i/xps_cpus; done | xargs)"
fi
state >"$work/applied"
run 0 audit
strace -f --seccomp-bpf -e trace=ioctl,openat,openat2,sendto -o "$work/trace" "$hosttune" apply "$work/profile.yaml" >/dev/null
t_is "a second apply sets nothing" "" "$(grep -E 'SFEATURES|NEWQDISC|DELQDISC|O_WRONLY.*ps_' "$work/trace")"
t_is "a second apply changes nothing" "$(cat "$work/applied")" "$(state)"
t_ok "revert" "$hosttune" revert
t_is "revert restores all" "$(cat "$work/before")" "$(state)"

# --- the commands of a report do the same ---------------------------------------------------

title='by hand'
run 1 audit
jq -r '.resources[] | select(.state == "drift") | .remedy' "$work/report" >"$work/commands"
t_ok "the commands run" sh -e "$work/commands"
t_is "with the same effect" "$(cat "$work/applied")" "$(state)"
run 0 audit
ip link set pod0 down
for name in pod0 pod1 "$e1000e" $virtio; do tc qdisc del dev "$name" root; done
run 1 audit

# --- bad input --------------------------------------------------------------------------------

title='bad input'
state >"$work/before"
# says STATUS STATES ITEM
says() {
	profile "$3"
	run "$1" apply
	t_is "$3" "$2" "$states"
	t_is "$3: nothing is changed" "$(cat "$work/before")" "$(state)"
}
says 3 "features a/$e1000e failed FeatureFixed" 'name: a, interfaces: {driver: e1000e}, features: {lro: true}'
says 0 "features a/$e1000e skipped NotSupported" 'name: a, interfaces: {driver: e1000e}, optional: true, features: {lro: true}'
says 3 "rps a failed InterfaceUnsupported" 'name: a, interfaces: {name: pod0}, rps: auto'
says 3 "xps a/$e1000e failed InterfaceUnsupported" 'name: a, interfaces: {driver: e1000e}, xps: auto'
says 0 "qdisc a skipped NoInterface" 'name: a, interfaces: {name: "none*"}, qdisc: fq'
says 3 "rps a/$e1000e failed NoSuchCpu" 'name: a, interfaces: {driver: e1000e}, rps: "4000"'
echo 'install sch_pie /bin/true' >/etc/modprobe.d/queues.conf
says 3 "qdisc a/$e1000e failed ModuleDisabled" 'name: a, interfaces: {driver: e1000e}, qdisc: pie'
rm /etc/modprobe.d/queues.conf
tc qdisc add dev pod1 root handle 5: htb default 1
tc class add dev pod1 parent 5: classid 5:1 htb rate 100mbit
state >"$work/before"
says 3 "qdisc a failed QdiscConfigured" 'name: a, interfaces: {name: pod1}, qdisc: fq'
tc qdisc del dev pod1 root
state >"$work/before"
profile 'name: a, interfaces: {name: pod0}, rfs: auto'
sysctl -qw net.core.rps_sock_flow_entries=0
state >"$work/before"
run 0 apply
t_is "RFS without a table of flows" "rfs a changed NoFlowTable" "$states"
t_ok "revert" "$hosttune" revert
t_is "all is as it was" "$(cat "$work/before")" "$(state)"

t_done
