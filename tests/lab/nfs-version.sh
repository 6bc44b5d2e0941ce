#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does NFSv4.2 change, compared to the NFSv3 of bottlerocket#4307?
# Method: 24 writers of one client create files of 16 KiB on an export with sync and 8 nfsd
#   threads, over NFSv3 or NFSv4.2; beside a probe that writes 4 KiB synchronously, asks for
#   attributes, and reads a cached file.
# Arms: version v3 -> v4
# Metrics: files.time drain.time write.p50 write.p99 stat.p50 stat.p99 read.p50 read.p99 local.write.p50 local.write.p99 hold.max stalled.time
# Refuted if: all times are the same with both.
# Answer: little: creating files takes {version files.time} times as long, a synchronous write
#   {version write.p50} times, and opening and reading a cached file {version read.p50} times, so no
#   delegation saves the client from asking.
# Limits: links with loss or a long way, where fewer requests would save more: client and server
#   are in one guest.
# VM: -m 1G -a psi=1
. tests/lab/nfs.sh

one() {
	nfs_sample "$1" "$mounted/$1" 24 25 16384
}

nfs_server
nfs_export sync
nfs_client 3
nfs_client 4
nfs_warm $mounted/v3
nfs_warm $mounted/v4
paired version v3 v4 one
lab_done
