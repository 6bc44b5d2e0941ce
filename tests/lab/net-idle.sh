#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does tcp_slow_start_after_idle: 0 change for a connection that sends in bursts?
# Method: one connection over 1 Gbit/s and 10 ms there and back sends for a second, pauses for two,
#   and sends again for 100 ms: what is confirmed of the second burst.
# Arms: idle 1 -> 0
# Metrics: sent.bytes
# Refuted if: the second burst is the same with both.
# Answer: {idle sent.bytes} times as much is sent in the first 100 ms after a pause.
# Short: idle sent.bytes
# Limits: what a burst loses on a path that became slower during the pause, which is what the
#   kernel's default is for.
# VM: -m 1G
. tests/lab/net.sh

one() {
	link 10000 8000
	hosts "$network_throughput
net.ipv4.tcp_slow_start_after_idle=$1"
	measure "$1" client lab-tool send 10.7.1.1 7000 100 0 1000 2000
	sleep 2
}

network
paired idle 1 0 one
lab_done
