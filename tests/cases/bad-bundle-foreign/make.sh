#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a file that no bundle has
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
tar -cf node.tar --transform "s|root/proc/version|etc/passwd|" manifest.json root/proc/version
rm -r root
