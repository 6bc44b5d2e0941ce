/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as a table of mounts, by a process that chose the names of mount points: each
 * search ends, and finds what contains the path.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "host/mount/mounts.h"

#include <string.h>

static bool is_plain(const char *path)
{
	size_t len = strlen(path);

	return *path == '/' && (len == 1 || path[len - 1] != '/') &&
	       !strstr(path, "//") && !strstr(path, "/.");
}

static bool contains(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	return strcmp(dir, "/") == 0 ||
	       (strncmp(dir, path, len) == 0 && (!path[len] || path[len] == '/'));
}

static void search(const struct host_mounts *m, const char *path)
{
	const struct host_mount *at = host_mounts_at(m, path);
	const struct host_mount *holding = host_mounts_holding(m, path);

	assert(!at || strcmp(at->target, path) == 0);
	assert(!at || at == holding);
	assert(!holding || contains(holding->target, path));
	if (m->root && strcmp(m->root->target, "/") == 0)
		(void)host_mounts_walk(m, m->root, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	_mounts_ struct host_mounts m = {0};
	struct err e = {0};

	if (host_mounts_parse(text, "/proc/1/mountinfo", &m, &e) < 0) {
		assert(e.code < 0 && *e.text);
		return 0;
	}
	for (size_t i = 0; i < m.n; i++) {
		const struct host_mount *one = &m.list[i];

		assert(one->target && one->root && one->fstype && one->options);
		assert(one->peers >= 0 && one->master >= 0);
		assert(host_mounts_of(&m, one->major, one->minor));
		if (i < 64 && is_plain(one->target))
			search(&m, one->target);
	}
	search(&m, "/mnt/data");
	search(&m, "/");
	return 0;
}
