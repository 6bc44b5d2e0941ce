#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Interfaces with real drivers: e1000e, virtio-net with several queues, and a pair of veth.
#
# usage: tests/vm/run -n -c 2 -t 600 -- tests/vm/network.sh
#
# shellcheck disable=SC2317 # functions that t_run calls
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)

. tests/vm/states.sh
. tests/vm/interfaces.sh

# All that the profiles below can change.
state() {
	grep . /sys/class/net/*/mtu /sys/class/net/*/tx_queue_len
	for name in "$e1000e" $virtio pod0; do
		for what in -g -l -c; do
			ethtool $what "$name" 2>/dev/null
		done
	done
}

# queues INTERFACE rx|tx: how many it has.
queues() {
	set -- "/sys/class/net/$1/queues/$2"-*
	echo $#
}

# rings INTERFACE: the sizes of its rings, for receiving and for sending.
rings() {
	ethtool -g "$1" | awk '/^Current/ { now = 1 } now && /^RX:/ { rx = $2 } now && /^TX:/ { print rx, $2 }'
}

# --- all of it ------------------------------------------------------------------------------

title='several drivers'
set -- "name: e, interfaces: {driver: e1000e}, rings: {rx: \"= min(ring_max, 8192)\", tx: {min: 1024}}, coalesce: {rx-usecs: 50}, mtu: 1400, txqueuelen: 2000"
channels='' pairs=''
if ethtool -l pod0 >/dev/null 2>&1; then
	pairs='channels: {rx: 1, tx: 1}'
	channels=$(printf 'channels pods/%s drift InterruptsTraffic\n' pod0 pod1)
	set -- "$@" 'name: pods, interfaces: {name: "pod?"}, channels: {rx: 2, tx: {max: 2}}'
else
	t_skip "channels of a pair" "this kernel cannot change those of veth"
fi
if [ "$virtio" ]; then
	ethtool -L "$virtio" combined 1
	set -- "$@" 'name: v, interfaces: {driver: virtio_net}, channels: {combined: "= min(queues, cpus)"}, rings: {rx: "= min(ring_max, 65536)"}'
else
	t_skip "virtio-net with several queues" "this machine cannot make a tap interface"
fi
profile "$@"
state >"$work/before"
run 1 audit
t_is "an audit announces what interrupts traffic" "$(printf '%s\n' \
	"coalesce e/$e1000e drift LiveDiffers" "link e/$e1000e drift LiveDiffers" \
	"rings e/$e1000e drift InterruptsTraffic" ${channels:+"$channels"} | sort)" \
	"$(echo "$states" | grep -v " v/" | sort)"
[ ! "$virtio" ] || t_is "virtio-net: two queues, and rings that are as large as they can be" \
	"$(printf 'channels v/%s drift InterruptsTraffic\nrings v/%s ok ' "$virtio" "$virtio")" "$(echo "$states" | grep ' v/')"
t_is "an audit changes nothing" "$(cat "$work/before")" "$(state)"
run 0 apply
t_is "rings" "4096 1024" "$(rings "$e1000e")"
t_is "coalesce" "rx-usecs: 50" "$(ethtool -c "$e1000e" | grep '^rx-usecs:' | tr '\t' ' ' | tr -s ' ')"
t_is "MTU and send queue" "1400 2000" "$(cat "/sys/class/net/$e1000e/mtu" "/sys/class/net/$e1000e/tx_queue_len" | xargs)"
[ ! "$pairs" ] || t_is "channels of a pair" "2 2" "$(queues pod0 rx) $(queues pod0 tx)"
[ ! "$virtio" ] || t_is "channels of virtio-net" 2 "$(queues "$virtio" rx)"
state >"$work/applied"
run 0 audit
strace -f --seccomp-bpf -e trace=ioctl,write -o "$work/trace" "$hosttune" apply "$work/profile.yaml" >/dev/null
t_is "a second apply sets nothing" "" "$(grep -E 'ETHTOOL_S[A-Z]*(PARAM|CHANNELS|COALESCE)' "$work/trace")"
t_is "a second apply changes nothing" "$(cat "$work/applied")" "$(state)"
t_ok "revert" "$hosttune" revert
t_is "revert restores all" "$(cat "$work/before")" "$(state)"

