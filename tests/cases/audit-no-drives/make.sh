#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# git stores no empty directory
mkdir -p root/sys/block
