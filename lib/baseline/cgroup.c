/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/cgroup.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "baseline/dirty.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/file.h"
#include "storage/block/attribute.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "/sys/fs/cgroup"

/* kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice, below a root
 * of the kubelet's configuration. */
#define DEPTH_MAX 5

/* Limits that decide how fast a pod reads and writes; `in`: the hierarchy of version 1.
 */
static const struct limit {
	const char *in, *file;
} limits[] = {
	{NULL, "memory.max"},
	{NULL, "memory.high"},
	{NULL, "memory.low"},
	{NULL, "memory.min"},
	{NULL, "memory.swap.max"},
	{NULL, "cpu.max"},
	{NULL, "cpu.weight"},
	{NULL, "io.max"},
	{NULL, "io.latency"},
	{NULL, "io.weight"},
	{NULL, "pids.max"},
	{NULL, "cpuset.cpus"},
	{"memory", "memory.limit_in_bytes"},
	{"memory", "memory.soft_limit_in_bytes"},
	{"memory", "memory.memsw.limit_in_bytes"},
	{"cpu", "cpu.cfs_quota_us"},
	{"cpu", "cpu.cfs_period_us"},
	{"cpu", "cpu.shares"},
	{"blkio", "blkio.throttle.read_bps_device"},
	{"blkio", "blkio.throttle.write_bps_device"},
	{"blkio", "blkio.throttle.read_iops_device"},
	{"blkio", "blkio.throttle.write_iops_device"},
	{"pids", "pids.max"},
	{"cpuset", "cpuset.cpus"},
};

void cgroup_done(struct cgroup *c)
{
	free(c->path);
	c->path = NULL;
}

/* --- finding --------------------------------------------------------------------------
 */

/* "pod1234-..." of cgroupfs, or "kubepods-burstable-pod1234_....slice" of systemd. */
static bool is_cgroup_of(const char *name, const char *uid)
{
	const char *at = strstr(name, "pod"), *next;

	while (at && (next = strstr(at + 1, "pod")))
		at = next;
	if (!at || (at != name && at[-1] != '-'))
		return false;
	for (at += strlen("pod"); *uid; at++, uid++)
		if (*at != *uid && !(*at == '_' && *uid == '-'))
			return false;
	return !*at || strcmp(at, ".slice") == 0;
}

/* Whether pods may be below: of a class of pods, or of a kubelet with its own root. */
static bool leads_to_pods(const char *name)
{
	return strstr(name, "kube") || strcmp(name, "burstable") == 0 ||
	       strcmp(name, "besteffort") == 0;
}

/* Return: 0; -ENOENT; the first -errno if it may be where that occurred. */
static int find_below(const struct host *h, const char *hierarchy, const char *path,
                      const char *uid, unsigned depth, char **ret, struct err *e)
{
	_free_ char *dir = mem_format("%s%s%s", hierarchy, *path ? "/" : "", path);
	_cleanup_(names_freep) char **names = NULL;
	struct err below_e = {0};
	int r = host_file_list(h, dir, &names, e), first = -ENOENT;

	if (r < 0)
		return r == -ENOTDIR ? -ENOENT : r;
	for (size_t i = 0; names[i]; i++) {
		_free_ char *below =
			mem_format("%s%s%s", path, *path ? "/" : "", names[i]);

		if (is_cgroup_of(names[i], uid)) {
			*ret = TAKE_PTR(below);
			return 0;
		}
		if (depth == DEPTH_MAX || !leads_to_pods(names[i]))
			continue;
		r = find_below(h, hierarchy, below, uid, depth + 1, ret, &below_e);
		if (r == 0)
			return 0;
		if (r != -ENOENT && first == -ENOENT) {
			first = r;
			*e = below_e;
		}
	}
	return first;
}

int cgroup_find(const struct baseline_source *s, const char *uid, struct cgroup *ret,
                struct err *e)
{
	int r = host_file_find(s->h, ROOT "/cgroup.controllers", e);

	*ret = (struct cgroup){.v1 = r == 0};
	if (r < 0)
		return r;
	return find_below(s->h, ret->v1 ? ROOT "/memory" : ROOT, "", uid, 0, &ret->path,
	                  e);
}

/* --- limits ---------------------------------------------------------------------------
 */

static char *limit_path(const struct cgroup *c, const struct limit *l,
                        const char *container, const char *file)
{
	return mem_format(ROOT "%s%s/%s%s%s/%s", l->in ? "/" : "", l->in ? l->in : "",
	                  c->path, *container ? "/" : "", container, file);
}

/*
 * "259:0 wbps=1048576" -> "AWS1111 wbps=1048576". NULL: a name is unknown, with a fault
 * of `a`. Owned by the caller.
 */
