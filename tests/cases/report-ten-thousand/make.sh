#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The reports of 10,000 nodes, one of them cut short.
mkdir reports
awk 'BEGIN {
	for (i = 1; i <= 10000; i++) {
		file = sprintf("reports/%05d.json", i)
		live = i % 250 ? 10 : 60
		printf "{\"version\": 1, \"host\": {\"name\": \"node%d\"}, \"resources\": [", i >file
		if (i == 7777)
			continue
		printf "{\"kind\": \"sysctl\", \"name\": \"vm.swappiness\", \"wanted\": \"10\", \"live\": \"%d\", \"state\": \"%s\", \"reason\": %s}]}\n", \
			live, live == 10 ? "ok" : "drift", live == 10 ? "null" : "\"LiveDiffers\"" >file
		close(file)
	}
}'
