#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do bbr and htcp (incident-4307) change, compared to cubic, on a path that loses
#   frames, and what does the queue of the sender (fq of network-wan) change on one with a short
#   queue?
# Method: one flow over 1 Gbit/s and 20 ms there and back with the buffers of network-throughput:
#   each thousandth frame is lost; or none is, and the router holds 50 frames beyond those under way.
#   Beside the latter, small requests: the time to the first byte of each.
# Arms: bbr-loss cubic -> bbr
# Arms: htcp-loss cubic -> htcp
# Arms: bbr-queue cubic -> bbr
# Arms: htcp-queue cubic -> htcp
# Arms: fq-queue fq_codel -> fq
# Metrics: sent.bytes sent.again first.p50 first.p99
# Refuted if: bbr sends no more than cubic over the path with loss.
# Answer: where each thousandth frame is lost, bbr sends {bbr-loss sent.bytes} times as much as
#   cubic, and htcp {htcp-loss sent.bytes} times. Where the router's queue is short, bbr sends
#   {bbr-queue sent.bytes} times and htcp {htcp-queue sent.bytes} times. Cubic with fq instead of
#   fq_codel, which paces it, sends hardly a segment again on 6.12, and on 6.1 only in some runs: what
#   is sent in all differs by less than a tenth.
# Limits: how many flows share a path, which decides whether bbr is fair to the others.
# VM: -m 1536M
. tests/lab/net.sh

# one FRAMES N QDISC ARM
one() {
	link 20000 "$1" "$2"
	queue=$3
	case $4 in
	fq | fq_codel) queue=$4 algorithm=cubic ;;
	*) algorithm=$4 ;;
	esac
	hosts "$network_throughput
net.ipv4.tcp_congestion_control=$algorithm"
	tc -n client qdisc replace dev eth0 root "$queue"
	background ask client lab-tool ask 10.7.1.1 7000 11 40
	client lab-tool send 10.7.1.1 7000 300 0 250 >$lab/out/send || fail "send: failed"
	wait "$(cat $lab/out/ask.pid)"
	cat $lab/out/ask >>$lab/out/send
	record "$4" <$lab/out/send
	sleep 2
}

network
paired htcp-loss cubic htcp one 8000 1000 fq_codel
paired bbr-loss cubic bbr one 8000 1000 fq_codel
paired fq-queue fq_codel fq one 330 '' any
paired bbr-queue cubic bbr one 330 '' fq_codel
paired htcp-queue cubic htcp one 330 '' fq_codel
lab_done