# --- a later step that fails ------------------------------------------------------------------

title='a later step fails'
profile "name: e, interfaces: {driver: e1000e}, rings: {rx: 512}, mtu: 65000, txqueuelen: 7"
run 3 apply
t_is "the kernel refuses the MTU, and all is rolled back" "$(printf '%s\n' \
	"rings e/$e1000e drift Reverted" "link e/$e1000e failed RefusedByKernel")" "$states"
t_is "all is as it was" "$(cat "$work/before")" "$(state)"

# --- bad input ----------------------------------------------------------------------------------

title='bad input'
# says STATUS STATES ITEM
says() {
	profile "$3"
	run "$1" apply
	t_is "$3" "$2" "$states"
	t_is "$3: nothing is changed" "$(cat "$work/before")" "$(state)"
}
says 3 "rings a failed InterfaceUnsupported" 'name: a, interfaces: {name: pod0}, rings: {rx: max}'
says 0 "rings a skipped NotSupported" 'name: a, interfaces: {name: pod0}, optional: true, rings: {rx: max}'
says 3 "channels a/$e1000e failed InterfaceUnsupported" 'name: a, interfaces: {driver: e1000e}, channels: {combined: 1}'
says 3 "channels a failed InterfaceUnsupported" 'name: a, interfaces: {name: pod0}, channels: {combined: 1}'
says 3 "rings a/$e1000e failed AboveMaximum" 'name: a, interfaces: {driver: e1000e}, rings: {rx: 8192}'
says 0 "rings a skipped NoInterface" 'name: a, interfaces: {name: "none*"}, rings: {rx: 1}'
says 0 "link a skipped NoInterface" 'name: a, interfaces: {driver: veth}, mtu: 1300'
says 3 "coalesce a/$e1000e failed RefusedByKernel" 'name: a, interfaces: {driver: e1000e}, coalesce: {rx-usecs: 900000}'
says 3 "coalesce a/$e1000e failed InterfaceUnsupported" 'name: a, interfaces: {driver: e1000e}, coalesce: {tx-frames: 9}'

# --- the watch -----------------------------------------------------------------------------------

