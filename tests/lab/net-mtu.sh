#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does tcp_mtu_probing: 1 change on a path that drops large frames and does not
#   report it, and does it hurt on one that merely loses frames?
# Method: 4 MB are sent over 1 Gbit/s and 10 ms there and back, in at most 60 s. "hole": the last
#   card takes 1500 bytes, the hosts agree on 9000, and no ICMP message says so. "loss": the path
#   takes 9000 bytes, and loses one frame in 50; 4 transfers.
# Arms: hole 0 -> 1
# Arms: loss 0 -> 1
# Metrics: transfer.time
# Refuted if: with 1, nothing passes the hole either, or the path with loss is slower.
# Answer: with 0, nothing passes the hole in a minute; with 1, the transfer takes
#   {hole transfer.time} of that minute. Where frames are merely lost, it takes {loss transfer.time}
#   times as long.
# Limits: how often real paths drop large frames without a report.
# VM: -m 1G
. tests/lab/net.sh

# one BYTES LOSS TRANSFERS ARM: BYTES is the largest frame of the server's card
one() {
	link 10000 8000 "$2"
	ip -n server link set eth0 mtu "$1"
	ip -n server route replace default via 10.7.1.254 advmss 8960
	hosts "$network_throughput
net.ipv4.tcp_mtu_probing=$4"
	measure "$4" client lab-tool transfer 10.7.1.1 7000 4000000 60000 "$3"
	sleep 2
}

network
paired hole 0 1 one 1500 '' 1
paired loss 0 1 one 9000 50 4
lab_done
