#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a manifest that is no JSON
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo "{" >manifest.json
tar -cf node.tar manifest.json
rm -r root
