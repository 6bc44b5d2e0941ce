#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a directory with 300 levels
mkdir -p "tree/root$(printf '/d%.0s' $(seq 300))"
echo '{"version": 1, "host": {"root": "", "kernel": "6.1"}}' >tree/manifest.json
