/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An object is the path of a file, without links. */
#include "resource/undo.h"

#include "base/mem.h"
#include "base/text/shell.h"
#include "sysfs/path.h"
#include "sysfs/shown.h"
#include "sysfs/sysfs.h"

#include <errno.h>
#include <string.h>

static void sysfs_undo_list(const struct resource *r, const struct host *h,
                            struct undo_values *ret)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);

	(void)h;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];

		if (row->now && row->write && !sysfs_row_in_sync(row))
			undo_add(ret, mem_dup(row->file->real), mem_dup(row->now),
			         mem_dup(row->write));
	}
}

/* A path that is refused, or leads elsewhere, is from no journal of hosttune. */
static int check_object(const struct host *h, const char *object, struct err *e)
{
	const char *fault = sysfs_path_fault(object);
	enum sysfs_access access;
	_free_ char *real = NULL;
	int r;

	if (!fault && sysfs_path_is_pattern(object))
		fault = "must be no pattern";
	if (!fault)
		fault = sysfs_path_refused(object);
	if (fault)
		return err_set(e, -EINVAL, "\"%s\": %s", object, fault);
	r = sysfs_access_find(h, object, &real, &access, e);
	if (r == 0 && (access == SYSFS_FOREIGN || strcmp(real, object) != 0))
		return err_set(e, -EINVAL, "\"%s\": leads to another file, %s", object,
		               real);
	return r;
}

static int sysfs_undo_read(const struct host *h, const char *object, char **ret_value,
                           struct err *e)
{
	_shown_ struct sysfs_shown shown = {0};
	_free_ char *text = NULL;
	int r = check_object(h, object, e);

	*ret_value = NULL;
	if (r == 0)
		r = sysfs_access_read(h, object, &text, e);
	if (r == -ENOENT || r == -ENOTDIR || r == -ENODEV)
		return 0;
	if (r < 0)
		return r;
	sysfs_shown_parse(text, &shown);
	*ret_value = TAKE_PTR(shown.now);
	return 0;
}

static int sysfs_undo_write(struct host *h, const char *object, const char *value,
                            struct err *e)
{
	int r = check_object(h, object, e);

	return r < 0 ? r : sysfs_access_write(h, object, value, e);
}

static char *sysfs_undo_command(const struct host *h, const char *object,
                                const char *value)
{
	_free_ char *quoted = shell_quote(value);

	(void)h;
	return mem_format("echo %s > %s", quoted, object);
}

const struct undo sysfs_undo = {
	.list = sysfs_undo_list,
	.read = sysfs_undo_read,
	.write = sysfs_undo_write,
	.command = sysfs_undo_command,
};
