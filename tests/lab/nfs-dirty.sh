#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do the byte limits of dirty pages (nfs-server, local-pv) change, compared to
#   the kernel's 20 and 10 % of memory?
# Method: one NFSv3 client writes 120 MiB in files of 256 KiB, faster than the disk takes them,
#   to an export with async; then the disk is synchronized. The limits are a 64th of the
#   profile's (4.7 and 9.4 MiB), as memory and disk are.
# Arms: dirty ratio -> bytes
# Metrics: files.time drain.time write.p50 write.p99 stat.p50 stat.p99 read.p50 read.p99 local.write.p50 local.write.p99 hold.max dirty.max stalled.time
# Plot: series
# Refuted if: the time until all is on the disk, or the longest synchronous write on the server,
#   is the same with both.
# Answer: the backlog is bounded: {dirty dirty.max} times the pages, and {dirty drain.time} times
#   the time until the disk has the rest. The price is high for a burst that memory would hold:
#   it takes {dirty files.time} times as long, because it waits for the disk, and meanwhile a
#   synchronous write of another program on the server takes {dirty local.write.p50} times as
#   long in the median and {dirty local.write.p99} times at the 99th percentile.
# Limits: what the values do to a load that lasts, which they are made for: this one ends before
#   the kernel's limit is reached. So they stay in the profiles for now.
# Short: dirty drain.time
# VM: -m 1536M -a psi=1
. tests/lab/nfs.sh

one() {
	case $1 in
	ratio) echo 20 >/proc/sys/vm/dirty_ratio && echo 10 >/proc/sys/vm/dirty_background_ratio ;;
	bytes) echo $((629145600 / 64)) >/proc/sys/vm/dirty_bytes && echo $((314572800 / 64)) >/proc/sys/vm/dirty_background_bytes ;;
	low-latency) echo 10 >/proc/sys/vm/dirty_ratio && echo 3 >/proc/sys/vm/dirty_background_ratio ;;
	esac
	nfs_sample "$1" $mounted/v3 8 60 262144
}

nfs_server
nfs_export async
nfs_client 3
nfs_warm $mounted/v3
paired dirty ratio bytes one
lab_done
