/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/bind_copy.h"

#include "host/file.h"

int bind_copy_make(struct bind_copy *c, struct host *h, const char *dir,
                   const char *source, bool copy, struct err *e)
{
	int code = host_file_mkdir(h, dir, 0755, e);

	if (code < 0 || !copy)
		return code < 0 ? code : host_tree_make_like(h, source, dir, &c->lost, e);
	code = host_tree_copy(h, dir, source, &c->lost, e);
	c->made = code == 0;
	return code;
}

int bind_copy_drop(struct bind_copy *c, struct host *h, const char *source, struct err *e)
{
	if (!c->made)
		return 0;
	c->made = false;
	c->lost = (struct host_tree_lost){0};
	return host_tree_remove(h, source, e);
}
