#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a link to itself: it is there, and cannot be read
ln -s dirty_bytes root/proc/sys/vm/dirty_bytes
