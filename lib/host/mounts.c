/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/mounts.h"

#include "base/buf.h"
#include "base/mem.h"
#include "host/host.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void host_mounts_done(struct host_mounts *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->list[i].root);
		free(m->list[i].target);
		free(m->list[i].fstype);
		free(m->list[i].source);
		free(m->list[i].options);
	}
	free(m->list);
	*m = (struct host_mounts){0};
}

static bool has_id(const struct host_mounts *m, int id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].id == id)
			return true;
	return false;
}

static const struct host_mount *root_of(const struct host_mounts *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct host_mount *at = &m->list[i];

		if (strcmp(at->target, "/") == 0 &&
		    (at->parent == at->id || !has_id(m, at->parent)))
			return at;
	}
	return NULL;
}

static const struct host_mount *child_at(const struct host_mounts *m,
                                         const struct host_mount *parent,
                                         const char *path, size_t len)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct host_mount *at = &m->list[i];

		if (at != parent && at->parent == parent->id &&
		    strncmp(at->target, path, len) == 0 && at->target[len] == '\0')
			return at;
	}
	return NULL;
}

/* Walk like the kernel: from the root, and enter at each step what is mounted there. */
const struct host_mount *host_mounts_holding(const struct host_mounts *m,
                                             const char *path)
{
	const struct host_mount *at = root_of(m), *below;
	size_t len = 0, steps = 0;

	while (at) {
		/* a mount on "/" is at "/", any other at the path so far */
		while ((below = child_at(m, at, len ? path : "/", len ? len : 1)) &&
		       steps++ < m->n)
			at = below;
		if (!path[len] || !path[len + 1])
			break;
		len += 1 + strcspn(path + len + 1, "/");
	}
	return at;
}

const struct host_mount *host_mounts_at(const struct host_mounts *m, const char *path)
{
	const struct host_mount *at = host_mounts_holding(m, path);

	return at && strcmp(at->target, path) == 0 ? at : NULL;
}

const struct host_mount *host_mounts_of(const struct host_mounts *m, unsigned major,
                                        unsigned minor)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].major == major && m->list[i].minor == minor)
			return &m->list[i];
	return NULL;
}

/* --- does a mount reach the host? -------------------------------------------------- */

/* Where our root directory is in our own mount table: "" for "/". */
static int ask_own_root(const struct host *h, const char *subject, char **ret,
                        struct err *e)
{
	char path[64], text[4096];
	ssize_t len;

	(void)subject;
	(void)e;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", h->root_fd);
	len = readlink(path, text, sizeof(text));
	if (len <= 0 || (size_t)len >= sizeof(text))
		*ret = mem_dup(h->root);
	else
		*ret = len == 1 ? mem_dup("") : mem_dup_n(text, (size_t)len);
	return 0;
}

static int own_root(const struct host *h, const struct host_mounts *own, char **ret,
                    struct err *e)
{
	int r;

	/* a captured tree was taken on the host, or in a container below it */
	if (!recorded_or_live(h)) {
		*ret = mem_dup(host_mounts_at(own, HOST_BOOTSTRAP_ROOT)
		                       ? HOST_BOOTSTRAP_ROOT
		                       : "");
		return 0;
	}
	r = recorded_word(h, "mounts", "root", ask_own_root, ret, e);
	return r == 0 && !*ret ? err_set(e, -EBADMSG, "the bundle has no root") : r;
}

/* Whether a mount made in `own` propagates to `theirs`. */
static enum host_reach relation(const struct host_mount *own,
                                const struct host_mount *theirs)
{
	if (!own || !theirs || own->major != theirs->major || own->minor != theirs->minor)
		return HOST_REACH_NONE;
	/* mount ids are unique on a machine: the same id is the same mount */
	if (own->id == theirs->id)
		return HOST_REACH_SAME;
	if (own->peers && (own->peers == theirs->peers || own->peers == theirs->master))
		return HOST_REACH_SHARED;
	return HOST_REACH_NONE;
}

/* The mount points below our host root that reach the host, the outermost only. */
static char *shared_trees(const struct host_mounts *own, const struct host_mounts *theirs,
                          const char *root)
{
	_buf_ struct buf trees = {0};
	const char *last = NULL;
	size_t len = strlen(root);

	for (size_t i = 0; i < own->n; i++) {
		const char *path = own->list[i].target + len;

		if (strncmp(own->list[i].target, root, len) != 0 || *path != '/')
			continue;
		if (last && strncmp(path, last, strlen(last)) == 0 &&
		    path[strlen(last)] == '/')
			continue;
		if (relation(&own->list[i], host_mounts_holding(theirs, path)) ==
		    HOST_REACH_NONE)
			continue;
		buf_join(&trees, ", ", path);
		last = path;
	}
	return buf_take(&trees);
}

int host_mounts_reach(const struct host *h, const char *target, enum host_reach *ret,
                      char **ret_where, struct err *e)
{
	_mounts_ struct host_mounts own = {0}, theirs = {0};
	_free_ char *root = NULL, *path = NULL;
	int r = host_mounts_read(h, HOST_MOUNTS_OWN, &own, e);

	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_HOST, &theirs, e);
	if (r == 0)
		r = own_root(h, &own, &root, e);
	if (r < 0 || !root)
		return r;
	path = mem_format("%s%s", root, target);
	*ret = relation(host_mounts_holding(&own, path),
	                host_mounts_holding(&theirs, target));
	if (*ret == HOST_REACH_NONE)
		*ret_where = shared_trees(&own, &theirs, root);
	return 0;
}
