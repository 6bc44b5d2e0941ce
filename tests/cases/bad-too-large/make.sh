#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# 2 MiB of comments
head -c 2097152 /dev/zero | tr '\0' '#' >profile.yaml
