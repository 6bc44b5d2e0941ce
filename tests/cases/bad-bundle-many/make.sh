#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# too many files
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
yes root/proc | head -n 65537 | tar -cf node.tar --no-recursion manifest.json -T -
rm -r root
