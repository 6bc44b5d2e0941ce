#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a file that is there, and cannot be read
mkdir -p root/sys/module/sunrpc/parameters/pool_mode
# as hosttune leaves them: a file that others may write is not read
chmod -R go-w root/var/lib/hosttune
