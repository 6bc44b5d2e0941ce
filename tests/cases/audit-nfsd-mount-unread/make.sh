#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# the file system may be mounted, and it may not: its file cannot be looked at
ln -sf threads root/proc/fs/nfsd/threads
