#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# an archive that ends in the middle of a file
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
head -c 40000 /dev/zero | tr "\\0" x >root/proc/version
tar -cf node.tar manifest.json root/proc/version
truncate -s 20480 node.tar
rm -r root
