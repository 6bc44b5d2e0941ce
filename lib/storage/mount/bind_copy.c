/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/bind_copy.h"

#include "host/file.h"
#include "host/mount/mounts.h"

#include <errno.h>

int bind_copy_make(struct bind_copy *c, struct host *h, const char *dir,
                   const char *source, bool copy, struct err *e)
{
	int code = host_file_mkdir(h, dir, 0755, e);

	if (code >= 0 && copy)
		code = host_tree_copy(h, dir, source, &c->lost, e);
	else if (code >= 0)
		code = host_tree_make_like(h, source, dir, &c->lost, e);
	c->made = copy ? code == 0 : code > 0;
	return code < 0 ? code : 0;
}

/* It may be bound although the bind failed: by the API, or by another process. */
static int check_unused(const struct host *h, const char *source, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	const struct host_mount *at;
	int code = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);

	if (code < 0)
		return code;
	at = host_mounts_bind_of(&mounts, source);
	return at ? err_set(e, -EBUSY, "it is mounted at %s", at->target) : 0;
}

int bind_copy_drop(struct bind_copy *c, struct host *h, const char *dir,
                   const char *source, struct err *e)
{
	int code;

	if (!c->made)
		return 0;
	c->made = false;
	c->lost = (struct host_tree_lost){0};
	code = check_unused(h, source, e);
	if (code == 0)
		code = host_tree_remove_copy(h, source, dir, e);
	return code < 0 ? err_wrap(e, "%s is not removed", source) : 0;
}
