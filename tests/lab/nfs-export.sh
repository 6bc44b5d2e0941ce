#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: what does an export with async change, which ended the lockups of
#   bottlerocket#4307?
# Method: 24 writers of one NFSv3 client create files of 16 KiB, 8 nfsd threads, the limits of
#   dirty pages of nfs-server; beside a probe that writes 4 KiB synchronously, asks for
#   attributes, and reads a cached file.
# Arms: export sync -> async
# Metrics: files.time drain.time write.p50 write.p99 stat.p50 stat.p99 read.p50 read.p99 local.write.p50 local.write.p99 hold.max stalled.time
# Refuted if: creating the files takes as long with async as with sync.
# Answer: creating the files takes {export files.time} times as long, and a client that asks for
#   attributes waits {export stat.p50} times: the server answers before the disk has the data, and
#   then it takes {export drain.time} times as long until the disk has the rest.
# Limits: what a crash of the server loses: all that the disk did not have.
# VM: -m 1G -a psi=1
. tests/lab/nfs.sh

one() {
	nfs_export "$1"
	nfs_sample "$1" $mounted/v3 24 25 16384
}

nfs_server
dirty_limits bytes
nfs_export sync
nfs_client 3
nfs_warm $mounted/v3
paired export sync async one
lab_done
