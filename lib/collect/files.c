/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/files.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "collect/add.h"
#include "collect/pods.h"
#include "collect/rows.h"
#include "collect/special.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define RELEASE   "{release}"
#define ALL_BELOW "/**"
#define DEPTH_MAX 16
#define BLOCK     "/sys/block"

static bool is_never(const struct host *h, const char *path)
{
	return bundle_matches(node_get(h->record->manifest, "never"), path);
}

/* The directory and all that is below it. */
static void collect_tree(const struct host *h, const char *dir, unsigned depth)
{
	_cleanup_(names_freep) char **names = NULL;
	const char *why;
	struct err e;
	int r;

	if (is_never(h, dir))
		return;
	if (depth > DEPTH_MAX)
		r = err_set(&e, -ENODATA, "%s: is too deep", dir);
	else
		r = host_file_list(h, dir, &names, &e);
	if (r < 0)
		collect_failed(h, dir, &e, 0);
	else if (!names[0])
		collect_path(h, dir);
	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *path = mem_format("%s/%s", dir, names[i]);
		struct stat st;
		struct err ignored;

		if (is_never(h, path))
			continue;
		if (!collect_is_full(h, &why) &&
		    host_file_stat(h, path, &st, &ignored) == 0 && S_ISDIR(st.st_mode))
			collect_tree(h, path, depth + 1);
		else
			collect_path(h, path);
	}
}

static void collect_pattern(const struct host *h, const char *dir, const char *rest);

/* The names in `dir` that match the next part of the pattern. */
static void collect_matching(const struct host *h, const char *dir, const char *part,
                             const char *rest)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err e;
	int r = host_file_list(h, dir, &names, &e);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		collect_failed(h, dir, &e, 0);
	/* its names are known, even if there are none */
	if (r == 0 && *dir)
		bundle_add(h->record, dir, NULL, 0);
	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *path = mem_format("%s/%s", dir, names[i]);

		if (fnmatch(part, names[i], 0) == 0 && !is_never(h, path))
			collect_pattern(h, path, rest);
	}
}

/* `rest`: what follows `dir` in the pattern, from its "/" on. */
static void collect_pattern(const struct host *h, const char *dir, const char *rest)
{
	size_t len = strcspn(rest + (*rest == '/'), "/");
	_free_ char *part = NULL, *path = NULL;

	if (!*rest) {
		collect_path(h, dir);
		return;
	}
	if (strcmp(rest, ALL_BELOW) == 0) {
		collect_tree(h, dir, 0);
		return;
	}
	part = mem_dup_n(rest + 1, len);
	path = mem_format("%s/%s", dir, part);
	if (strchr(part, '*'))
		collect_matching(h, dir, part, rest + 1 + len);
	else
		collect_pattern(h, path, rest + 1 + len);
}

static void collect_row(const struct host *h, const char *row)
{
	const char *at = strstr(row, RELEASE);
	_free_ char *pattern = at ? mem_format("%.*s%s%s", (int)(at - row), row,
	                                       h->release, at + strlen(RELEASE))
	                          : mem_dup(row);

	/* what was not looked for is not covered */
	if (deadline_expired(h->deadline)) {
		collect_cut(h, deadline_reason(h->deadline));
		return;
	}
	collect_cover(h, pattern);
	collect_pattern(h, "", pattern);
}

/* Queue settings are read below the device, where they can be written. */
static void collect_queues(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	if (host_file_list(h, BLOCK, &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++) {
		_free_ char *dir = block_device_sysfs(h, names[i]);
		_free_ char *row = mem_format("%s/queue/*", dir);

		if (strncmp(dir, BLOCK, strlen(BLOCK)) != 0)
			collect_row(h, row);
	}
}

void collect_files(const struct host *h)
{
	struct node *never = node_new(NODE_LIST);

	for (const char *const *row = collect_never; *row; row++)
		node_append(never, node_new_text(*row));
	node_set(h->record->manifest, "never", never);
	for (const char *const *row = collect_rows; *row; row++)
		collect_row(h, *row);
	if (deadline_expired(h->deadline))
		return;
	collect_queues(h);
	collect_network(h);
	collect_own_mounts(h);
	collect_tasks(h);
	collect_pods(h);
	collect_log(h);
}
