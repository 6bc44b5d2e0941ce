#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# no archive
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
head -c 5000 /dev/zero | tr "\\0" x >node.tar
rm -r root
