#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a directory with a link
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
mkdir -p tree/root
ln -s /etc/passwd tree/root/passwd
cp manifest.json tree
rm -r root
