# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Limits of the network and of open files that are reached, and a card that does not answer.

what tcp_mem "sockets closed with unsent data while tcp_mem allows 8 pages" "TCP: out of memory"
stage_tcp_mem() {
	sysctl -qw net.ipv4.tcp_mem='4 6 8'
	orphans
	sysctl -qw net.ipv4.tcp_mem='19000 25000 38000'
}

what tcp_orphans "sockets closed with unsent data while tcp_max_orphans is 1" "too many orphaned sockets"
stage_tcp_orphans() {
	sysctl -qw net.ipv4.tcp_max_orphans=1
	orphans
	sysctl -qw net.ipv4.tcp_max_orphans=8192
}

# orphans: senders to a reader that does not read; killed, they leave their data behind.
orphans() {
	for port in 7771 7772 7773 7774 7775 7776; do
		busybox nc -l -p $port -e sleep 8 &
		(sleep 1 && head -c 3000000 /dev/zero | timeout 3 busybox nc 127.0.0.1 $port) &
	done
	wait
}

# two_hosts: this namespace and "peer" are linked, 10.9.0.1 and 10.9.0.2.
two_hosts() {
	ip netns add peer
	ip link add left type veth peer name right netns peer
	ip addr add 10.9.0.1/16 dev left
	ip link set left up
	ip -n peer addr add 10.9.0.2/16 dev right
	ip -n peer link set right up
	sleep 1
}

what syn_flood "connections to a listener with a backlog of 1 whose answers are lost" "Possible SYN flooding on port"
stage_syn_flood() {
	two_hosts
	sysctl -qw net.ipv4.tcp_syncookies=1 net.core.somaxconn=1
	busybox nc -ll -p 8080 -e true &
	listener=$!
	busybox ping -c 1 10.9.0.2
	ip netns exec peer busybox ping -c 1 10.9.0.1
	mac=$(ip -n peer -j link show right | jq -r '.[0].address')
	ip neigh replace 10.9.0.2 lladdr "$mac" dev left nud permanent
	tc qdisc add dev left root netem loss 100%
	for _ in 1 2 3 4 5 6 7 8; do
		ip netns exec peer timeout 3 busybox nc 10.9.0.1 8080 </dev/null &
	done
	sleep 4
	kill $listener
	ip link del left
	ip netns del peer
}

what conntrack_full "more connections than nf_conntrack_max allows" "table full, dropping packet"
stage_conntrack_full() {
	modprobe -a nf_conntrack act_ct cls_matchall sch_ingress
	tc qdisc add dev lo clsact
	tc filter add dev lo ingress matchall action ct commit
	sysctl -qw net.netfilter.nf_conntrack_max=4
	for port in 1 2 3 4 5 6 7 8 9 10 11 12; do
		bash -c "echo x >/dev/udp/127.0.0.1/$port" &
	done
	sleep 3
	tc qdisc del dev lo clsact
}

what neighbour_full "more neighbours than gc_thresh3 allows" "neighbor table overflow"
stage_neighbour_full() {
	two_hosts
	sysctl -qw net.ipv4.neigh.default.gc_thresh1=0 net.ipv4.neigh.default.gc_thresh2=1 net.ipv4.neigh.default.gc_thresh3=2
	for host in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		busybox ping -c 1 -W 1 10.9.1.$host &
	done
	sleep 3
	ip link del left
	ip netns del peer
}

what file_max "a user opens more files than file-max allows" "VFS: file-max limit"
stage_file_max() {
	sysctl -qw fs.file-max=64
	# shellcheck disable=SC2016 # for the shell that setpriv starts
	setpriv --reuid 65534 --clear-groups busybox sh -c '
		n=0
		while [ $n -lt 60 ]; do
			sleep 3 </dev/null 3</dev/null 4</dev/null 5</dev/null &
			n=$((n + 1))
		done'
	sleep 4
	sysctl -qw fs.file-max=100000
}

what netdev_watchdog "a network device that never completes a packet" "NETDEV WATCHDOG"
stage_netdev_watchdog() {
	fault netdev 1
	card=$(ip -j link | jq -r '.[].ifname' | grep -v '^lo$' | head -n 1)
	ip link set "$card" up
	ip addr add 10.8.0.1/24 dev "$card"
	busybox ping -c 3 -W 1 10.8.0.2
	sleep 12
	rmmod stage
}
