#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A directory in place of a report, a name with an escape sequence, and a report that is too
# large.
mkdir reports/directory.json
printf '{' >"reports/$(printf 'escape\033[31m.json')"
{
	printf '{"version": 1, "note": "'
	head -c 9000000 /dev/zero | tr '\0' x
	printf '"}\n'
} >reports/large.json
{
	printf '{"version": 1, "numbers": ['
	seq -s, 100001
	printf ']}\n'
} >reports/values.json
