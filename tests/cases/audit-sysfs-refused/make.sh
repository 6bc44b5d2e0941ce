#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# More files than a pattern may match, and modes that git does not keep.
mkdir -p root/sys/many root/sys/class/net/eth0 root/sys/module/brd/parameters
i=0
while [ $i -le 1024 ]; do
	echo 1 >root/sys/many/$i
	i=$((i + 1))
done
echo 1500 | tee root/sys/class/net/eth0/mtu >root/sys/class/net/eth0/tx_queue_len
echo 1 >root/sys/block/sda/device/delete
echo 7 >root/sys/fact
echo 16 >root/sys/module/brd/parameters/rd_nr
: >root/sys/trigger
chmod 0200 root/sys/trigger
chmod 0444 root/sys/fact root/sys/module/brd/parameters/rd_nr
