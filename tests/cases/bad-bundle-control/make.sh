#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a path that a terminal would act on
mkdir -p root/proc
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
echo x >root/proc/version
name=$(printf "root/\\033[2Jx")
tar -cf node.tar --transform "s|root/proc/version|$name|" manifest.json root/proc/version
rm -r root