# watched COMMAND...: run the watch until the command succeeds.
watched() {
	"$hosttune" watch --interval 1 --audit-interval 1 "$work/profile.yaml" >"$work/log" 2>&1 &
	watch=$!
	until_ok "$@"
	sleep 2
	kill $watch
	wait $watch || :
}
has_mtu() { [ "$(cat "/sys/class/net/$e1000e/mtu")" = 1400 ]; }
has_rings() { [ "$(rings "$e1000e")" = "512 $tx" ]; }
tx=$(rings "$e1000e")
tx=${tx#* }

profile "name: e, interfaces: {driver: e1000e}, rings: {rx: 512}, mtu: 1400"
watched has_mtu
t_ok "the watch sets the MTU" has_mtu
t_not "the watch leaves the rings" has_rings
t_ok "and reports them" grep -q 'drift rings .*can interrupt traffic' "$work/log"
profile "name: e, interfaces: {driver: e1000e}, disruptive: allow, rings: {rx: 512}, mtu: 1400"
watched has_rings
t_ok "with disruptive: allow, it sets them" has_rings

# --- a card that is plugged in while the watch runs ---------------------------------------------------

slot=$(readlink -f "/sys/class/net/$e1000e/device")
profile "name: e, interfaces: {driver: e1000e}, mtu: 1300"
has_mtu() { [ "$(cat "/sys/class/net/$(card e1000e)/mtu" 2>/dev/null)" = 1300 ]; }
no_card() { [ ! "$(card e1000e)" ]; }
plug() {
	until_ok has_mtu
	echo 1 >"$slot/remove"
	until_ok grep -q 'devices were added or removed' "$work/log"
	until_ok grep -q 'profile reloaded' "$work/log"
	echo 1 >/sys/bus/pci/rescan
	sleep 1
	until_ok has_mtu
}
watched plug
t_ok "the watch sets the MTU of a card that was plugged in" has_mtu
t_is "after two changes of the cards" 2 "$(grep -c 'devices were added or removed' "$work/log")"

# --- a name that goes to another interface during an apply ------------------------------------------------

title='renamed during an apply'
profile 'name: p, interfaces: {name: pod0}, mtu: 1280, txqueuelen: 77'
ip link set pod0 mtu 1500 txqueuelen 1000
ip link set pod1 mtu 1500 txqueuelen 1000
# the journal is written after the plan was made, and before the first change
strace -f -o "$work/trace" -e inject=fsync,fdatasync:delay_enter=8000000:when=1 \
	"$hosttune" apply -o json "$work/profile.yaml" >"$work/report" 2>&1 &
apply=$!
until_ok test -s "$work/trace"
sleep 4
# swap_names: pod0 becomes podx, and pod1 becomes pod0.
swap_names() {
	ip link set pod0 down
	ip link set pod1 down
	ip link set pod0 name podx
	ip link set pod1 name pod0
}
swap_names
status=0
wait $apply || status=$?
t_is "$title: exit status" 3 "$status"
t_is "$title: the report" "failed InterfaceGone" "$(jq -r '.resources[] | "\(.state) \(.reason)"' "$work/report")"
t_ok "$title: where it is" grep -q 'pod0 was renamed to podx' "$work/report"
t_is "$title: neither is changed" "1500 1500 1000 1000" \
	"$(cat /sys/class/net/podx/mtu /sys/class/net/pod0/mtu /sys/class/net/podx/tx_queue_len /sys/class/net/pod0/tx_queue_len | xargs)"
ip link set pod0 name pod1
ip link set podx name pod0
run 0 apply
t_is "$title: the next apply sets it" 1280 "$(cat /sys/class/net/pod0/mtu)"
ip link set pod1 mtu 1280
swap_names
t_ok "$title: a later revert" "$hosttune" revert
t_is "$title: it follows the interface" "1500 1280 1000 1000" \
	"$(cat /sys/class/net/podx/mtu /sys/class/net/pod0/mtu /sys/class/net/podx/tx_queue_len /sys/class/net/pod0/tx_queue_len | xargs)"
ip link set pod0 name pod1
ip link set podx name pod0

# --- packets that an apply loses --------------------------------------------------------------------

ip netns add pod
ip link set pod1 netns pod
ip addr add 192.0.2.1/24 dev pod0
ip link set pod0 up
ip -n pod addr add 192.0.2.2/24 dev pod1
ip -n pod link set pod1 up
title='during pings'

# lost INTERFACE ADDRESS VALUES: of the pings that an apply of them sees, some may be lost, but not all
# for long. How many depends on the driver: the number is printed.
lost() {
	ping -q -i 0.05 -c 80 -W 1 -I "$1" "$2" >"$work/ping" &
	ping=$!
	sleep 1
	profile "name: p, interfaces: {name: $1}, $3"
	run 0 apply
	wait $ping || :
	t_ok "$3: the pings were sent before and after" grep -q '^80 packets transmitted' "$work/ping"
	t_is "$3: it was set" 1 "$(echo "$states" | grep -c ' changed ')"
	echo "# $3: $(grep transmitted "$work/ping")"
	lost=$(awk '/transmitted/ { print $1 - $4 }' "$work/ping")
	t_ok "$3: at most $4 of 80 packets are lost: $lost" test "$lost" -le "$4"
}
modprobe sch_fq
tc qdisc del dev pod0 root 2>/dev/null || :
for values in "$pairs" 'features: {tso: false}' 'mtu: 1400' 'txqueuelen: 50' 'qdisc: fq' \
	'rps: "1"' 'rfs: 4096'; do
	[ ! "$values" ] || lost pod0 192.0.2.2 "$values" 5
done

# A card resets its queues: its link is down for a while.
ip addr add 10.0.2.15/24 dev "$e1000e"
ip link set "$e1000e" up
until_ok grep -q 1 "/sys/class/net/$e1000e/carrier"
if ping -q -c 3 -W 2 -I "$e1000e" 10.0.2.2 >/dev/null; then
	for values in 'rings: {rx: 512}' 'coalesce: {rx-usecs: 90}' 'features: {gro: false}' 'mtu: 1450'; do
		lost "$e1000e" 10.0.2.2 "$values" 70
	done
else
	t_skip "pings through a card" "nothing answers them: see -n of tests/vm/run"
fi

t_done
