#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a file that is too large
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
truncate -s 17M root/proc/version
tar -cf node.tar manifest.json root/proc/version
rm -r root
