#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a path that is too long
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
name=$(head -c 1100 /dev/zero | tr "\\0" x)
tar -cf node.tar --transform "s|root/proc/version|root/$name|" manifest.json root/proc/version
rm -r root
