/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/attribute.h"

#include "base/mem.h"
#include "host/file.h"

#include <errno.h>
#include <string.h>

void attribute_unknown(struct attributes *a, const char *text)
{
	if (!a->fault)
		a->fault = mem_dup(text);
}

/* Return: whether the call succeeded. */
static bool attribute_done(struct attributes *a, int code, const struct err *e)
{
	/* ENOTDIR: what lies on the way to it is an attribute itself */
	if (code < 0 && code != -ENOENT && code != -ENOTDIR)
		attribute_unknown(a, e->text);
	return code >= 0;
}

static char *attribute_path(const char *disk, const char *name)
{
	return mem_format(DISK_BLOCK "/%s%s%s", disk, *name ? "/" : "", name);
}

char *attribute_text(struct attributes *a, const char *disk, const char *name)
{
	_free_ char *path = attribute_path(disk, name);
	_free_ char *text = NULL;
	struct err e;

	if (!attribute_done(a, host_file_read_line(a->h, path, &text, &e), &e))
		return NULL;
	return mem_dup(text + strspn(text, " \t"));
}

bool attribute_is_set(struct attributes *a, const char *disk, const char *name)
{
	_free_ char *text = attribute_text(a, disk, name);

	return text && strcmp(text, "0") != 0;
}

bool attribute_exists(struct attributes *a, const char *disk, const char *name)
{
	_free_ char *path = attribute_path(disk, name);
	struct stat st;
	struct err e;

	return attribute_done(a, host_file_stat(a->h, path, &st, &e), &e);
}

char **attribute_list(struct attributes *a, const char *disk, const char *dir)
{
	_free_ char *path = attribute_path(disk, dir);
	char **names = NULL;
	struct err e;

	if (!attribute_done(a, host_file_list(a->h, path, &names, &e), &e) &&
	    e.code == -ENOTDIR)
		attribute_unknown(a, e.text);
	return names;
}
