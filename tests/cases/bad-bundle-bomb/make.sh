#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# small when compressed, and large in total
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
for i in 1 2 3 4 5 6 7 8 9; do truncate -s 16M root/proc/$i; done
tar -cf node.tar --sort=name manifest.json root/proc
rm -r root
