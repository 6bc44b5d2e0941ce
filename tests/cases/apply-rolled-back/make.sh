#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# reading works, writing fails: no link is followed
mv root/proc/sys/vm/max_map_count root/proc/sys/vm/real
ln -s real root/proc/sys/vm/max_map_count