static char *name_devices(const struct baseline_source *s, struct attributes *a,
                          const char *text)
{
	_free_ char *copy = mem_dup(text);
	_buf_ struct buf all = {0};
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		_free_ char *device = NULL;
		unsigned major, minor;
		int len = 0;

		if (sscanf(line, "%u:%u%n", &major, &minor, &len) >= 2 && len > 0)
			device = part_device(s, a, major, minor);
		if (len > 0 && !device && a->fault)
			return NULL;
		if (device)
			buf_addf(&all, "%s%s%s", all.len ? "; " : "", device, line + len);
		else if (*line)
			buf_join(&all, "; ", line);
	}
	return buf_take(&all);
}

static struct node *limit_node(const struct baseline_source *s, const char *path)
{
	struct attributes a = {.h = s->h};
	_node_ struct node *value = part_line(s->h, path, node_new_text);
	_free_ char *named = NULL;
	struct node *n;

	if (!value || value->type == NODE_MAP)
		return TAKE_PTR(value);
	named = name_devices(s, &a, value->text);
	n = named ? node_new_text(named) : part_missing(a.fault);
	free(a.fault);
	return n;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp((*(struct node *const *)a)->text, (*(struct node *const *)b)->text);
}

/* Join the values that the containers have, each once. NULL: there are none. */
static struct node *different_values(struct node *list)
{
	_buf_ struct buf b = {0};
	const char *last = NULL;

	if (list->n == 0)
		return NULL;
	qsort(list->items, list->n, sizeof(struct node *), compare_texts);
	node_for_each (value, list) {
		if (!last || strcmp(last, value->text) != 0)
			buf_join(&b, ", ", *value->text ? value->text : "none");
		last = value->text;
	}
	return node_new_text(b.text);
}

/* Missing if that of any container is: the others are not all. */
static struct node *container_limit(const struct baseline_source *s,
                                    const struct cgroup *c, const struct limit *l)
{
	_free_ char *top = limit_path(c, l, "", ".");
	_cleanup_(names_freep) char **names = NULL;
	_node_ struct node *values = node_new(NODE_LIST);
	struct err e = {0};
	int r = host_file_list(s->h, top, &names, &e);

	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? NULL : part_missing(e.text);
	for (size_t i = 0; names[i]; i++) {
		_free_ char *path = limit_path(c, l, names[i], l->file);
		struct node *value = limit_node(s, path);

		if (value && value->type == NODE_MAP)
			return value;
		if (value)
			node_append(values, value);
	}
	return different_values(values);
}

struct node *cgroup_limits(const struct baseline_source *s, const struct cgroup *c)
{
	struct node *all = node_new(NODE_MAP), *containers = node_new(NODE_MAP);

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		_free_ char *path = limit_path(c, &limits[i], "", limits[i].file);
		struct node *value, *of_containers;

		if (c->v1 != (limits[i].in != NULL))
			continue;
		value = limit_node(s, path);
		of_containers = container_limit(s, c, &limits[i]);
		if (value)
			node_set(all, limits[i].file, value);
		if (of_containers)
			node_set(containers, limits[i].file, of_containers);
	}
	node_set(all, "containers", containers);
	return all;
}

/* --- page cache -----------------------------------------------------------------------
 */

/* In bytes; UINT64_MAX: none, or, with `*unread`, unknown. */
static uint64_t read_limit(const struct baseline_source *s, const struct cgroup *c,
                           const char *file, struct node **unread)
{
	_free_ char *path =
		limit_path(c, &(struct limit){c->v1 ? "memory" : NULL, file}, "", file);
	_node_ struct node *text = part_line(s->h, path, node_new_text);
	uint64_t value;

	if (text && text->type == NODE_SCALAR && num_u64(text->text, &value) == 0)
		return value;
	if (text && text->type == NODE_MAP && !*unread)
		*unread = TAKE_PTR(text);
	return UINT64_MAX;
}

struct node *cgroup_dirty(const struct baseline_source *s, const struct cgroup *c)
{
	_free_ char *path = limit_path(c, &(struct limit){c->v1 ? "memory" : NULL, ""},
	                               "", "memory.stat");
	_free_ char *text = NULL;
	_node_ struct node *unread = NULL;
	struct err e = {0};
	struct node *n;
	uint64_t high, max, used;

	if (host_file_read_line(s->h, path, &text, &e) < 0)
		return part_missing(e.text);
	max = read_limit(s, c, c->v1 ? "memory.limit_in_bytes" : "memory.max", &unread);
	high = c->v1 ? max : read_limit(s, c, "memory.high", &unread);
	used = read_limit(s, c, c->v1 ? "memory.usage_in_bytes" : "memory.current",
	                  &unread);
	n = dirty_of_cgroup(s->h, text, c->v1, high < max ? high : max, used);
	/* the thresholds of version 1 do not depend on them */
	if (unread && !c->v1)
		node_set(n, "throttled_from", TAKE_PTR(unread));
	return n;
}
