#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a link that leads out of the root
echo 60 >outside
ln -s ../../../../../outside root/proc/sys/vm/swappiness
