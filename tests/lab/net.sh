# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What the network experiments share: two hosts and a router between them, whose link delays,
# limits and loses.
#
# The link has 1 Gbit/s and frames of 9000 bytes, as EC2 has. Hosts send single frames, not
# the large ones that a driver would cut (TSO): a loss is that of one frame.
# shellcheck disable=SC2034 # settings for experiments
. tests/lab/lab.sh

kernel_tcp='net.ipv4.tcp_rmem=4096 131072 6291456
net.ipv4.tcp_wmem=4096 16384 4194304'
network_throughput='net.ipv4.tcp_rmem=4096 131072 16777216
net.ipv4.tcp_wmem=4096 20480 16777216'
network_wan='net.ipv4.tcp_rmem=4096 131072 33554432
net.ipv4.tcp_wmem=4096 20480 33554432'

# cable NAMESPACE ADDRESS: from there to the router, which has the address .254 there.
cable() {
	ip link add eth0 netns "$1" mtu 9000 type veth peer name "$1" netns router mtu 9000
	ip -n "$1" addr add "$2/24" dev eth0
	ip -n router addr add "${2%.*}.254/24" dev "$1"
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 up
	ip -n router link set "$1" up
	ip -n "$1" route add default via "${2%.*}.254"
	nsenter --net="/run/netns/$1" ethtool -K eth0 tso off gso off gro off >/dev/null
	nsenter --net=/run/netns/router ethtool -K "$1" tso off gso off gro off >/dev/null
}

# network: the namespaces client, router and server (10.7.1.1, port 7000).
network() {
	lab_commands
	modprobe -a veth sch_ingress cls_matchall act_gact sch_netem sch_fq tcp_bbr tcp_htcp
	for _name in client router server; do
		ip netns add $_name
	done
	cable client 10.7.0.1
	cable server 10.7.1.1
	nsenter --net=/run/netns/router sysctl -qw net.ipv4.ip_forward=1
	tc -n router qdisc add dev server clsact
	# a namespace may only choose what is allowed for all
	sysctl -qw net.ipv4.tcp_allowed_congestion_control='reno cubic bbr htcp'
	sysctl -qw net.core.rmem_max=212992 net.core.wmem_max=212992
	server lab-tool serve 7000 &
	until_ok client lab-tool ask 10.7.1.1 7000 1 1
}

# link MICROSECONDS FRAMES [N]
# The time there and back, a little longer for another seed; the frames that the router holds,
# including those under way; and it loses each Nth frame to the server. (Losses at random differ
# from run to run by more than what is measured.)
link() {
	_us=$(($1 / 2 + 3 * seed + 5 * pair))
	tc -n router qdisc replace dev server root netem delay "${_us}us" rate 1gbit limit "$2"
	tc -n router qdisc replace dev client root netem delay "${_us}us" limit 10000
	tc -n router filter del dev server egress 2>/dev/null
	[ -z "${3-}" ] || tc -n router filter add dev server egress matchall action pass random determ drop "$3" ||
		fail "cannot lose frames"
}

# hosts SETTINGS: lines KEY=VALUE of sysctls, of both hosts.
hosts() {
	echo "$1" >$lab/out/settings
	for _host in client server; do
		nsenter --net=/run/netns/$_host sysctl -q -p $lab/out/settings || fail "$1: cannot be set"
	done
	# what was learnt of the path by earlier connections
	client ip tcp_metrics flush >/dev/null 2>&1
}
