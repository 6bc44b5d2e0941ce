#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a bundle of a later version
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo "{\"version\": 2}" >manifest.json
tar -cf node.tar --sort=name manifest.json root
rm -r root
