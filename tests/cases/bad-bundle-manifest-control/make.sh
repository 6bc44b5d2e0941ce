#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a manifest that is no JSON where a terminal would act on what is quoted
printf '{"version": 1, \033[2Jx}' >manifest.json
tar -cf node.tar manifest.json
rm manifest.json
