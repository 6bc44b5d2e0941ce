#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# more than a baseline may have
{
	printf '{"kind": "baseline", "version": 1, "x": "'
	head -c 3000000 /dev/zero | tr '\0' a
	echo '"}'
} >before.json
