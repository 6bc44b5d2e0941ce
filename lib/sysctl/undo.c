/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/undo.h"

#include "base/mem.h"
#include "base/shell.h"
#include "host/file.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/sysctl.h"

#include <errno.h>
#include <string.h>

/* Writing a key can make another one read 0: restoring that one restores both. */
static void add_excluded(const char *key, const struct host *h, struct undo_values *ret)
{
	const struct sysctl_known *known = sysctl_known_find(key);
	_free_ char *path = NULL;
	char *value = NULL;
	struct err ignored;

	if (!known || !known->excludes)
		return;
	path = sysctl_key_path(known->excludes);
	if (host_file_read_line(h, path, &value, &ignored) == 0 &&
	    strcmp(value, "0") != 0)
		undo_add(ret, mem_dup(known->excludes), TAKE_PTR(value), mem_dup("0"));
	mem_set(&value, NULL);
}

static void list_interfaces(const struct sysctl_interfaces *in, struct undo_values *ret)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct sysctl_interface *one = &in->list[i];

		if (strcmp(one->now, one->write) != 0)
			undo_add(ret, mem_dup(one->key), mem_dup(one->now),
			         mem_dup(one->write));
	}
}

static void sysctl_undo_list(const struct resource *r, const struct host *h,
                             struct undo_values *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (sysctl_table_is_wildcard(r->name)) {
		list_interfaces(&s->interfaces, ret);
		return;
	}
	undo_add(ret, mem_dup(r->name), mem_dup(r->seen.now), mem_dup(s->write));
	add_excluded(r->name, h, ret);
}

static int sysctl_undo_read(const struct host *h, const char *object, char **ret_value,
                            struct err *e)
{
	const char *fault = sysctl_key_fault(object);
	_free_ char *path = NULL, *raw = NULL;
	int r;

	*ret_value = NULL;
	if (fault)
		return err_set(e, -EINVAL, "\"%s\": %s", object, fault);
	path = sysctl_key_path(object);
	r = host_file_read_line(h, path, &raw, e);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r == 0)
		*ret_value = sysctl_value_collapse(raw);
	return r;
}

static int sysctl_undo_write(struct host *h, const char *object, const char *value,
                             struct err *e)
{
	_free_ char *path = sysctl_key_path(object);

	return host_file_write(h, path, value, e);
}

static char *sysctl_undo_command(const struct host *h, const char *object,
                                 const char *value)
{
	_free_ char *quoted = shell_quote(value);

	(void)h;
	return mem_format("sysctl -w %s=%s", object, quoted);
}

const struct undo sysctl_undo = {
	.list = sysctl_undo_list,
	.read = sysctl_undo_read,
	.write = sysctl_undo_write,
	.command = sysctl_undo_command,
};
