/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/drive_stat.h"

#include "base/macro.h"
#include "diagnose/counters/tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool drive_stat_parse(const char *text, struct drive_stat *ret)
{
	uint64_t discards = 0, flushes = 0;
	int n;

	*ret = (struct drive_stat){0};
	n = sscanf(text,
	           "%" SCNu64 " %*u %*u %" SCNu64 " %" SCNu64 " %*u %*u %" SCNu64
	           " %" SCNu64 " %" SCNu64 " %*u %" SCNu64 " %*u %*u %*u %" SCNu64,
	           &ret->reads, &ret->read_ms, &ret->writes, &ret->write_ms,
	           &ret->in_flight, &ret->busy_ms, &discards, &flushes);
	ret->others = discards + flushes;
	return n >= 6;
}

struct drive_stat drive_stat_since(const struct drive_stat *before,
                                   const struct drive_stat *now)
{
	return (struct drive_stat){
		.reads = counter_since(before->reads, now->reads, 64),
		.read_ms = counter_since(before->read_ms, now->read_ms, 32),
		.writes = counter_since(before->writes, now->writes, 64),
		.write_ms = counter_since(before->write_ms, now->write_ms, 32),
		.others = counter_since(before->others, now->others, 64),
		.busy_ms = counter_since(before->busy_ms, now->busy_ms, 32),
		.in_flight = now->in_flight,
	};
}

bool drive_is_measured(const char *name)
{
	static const char *const drives[] = {"nvme", "xvd", "sd", "vd", "md", "dm-"};

	for (size_t i = 0; i < ARRAY_SIZE(drives); i++)
		if (strncmp(name, drives[i], strlen(drives[i])) == 0)
			return true;
	return false;
}
