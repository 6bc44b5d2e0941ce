#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what do 8 nfsd threads change, compared to the 64 of bottlerocket#4307?
# Method: 32 writers of one NFSv3 client create files of 16 KiB on an export with sync, beside
#   a probe that writes 4 KiB synchronously, asks for attributes, and reads a cached file.
# Arms: threads 64 -> 8
# Metrics: files.time drain.time write.p50 write.p99 stat.p50 stat.p99 read.p50 read.p99 local.write.p50 local.write.p99 hold.max stalled.time
# Refuted if: the requests that need no disk (stat, read) take as long with 8 threads as with 64.
# Answer: 8 threads protect the server from its clients: a synchronous write of another program
#   there takes {threads local.write.p50} times as long, because fewer requests wait in the
#   disk's queue. The clients pay: requests that need no disk wait behind those that do, attributes
#   {threads stat.p50} times as long, opening and reading a cached file {threads read.p50} times.
#   Creating all files takes {threads files.time} times as long.
# Limits: whether 64 threads keep processors from other work, which is how the lockups of
#   bottlerocket#4307 are explained: the guest has one processor, and no lock to spin for. So the
#   number stays in the profile for what the reporter saw.
# VM: -m 1G -a psi=1
. tests/lab/nfs.sh

one() {
	echo "$1" >$nfsd/threads
	nfs_sample "$1" $mounted/v3 32 30 16384
}

nfs_server
nfs_export sync
nfs_client 3
nfs_warm $mounted/v3
paired threads 64 8 one
lab_done
