/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Looking at the files of a resource, and writing them. */
#include "sysfs/sysfs.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "sysfs/shown.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Between two looks at a file that differs: some counters change with each tick. */
#define PAUSE_MS 20

static struct sysfs *sysfs_of(struct resource *r)
{
	return CONTAINER_OF(r, struct sysfs, r);
}

/* --- the profile ---------------------------------------------------------------------
 */

struct sysfs_value *sysfs_add(struct sysfs *s, const char *part, char *pattern)
{
	struct sysfs_target *t = &s->targets[s->n_targets++];

	*t = (struct sysfs_target){.part = part, .pattern = pattern};
	return &t->value;
}

/* --- looking -------------------------------------------------------------------------
 */

static void row_done(struct sysfs_row *row)
{
	free(row->now);
	free(row->write);
	free(row->fault);
	free(row->had);
}

static void forget_rows(struct sysfs *s)
{
	for (size_t i = 0; i < s->n_rows; i++)
		row_done(&s->rows[i]);
	s->n_rows = 0;
}

bool sysfs_row_in_sync(const struct sysfs_row *row)
{
	return row->now && row->write && strcmp(row->now, row->write) == 0;
}

static const char *had_of(const struct sysfs *s, const char *real)
{
	for (size_t i = 0; i < s->n_had; i++)
		if (strcmp(s->had[i].real, real) == 0)
			return s->had[i].text;
	return NULL;
}

/* A key that the profile names in full wins over a pattern. */
static bool is_named(const struct sysfs *s, const char *path)
{
	for (size_t i = 0; i < s->n_named; i++)
		if (strcmp(s->named[i], path) == 0)
			return true;
	return false;
}

static void add_row(struct sysfs *s, const struct sysfs_target *t, struct sysfs_file *f)
{
	_shown_ struct sysfs_shown shown = {0};
	struct sysfs_row row = {.target = t, .file = f};

	if (is_named(s, f->path)) {
		s->left_out = true;
		return;
	}
	if (f->text) {
		sysfs_shown_parse(f->text, &shown);
		row.write = sysfs_value_resolve(&t->value, f->real, &shown, &row.fault);
		row.now = TAKE_PTR(shown.now);
	}
	row.had = mem_dup(had_of(s, f->real));
	s->rows = mem_grow(s->rows, &s->cap_rows, s->n_rows, sizeof(*s->rows));
	s->rows[s->n_rows++] = row;
}

/* Look again at what differs, after a while. */
static void look_again(struct sysfs *s, const struct host *h)
{
	bool waited = h->bundle;

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];

		if (!row->now || sysfs_row_in_sync(row))
			continue;
		if (!waited)
			(void)poll(NULL, 0, PAUSE_MS);
		waited = true;
		sysfs_look_again(h, row->file);
	}
}

int sysfs_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct sysfs *s = sysfs_of(r);

	s->fresh = s->written;
	s->written = false;
	s->left_out = false;
	forget_rows(s);
	for (size_t i = 0; i < s->n_targets; i++) {
		struct sysfs_files *files = &s->files[i];
		int code = sysfs_look(h, s->targets[i].pattern, files, e);

		if (code < 0)
			return code;
		for (size_t j = 0; j < files->n; j++)
			add_row(s, &s->targets[i], &files->list[j]);
	}
	look_again(s, h);
	r->seen.now = sysfs_describe_now(s);
	return 0;
}

/* --- writing -------------------------------------------------------------------------
 */

static void forget_had(struct sysfs *s)
{
	for (size_t i = 0; i < s->n_had; i++) {
		free(s->had[i].real);
		free(s->had[i].text);
	}
	s->n_had = 0;
}

static void remember_had(struct sysfs *s, const struct sysfs_row *row)
{
	s->had = mem_grow(s->had, &s->cap_had, s->n_had, sizeof(*s->had));
	s->had[s->n_had++] =
		(struct sysfs_had){mem_dup(row->file->real), mem_dup(row->now)};
}

/* A device that was removed meanwhile has nothing to write or to restore. */
static int write_one(struct host *h, const char *real, const char *text, struct err *e)
{
	int code = sysfs_access_write(h, real, text, e);

	return code == -ENOENT || code == -ENODEV ? 0 : code;
}

int sysfs_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                struct err *e)
{
	struct sysfs *s = sysfs_of(r);
	int code = 0;

	forget_had(s);
	s->written = true;
	for (size_t i = 0; i < s->n_rows && code == 0; i++) {
		const struct sysfs_row *row = &s->rows[i];

		if (sysfs_row_in_sync(row))
			continue;
		remember_had(s, row);
		code = write_one(h, row->file->real, row->write, e);
	}
	if (code == -EINVAL || code == -ERANGE || code == -EBUSY || code == -EPERM ||
	    code == -EOPNOTSUPP)
		*ret_reason = REASON_REFUSED_BY_KERNEL;
	return code;
}

int sysfs_revert(struct resource *r, struct host *h, struct err *e)
{
	struct sysfs *s = sysfs_of(r);
	int code = 0;

	s->written = false;
	for (size_t i = s->n_had; i-- > 0;) {
		struct err ignored;
		int one = write_one(h, s->had[i].real, s->had[i].text,
		                    code < 0 ? &ignored : e);

		code = code < 0 ? code : one;
	}
	return code;
}

/* --- the rest ------------------------------------------------------------------------
 */

char *sysfs_set_files(const struct resource *r, const struct host *h)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);
	_buf_ struct buf b = {0};

	for (size_t i = 0; !h && i < s->n_targets; i++)
		buf_join(&b, "\n", s->targets[i].pattern);
	for (size_t i = 0; h && i < s->n_rows; i++)
		buf_join(&b, "\n", s->rows[i].file->real);
	return b.len ? buf_take(&b) : NULL;
}

const char *sysfs_varies(const struct resource *r)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);

	for (size_t i = 0; i < s->n_targets; i++)
		if (s->targets[i].value.unknown)
			return VARIES_FORMULA;
	return NULL;
}

/* Files of sysfs belong to root; a driver may ask for more, mostly for SYS_ADMIN. */
uint64_t sysfs_capabilities(const char *name, bool acts)
{
	(void)name;
	return acts ? CAPABILITY(SYS_ADMIN) | CAPABILITY(NET_ADMIN) : 0;
}

void sysfs_done(struct resource *r)
{
	struct sysfs *s = sysfs_of(r);

	forget_rows(s);
	free(s->rows);
	forget_had(s);
	free(s->had);
	free(s->named);
	for (size_t i = 0; i < s->n_targets; i++) {
		free(s->targets[i].pattern);
		sysfs_value_done(&s->targets[i].value);
		sysfs_files_done(&s->files[i]);
	}
}
