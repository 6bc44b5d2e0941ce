#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: over which distances do the TCP buffers of network-throughput, nfs-server (16 MiB)
#   and network-wan (32 MiB) raise the throughput of one flow?
# Method: one flow over 1 Gbit/s, with 0.2, 10, 25, 80 and 200 ms there and back (25 KB, 1.25,
#   3.1, 10 and 25 MB under way; 1.25 MB are also 5 Gbit/s over 2 ms, 3.1 MB 25 Gbit/s over 1 ms),
#   counted once it has grown. Limits of Linux 6.1 and 6.12: 6 MiB to receive, 4
#   MiB to send. "asked" is a program that asks for 8 MiB by itself (SO_SNDBUF, SO_RCVBUF).
# Arms: 0.2ms kernel -> profile
# Arms: 10ms kernel -> profile
# Arms: 25ms kernel -> profile
# Arms: 80ms kernel -> profile
# Arms: 200ms profile -> wan
# Arms: 80ms-max kernel -> max
# Arms: 80ms-asked kernel -> max
# Metrics: sent.bytes
# Refuted if: the profile's buffers do not raise the throughput over 80 ms, or they do over 0.2
#   ms.
# Answer: only over long distances. The 16 MiB of the profiles give {80ms sent.bytes} times the
#   throughput over 80 ms, {10ms sent.bytes} times over 10 ms and {0.2ms sent.bytes} times over 0.2
#   ms; 32 MiB give {200ms sent.bytes} times that of 16 MiB over 200 ms. rmem_max and wmem_max do
#   nothing for a flow whose program sets no buffers ({80ms-max sent.bytes}), and much for one that
#   does ({80ms-asked sent.bytes}).
# Limits: rates above 1 Gbit/s: the distances become shorter in proportion.
# VM: -m 1536M
. tests/lab/net.sh

# one MICROSECONDS WARM-MS MS BUFFER ARM
one() {
	link "$1" 8000
	sysctl -qw net.core.rmem_max=212992 net.core.wmem_max=212992
	case $5 in
	kernel) hosts "$kernel_tcp" ;;
	profile) hosts "$network_throughput" ;;
	wan) hosts "$network_wan" ;;
	max) hosts "$kernel_tcp" && sysctl -qw net.core.rmem_max=16777216 net.core.wmem_max=16777216 ;;
	esac
	nsenter --net=/run/netns/server lab-tool serve 7001 "$4" &
	_serving=$!
	until_ok server grep -q ': [0-9A-F]*:1B59 00000000:0000 0A ' /proc/net/tcp # it listens to 7001
	measure "$5" client lab-tool send 10.7.1.1 7001 "$3" "$4" "$2"
	kill $_serving
	wait $_serving 2>/dev/null
	sleep 2 # what is under way
}

network
paired 0.2ms kernel profile one 200 100 100 0
paired 10ms kernel profile one 10000 250 100 0
paired 25ms kernel profile one 25000 500 150 0
paired 80ms kernel profile one 80000 1000 240 0
paired 80ms-max kernel max one 80000 1000 240 0
paired 80ms-asked kernel max one 80000 1000 240 8388608
paired 200ms profile wan one 200000 2600 400 0
lab_done
