#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# the directory above all files, again and again: it adds no file
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
yes root | head -n 65539 | tar -cf node.tar --no-recursion manifest.json -T -
rm -r root
