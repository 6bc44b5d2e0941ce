#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a file that is there twice
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
tar -cf node.tar --hard-dereference manifest.json root/proc/version root/proc/version
rm -r root
