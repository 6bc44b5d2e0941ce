#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# an archive that ends between two files
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
echo "{\"version\": 1, \"files\": 3, \"host\": {\"root\": \"\", \"kernel\": \"6.1\"}}" >manifest.json
tar -cf node.tar manifest.json root/proc/version
rm -r root
