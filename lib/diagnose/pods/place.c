/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/place.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Mounts of one directory that are tried: a host rarely has more than three. */
#define SAME_MAX 64

/* Devices below a volume that are looked for in a container. */
#define BELOW_MAX 256

/* After the root of a mount in mountinfo. */
#define DELETED "//deleted"

static char *join(const char *dir, const char *rest)
{
	char *path = mem_format("%s%s", strcmp(dir, "/") == 0 ? "" : dir,
	                        strcmp(rest, "/") == 0 ? "" : rest);

	if (!*path)
		mem_set(&path, mem_dup("/"));
	return path;
}

/* The order of a mount, and of the first `len` bytes of m->root on its device. */
static int compare_to(const struct host_mount *at, const struct host_mount *m, size_t len)
{
	int r;

	if (at->major != m->major)
		return at->major < m->major ? -1 : 1;
	if (at->minor != m->minor)
		return at->minor < m->minor ? -1 : 1;
	r = strncmp(at->root, m->root, len);
	return r ? r : at->root[len] != '\0';
}

/* The first of the mounts of that directory; v->n_base: none. */
static size_t first_of(const struct view *v, const struct host_mount *m, size_t len)
{
	size_t low = 0, high = v->n_base;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_to(v->base[mid], m, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < v->n_base && compare_to(v->base[low], m, len) == 0 ? low : v->n_base;
}

/* What is now where `from` shows the directory, which is `rest` below its own. */
static void try_mount(const struct view *v, const struct host_mount *from,
                      const struct host_mount *m, const char *rest, struct place *ret)
{
	_free_ char *path = join(from->target, rest);
	const struct host_mount *at = host_mounts_walk(&v->mounts, from, path);

	if (at == from && !ret->visible) {
		ret->visible = at;
		if (!ret->path)
			ret->path = TAKE_PTR(path);
	} else if (at != from && !view_same_device(at, m) && view_is_device(at)) {
		ret->cover = at;
		mem_set(&ret->path, TAKE_PTR(path));
	}
}

void place_find(const struct view *v, const struct host_mount *m, struct place *ret)
{
	size_t len = strlen(m->root);

	*ret = (struct place){0};
	/* of a directory that was removed, only the name is left */
	if (len > strlen(DELETED) &&
	    strcmp(m->root + len - strlen(DELETED), DELETED) == 0)
		return;
	/* from the mount of the directory itself up to that of the whole file system */
	while (len > 0 && !ret->cover) {
		const char *rest = m->root + (len == 1 ? 0 : len);
		size_t i = first_of(v, m, len);

		for (size_t n = 0; n < SAME_MAX && i < v->n_base && !ret->cover &&
		                   compare_to(v->base[i], m, len) == 0;
		     n++, i++)
			try_mount(v, v->base[i], m, rest, ret);
		if (len == 1)
			break;
		do
			len--;
		while (len > 1 && m->root[len] != '/');
	}
}

void place_done(struct place *p)
{
	free(p->path);
	*p = (struct place){0};
}

bool place_is_at(const struct view *v, const struct host_mount *m, const char *path)
{
	const struct host_mount *at = host_mounts_holding(&v->mounts, path);
	_free_ char *root = NULL;

	if (!at || !view_same_device(at, m))
		return false;
	root = join(at->root,
	            path + (strcmp(at->target, "/") == 0 ? 0 : strlen(at->target)));
	return strcmp(root, m->root) == 0;
}

/* --- mounts that do not reach the container ------------------------------------------
 */

static bool is_below(const char *path, const char *dir)
{
	size_t len = strcmp(dir, "/") == 0 ? 0 : strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/' && path[len + 1];
}

/* The first device whose mount point is not before those below `dir`. */
static size_t first_below(const struct view *v, const char *dir)
{
	size_t low = 0, high = v->n_devices;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(v->devices[mid]->target, dir) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int place_missed(const struct view *v, const char *path, const struct host_mount *m,
                 const struct host_mounts *theirs, const char *there,
                 const char **ret_first)
{
	size_t len = strcmp(path, "/") == 0 ? 0 : strlen(path), seen = 0;
	int missed = 0;

	*ret_first = NULL;
	for (size_t i = first_below(v, path); i < v->n_devices; i++) {
		const struct host_mount *device = v->devices[i], *at;
		_free_ char *inside = NULL;

		if (strncmp(device->target, path, len) != 0)
			break;
		if (!is_below(device->target, path))
			continue;
		if (seen++ >= BELOW_MAX)
			return -E2BIG;
		if (view_same_device(device, m) ||
		    host_mounts_at(&v->mounts, device->target) != device)
			continue;
		inside = join(there, device->target + len);
		at = host_mounts_at(theirs, inside);
		if (at && view_same_device(at, device))
			continue;
		if (missed++ == 0)
			*ret_first = device->target;
	}
	return missed;
}
