#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do limits of dirty pages in bytes change on a server (300 and 600 MiB, as
#   nfs-server had), or only the one from which the kernel writes in the background, compared to the
#   kernel's 10 and 20 % of memory?
# Method: one NFSv3 client writes files of 256 KiB, faster than the disk takes them, to an export
#   with async: 60 MiB ("dirty": memory holds them) or 200 MiB ("lasting": it does not); then the
#   disk is synchronized. The limits are a 64th (4.7 and 9.4 MiB), as memory and disk are.
# Arms: dirty ratio -> bytes
# Arms: lasting ratio -> bytes
# Arms: early ratio -> early
# Metrics: files.time drain.time write.p50 write.p99 stat.p50 stat.p99 read.p50 read.p99 local.write.p50 local.write.p99 dirty.max stalled.time
# Plot: series of lasting
# Refuted if: the time until all is on the disk, or the longest synchronous write on the server,
#   is the same with both.
# Answer: only what waits is bounded: {lasting dirty.max} times the pages, and the last sync takes
#   {lasting drain.time} times as long. Everything before it gets slower: a load that lasts takes
#   {lasting files.time} times as long and a burst {dirty files.time} times; meanwhile a client that
#   asks for attributes waits {lasting stat.p50} and {dirty stat.p50} times as long in the median,
#   and a synchronous write on the server {lasting local.write.p50} and {dirty local.write.p50}
#   times. To only begin earlier, with 300 MiB in the background, hardly slows the load down
#   ({early files.time}), and shortens the last sync to {early drain.time}.
# Limits: a server whose memory is short, where dirty pages cannot be reclaimed.
# VM: -m 1G -a psi=1
. tests/lab/nfs.sh

# one FILES ARM
one() {
	dirty_limits "$2"
	nfs_sample "$2" $mounted/v3 8 "$1" 262144
}

pause=40000 # it takes longer than others
nfs_server
nfs_export async
nfs_client 3
nfs_warm $mounted/v3
paired dirty ratio bytes one 30
paired lasting ratio bytes one 100
paired early ratio early one 100
lab_done
