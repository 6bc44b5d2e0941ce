/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/baseline.h"

#include "base/clock.h"
#include "base/mem.h"
#include "baseline/dirty.h"
#include "baseline/part.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "profile/profile.h"
#include "storage/block/scan.h"

#include <errno.h>
#include <string.h>
#include <time.h>

struct node *part_missing(const char *reason)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, MISSING, reason);
	return n;
}

const char *part_why_missing(const struct node *n)
{
	const struct node *why = node_get(n, MISSING);

	return why && why->type == NODE_SCALAR ? why->text : NULL;
}

struct node *part_line(const struct host *h, const char *path,
                       struct node *(*make)(const char *text))
{
	_free_ char *text = NULL;
	struct err e = {0};
	int r = host_file_read_line(h, path, &text, &e);

	if (r == -ENOENT || r == -ENOTDIR)
		return NULL;
	return r < 0 ? part_missing(e.text) : make(text);
}

void part_set_line(struct node *map, const char *key, const struct host *h,
                   const char *path, struct node *(*make)(const char *text))
{
	struct node *value = part_line(h, path, make);

	if (value)
		node_set(map, key, value);
}

void part_set_number(struct node *map, const char *key, uint64_t value)
{
	node_set(map, key, node_new_uint(value));
}

struct node *baseline_as_saved(struct node *n)
{
	_free_ char *text = node_json_line(n);
	struct err e = {0};
	struct node *saved = node_json_parse(text, strlen(text), &e);

	if (!saved)
		return n;
	node_free(n);
	return saved;
}

size_t baseline_count_missing(const struct node *n)
{
	size_t count = part_why_missing(n) != NULL;

	if (n->type == NODE_SCALAR)
		return 0;
	node_for_each (item, n)
		count += baseline_count_missing(item);
	return count;
}

/* --- what to read ---------------------------------------------------------------------
 */

struct baseline_wish baseline_wish_new(void)
{
	return (struct baseline_wish){node_new(NODE_MAP), node_new(NODE_MAP),
	                              node_new(NODE_MAP)};
}

void baseline_wish_done(struct baseline_wish *w)
{
	node_free(w->sysctls);
	node_free(w->pods);
	node_free(w->files);
	*w = (struct baseline_wish){0};
}

void baseline_wish_profile(struct baseline_wish *w, const struct profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->resources[i]->kind->name, "sysctl") == 0)
			node_set(w->sysctls, p->resources[i]->name, node_new_null());
}

static void wish_keys(struct node *to, const struct node *from)
{
	if (!from || from->type != NODE_MAP || part_why_missing(from))
		return;
	node_for_each (item, from)
		node_set(to, item->key, node_new_null());
}

struct baseline_wish baseline_wish_again(const struct node *was)
{
	struct baseline_wish w = baseline_wish_new();

	wish_keys(w.sysctls, node_get(was, "sysctls"));
	wish_keys(w.pods, node_get(was, "pods"));
	wish_keys(w.files, node_get(was, "files"));
	return w;
}

/* --- reading --------------------------------------------------------------------------
 */

static struct node *kernel_node(const struct host *h)
{
	struct node *n = node_new(NODE_MAP);
	_free_ char *line = NULL;
	struct err e = {0};

	if (*h->release)
		node_set_text(n, "release", h->release);
	else
		node_set(n, "release", part_missing("unknown"));
	if (host_file_read_line(h, "/proc/cmdline", &line, &e) == 0)
		node_set_text(n, "command_line", line);
	else
		node_set(n, "command_line", part_missing(e.text));
	return n;
}

static char *now_text(void)
{
	time_t now = (time_t)clock_unix_s();
	char text[sizeof("2026-01-01T00:00:00Z")] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return mem_dup(text);
}

/* A node that is read too slowly has parts that are missing. */
#define IN_TIME(h, part)                                                                \
	(deadline_expired((h)->deadline) ? part_missing(deadline_reason((h)->deadline)) \
	                                 : (part))

struct node *baseline_take(const struct host *h, const struct baseline_wish *w)
{
	struct baseline_source s = {.h = h};
	struct node *n = node_new(NODE_MAP);
	_free_ char *saved = now_text();

	s.mounts_code = host_mounts_read(h, HOST_MOUNTS_HOST, &s.mounts, &s.mounts_err);
	s.disks_code = disks_read(h, &s.disks, &s.disks_err);
	node_set_text(n, "kind", BASELINE_KIND);
	part_set_number(n, "version", BASELINE_VERSION);
	node_set_text(n, "saved", saved);
	node_set(n, "host", part_host(h));
	node_set(n, "kernel", kernel_node(h));
	node_set(n, "mounts", IN_TIME(h, part_mounts(&s)));
	node_set(n, "drives", IN_TIME(h, part_drives(&s)));
	node_set(n, "dirty", IN_TIME(h, dirty_of_node(h)));
	node_set(n, "sysctls", IN_TIME(h, part_sysctls(h, w->sysctls)));
	node_set(n, "pods", IN_TIME(h, part_pods(&s, w->pods)));
	node_set(n, "files", IN_TIME(h, part_files(h, w->files)));
	host_mounts_done(&s.mounts);
	disks_done(&s.disks);
	return n;
}
