#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a member outside of the bundle
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
tar -cf node.tar --transform "s|root/proc/version|root/../../etc/passwd|" manifest.json root/proc/version
rm -r root
