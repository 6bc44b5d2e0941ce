/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/applier.h"

#include "base/err.h"
#include "doc/node.h"
#include "host/file.h"

#define RENDERED "/etc/corndog.toml"
#define WRITTEN  "/etc/sysctl.d/95-corndog.conf"

static bool applier_stat(const struct host *h, const char *path, struct stat *ret)
{
	struct err ignored;

	return host_file_stat(h, path, ret, &ignored) == 0;
}

bool applier_concerns(const struct node *settings)
{
	return node_get(node_get(settings, "kernel"), "sysctl");
}

void applier_observe(const struct host *h, struct applier *ret)
{
	*ret = (struct applier){0};
	ret->has_rendered = applier_stat(h, RENDERED, &ret->rendered);
	ret->has_written = applier_stat(h, WRITTEN, &ret->written);
}

bool applier_exists(const struct applier *a)
{
	return a->has_rendered || a->has_written;
}

/* A file is either replaced by a new one or rewritten. */
static bool differs(const struct stat *a, const struct stat *b)
{
	return a->st_ino != b->st_ino || a->st_dev != b->st_dev ||
	       a->st_ctim.tv_sec != b->st_ctim.tv_sec ||
	       a->st_ctim.tv_nsec != b->st_ctim.tv_nsec;
}

bool applier_ran(const struct applier *before, const struct applier *now)
{
	/* an older program writes values directly and leaves no other trace */
	if (before->has_written || now->has_written)
		return now->has_written &&
		       (!before->has_written || differs(&before->written, &now->written));
	return now->has_rendered &&
	       (!before->has_rendered || differs(&before->rendered, &now->rendered));
}
