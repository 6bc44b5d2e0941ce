/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/dirty.h"

#include "base/mem.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The number in the line "KEY NUMBER", in any unit. Return: whether there is one. */
static bool line_number(const char *text, const char *key, uint64_t *ret)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0 && strchr(" :", line[len]) && line[len])
			return sscanf(line + len + 1, "%" SCNu64, ret) == 1;
	}
	return false;
}

/* Whole numbers of bytes, without overflow. */
static uint64_t share(uint64_t value, uint64_t part, uint64_t whole)
{
	return whole == 0 ? value
	                  : (uint64_t)((double)value * (double)part / (double)whole);
}

/* Return: bytes from which on writers are throttled; 0: unknown. */
static uint64_t throttled_from(const struct host *h, const char *vmstat)
{
	uint64_t background, threshold;

	if (!line_number(vmstat, "nr_dirty_background_threshold", &background) ||
	    !line_number(vmstat, "nr_dirty_threshold", &threshold))
		return 0;
	return (background + threshold) / 2 * (uint64_t)host_page_size(h);
}

static void set_line_number(struct node *n, const char *key, const char *text,
                            const char *line, uint64_t unit)
{
	uint64_t value;

	if (line_number(text, line, &value))
		part_set_number(n, key, value * unit);
	else
		node_set(n, key, part_missing("the kernel does not report it"));
}

/* 0 bytes: unknown, as `why` says; NULL: the kernel does not report it. */
static void set_throttled_from(struct node *n, uint64_t bytes, const char *why)
{
	if (bytes > 0)
		part_set_number(n, "throttled_from", bytes);
	else
		node_set(n, "throttled_from",
		         part_missing(why ? why : "/proc/vmstat has no thresholds"));
}

struct node *dirty_of_node(const struct host *h)
{
	uint64_t page = (uint64_t)host_page_size(h);
	_free_ char *vmstat = NULL;
	struct err e = {0};
	struct node *n;

	if (host_file_read_line(h, "/proc/vmstat", &vmstat, &e) < 0)
		return part_missing(e.text);
	n = node_new(NODE_MAP);
	set_line_number(n, "dirty", vmstat, "nr_dirty", page);
	set_line_number(n, "writeback", vmstat, "nr_writeback", page);
	set_throttled_from(n, throttled_from(h, vmstat), NULL);
	return n;
}

/*
 * The part of the node's memory that the cgroup can use for its page cache. 0 with `e`:
 * unknown.
 */
static uint64_t cgroup_share(const struct host *h, uint64_t bytes, uint64_t limit,
                             uint64_t used, uint64_t cached, struct err *e)
{
	_free_ char *meminfo = NULL;
	uint64_t available, own = limit > used ? limit - used + cached : cached;

	if (limit == UINT64_MAX || used == UINT64_MAX)
		return bytes;
	if (host_file_read_line(h, "/proc/meminfo", &meminfo, e) < 0)
		return 0;
	if (!line_number(meminfo, "MemAvailable", &available)) {
		(void)err_set(e, -ENODATA, "/proc/meminfo has no MemAvailable");
		return 0;
	}
	available *= 1024;
	return own < available ? share(bytes, own, available) : bytes;
}

struct node *dirty_of_cgroup(const struct host *h, const char *stat, bool v1,
                             uint64_t limit, uint64_t used)
{
	struct node *n = node_new(NODE_MAP);
	_free_ char *vmstat = NULL;
	struct err e = {0};
	uint64_t cached = 0, from = 0;

	(void)line_number(stat, v1 ? "total_cache" : "file", &cached);
	if (used != UINT64_MAX)
		part_set_number(n, "used", used);
	set_line_number(n, "cached", stat, v1 ? "total_cache" : "file", 1);
	set_line_number(n, "dirty", stat, v1 ? "total_dirty" : "file_dirty", 1);
	set_line_number(n, "writeback", stat, v1 ? "total_writeback" : "file_writeback",
	                1);
	if (host_file_read_line(h, "/proc/vmstat", &vmstat, &e) == 0)
		from = throttled_from(h, vmstat);
	if (!v1 && from > 0)
		from = cgroup_share(h, from, limit, used, cached, &e);
	set_throttled_from(n, from, e.code ? e.text : NULL);
	return n;
}
