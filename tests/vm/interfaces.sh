# shellcheck shell=sh disable=SC2034,SC2154 # work: the caller's; e1000e, virtio: for it
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For scripts about interfaces: a pair of veth with four queues each, pod0 and pod1; $e1000e and
# $virtio (empty: none) are the cards of the guest. Source it after guest.sh; run with -n.

modprobe -a e1000e virtio_net veth
ip link set lo up
ip link add pod0 numtxqueues 4 numrxqueues 4 type veth peer name pod1 numtxqueues 4 numrxqueues 4

# card DRIVER: its interface.
card() {
	for path in /sys/class/net/*/device/driver; do
		case $(readlink "$path") in
		*/"$1") path=${path%/device/driver} && echo "${path##*/}" ;;
		esac
	done
}
e1000e=$(card e1000e)
virtio=$(card virtio_net)
[ "$e1000e" ] || fail "no e1000e: see -n of tests/vm/run"

# profile ITEM...: make it of the items of network:, and of a line "sysctl: ..." after them.
profile() {
	{
		echo 'version: 1'
		echo 'network:'
		for item; do
			case $item in
			sysctl:*) echo "$item" ;;
			*) echo "  - {$item}" ;;
			esac
		done
	} >"$work/profile.yaml"
}
