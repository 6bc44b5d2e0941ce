#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A plugin of node-problem-detector: report what the watch found, from its --npd-file.
#
# usage: findings.sh FILE MINUTES      (an older FILE, or none, is unknown)
status=2 line="unknown: no diagnosis by hosttune watch for $2 minutes"
[ -z "$(find "$1" -mmin "-$2" 2>/dev/null)" ] || read -r status line <"$1"
echo "$line"
exit "$status"
