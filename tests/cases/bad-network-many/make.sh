#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# 65 interfaces of pods
i=0
while [ $i -lt 65 ]; do
	mkdir -p root/sys/class/net/eni$i
	echo 1500 >root/sys/class/net/eni$i/mtu
	i=$((i + 1))
done
