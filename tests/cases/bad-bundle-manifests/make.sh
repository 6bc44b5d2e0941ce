#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# two manifests, of which the first is empty
echo '{}' >manifest.json
tar -cf node.tar manifest.json
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >manifest.json
tar -rf node.tar manifest.json
