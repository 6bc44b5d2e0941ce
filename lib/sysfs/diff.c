/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Comparing the files of a resource with the profile. */
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/shell.h"
#include "host/process/capabilities.h"
#include "sysfs/path.h"
#include "sysfs/sysfs.h"

#include <string.h>

/* How many files a message and a remedy name. */
#define NAMED_MAX 3

static const struct sysfs *of(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct sysfs, r);
}

/* --- what cannot be compared ---------------------------------------------------------
 */

static bool is_too_many(const struct sysfs *s, struct change *ret)
{
	for (size_t i = 0; i < s->n_targets; i++)
		if (s->files[i].too_many) {
			change_set(ret, STATE_REFUSED, REASON_TOO_MANY_FILES,
			           "%s matches more than %d files, or looks into more "
			           "than %d directories",
			           s->targets[i].pattern, SYSFS_FILES_MAX,
			           SYSFS_DIRECTORIES_MAX);
			change_remedy(ret, "write a narrower pattern");
			return true;
		}
	return false;
}

static bool is_refused(const struct sysfs *s, struct change *ret)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_file *f = s->rows[i].file;
		const char *why = f->access == SYSFS_FOREIGN
		                          ? "it is no file of sysfs"
		                          : sysfs_path_refused(f->real);

		if (!why)
			continue;
		change_set(ret, STATE_REFUSED, REASON_FILE_REFUSED,
		           "%s: hosttune does not write it: %s", f->real, why);
		change_remedy(ret, "remove it from the profile, or write a pattern that "
		                   "does not match it");
		return true;
	}
	return false;
}

static bool has_row(const struct sysfs *s, const struct sysfs_target *t)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i].target == t)
			return true;
	return false;
}

static void diff_absent(const struct sysfs *s, const struct sysfs_target *t,
                        struct change *ret)
{
	bool pattern = sysfs_path_is_pattern(t->pattern);

	if (s->r.run.waits)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "%s does not exist yet: a module that the profile loads "
		           "provides it",
		           t->pattern);
	else if (pattern)
		change_set(
			ret, STATE_SKIPPED, REASON_NO_FILE_MATCHES, "no file matches%s",
			s->left_out ? ", apart from those that the profile names" : "");
	else if (s->r.spec.optional)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "this node has no %s, which is optional", t->pattern);
	else {
		change_set(ret, STATE_FAILED, REASON_NO_SUCH_FILE, "this node has no %s",
		           t->pattern);
		change_remedy(ret, "check the spelling, list the module that provides it "
		                   "under `modules:`, or add `optional: true`");
	}
}

/* Return: whether a value has no file, or all have none and need none. */
static bool is_absent(const struct sysfs *s, struct change *ret)
{
	for (size_t i = 0; i < s->n_targets; i++) {
		const struct sysfs_target *t = &s->targets[i];

		if (has_row(s, t) || (t->value.is_off && !s->r.run.waits))
			continue;
		diff_absent(s, t, ret);
		return true;
	}
	if (s->n_rows == 0)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "this node has no %s, so there is nothing to turn off",
		           s->targets[0].pattern);
	return s->n_rows == 0;
}

/* --- one file ------------------------------------------------------------------------
 */

/* "/sys/module/NAME/parameters/KEY": what can be set when the module is loaded. */
static void remedy_read_only(const struct sysfs_row *row, struct change *ret)
{
	const char *module = "/sys/module/", *parameters = "/parameters/";
	const char *real = row->file->real, *key = strstr(real, parameters);
	size_t len;

	if (strncmp(real, module, strlen(module)) != 0 || !key) {
		change_remedy(ret, "remove it from the profile: only the kernel sets it");
		return;
	}
	real += strlen(module);
	len = (size_t)(key - real);
	key += strlen(parameters);
	change_remedy(ret,
	              "set it when the module is loaded: %.*s.%s=%s on the kernel's "
	              "command line, or options of modprobe.d",
	              (int)len, real, key, row->write);
}

static bool diff_unwritable(const struct sysfs_row *row, struct change *ret)
{
	const char *real = row->file->real;

	if (row->file->access == SYSFS_READ_ONLY) {
		change_set(ret, STATE_FAILED, REASON_READ_ONLY_FILE,
		           "%s is %s, should be %s, and can only be read", real, row->now,
		           row->write);
		remedy_read_only(row, ret);
		return true;
	}
	if (row->file->access == SYSFS_READ_ONLY_MOUNT) {
		change_set(ret, STATE_FAILED, REASON_READ_ONLY_MOUNT,
		           "%s is %s, should be %s, and is mounted read-only here", real,
		           row->now, row->write);
		change_remedy(ret, "give the host's root, where /sys can be written: "
		                   "`--root /.bottlerocket/rootfs` in a bootstrap "
		                   "container; or run it privileged");
		return true;
	}
	return false;
}

static void diff_kept_not(const struct sysfs *s, const struct sysfs_row *row,
                          struct change *ret)
{
	uint64_t now, write;

	if (s->short_of && num_u64(row->now, &now) == 0 &&
	    num_u64(row->write, &write) == 0 && now < write) {
		change_set(ret, STATE_FAILED, s->short_of,
		           "%s: asked for %s, the kernel found memory for %s",
		           row->file->real, row->write, row->now);
		change_remedy(ret,
		              "reserve them at boot, on the kernel's command line "
		              "(settings.boot.kernel-parameters on Bottlerocket), or "
		              "ask for fewer");
		return;
	}
	change_set(ret, STATE_FAILED, REASON_NOT_KEPT,
	           "%s: wrote %s, and the kernel made it %s", row->file->real, row->write,
	           *row->now ? row->now : "empty");
	if (*row->now)
		change_remedy(ret, "write %s in the profile if that is right", row->now);
}

/* Return: whether the file cannot be set, with the reason in *ret. */
static bool diff_impossible(const struct sysfs *s, const struct sysfs_row *row,
                            struct change *ret)
{
	const struct sysfs_file *f = row->file;

	if (f->access == SYSFS_WRITE_ONLY)
		change_set(ret, STATE_REFUSED, REASON_WRITE_ONLY,
		           "%s: write-only: its current value cannot be read", f->real);
	else if (!row->now)
		change_set(ret, STATE_FAILED, REASON_NOT_READABLE, "%s",
		           f->fault ? f->fault : f->real);
	else if (sysfs_row_in_sync(row))
		return false;
	else if (f->again && strcmp(f->again, f->text) != 0)
		change_set(ret, STATE_FAILED, REASON_CHANGES_BY_ITSELF,
		           "%s was \"%s\", and \"%s\" right after: it changes by itself",
		           f->real, f->text, f->again);
	else if (!row->write)
		change_set(ret, STATE_FAILED, REASON_VALUE_UNAVAILABLE, "%s %s", f->real,
		           row->fault);
	else if (s->fresh)
		diff_kept_not(s, row, ret);
	else
		return diff_unwritable(row, ret);
	return true;
}

/* --- all of them ---------------------------------------------------------------------
 */

static void diff_rows(const struct sysfs *s, struct change *ret)
{
	_buf_ struct buf text = {0}, remedy = {0};
	size_t n = 0;

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];
		_free_ char *line = NULL, *command = NULL, *quoted = NULL;

		if (diff_impossible(s, row, ret))
			return;
		if (sysfs_row_in_sync(row) || n++ >= NAMED_MAX)
			continue;
		line = mem_format("%s is %s, should be %s", row->file->path,
		                  *row->now ? row->now : "empty", row->write);
		buf_join(&text, "; ", line);
		quoted = shell_quote(row->write);
		command = mem_format("echo %s > %s", quoted, row->file->path);
		buf_join(&remedy, "; ", command);
	}
	if (n > NAMED_MAX)
		buf_addf(&text, "; and %zu more", n - NAMED_MAX);
	if (n == 0)
		return;
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "%s", text.text);
	if (n <= NAMED_MAX)
		change_remedy(ret, "%s", remedy.text);
}

void sysfs_diff(const struct resource *r, struct change *ret)
{
	const struct sysfs *s = of(r);

	if (!is_too_many(s, ret) && !is_refused(s, ret) && !is_absent(s, ret))
		diff_rows(s, ret);
}

static char *part_of(const struct sysfs_row *row)
{
	return row->target->part ? mem_dup(row->target->part) : NULL;
}

/* The files of a pattern are one part, and described together. */
void sysfs_differences(const struct resource *r, struct differences *ret)
{
	const struct sysfs *s = of(r);

	if (s->n_targets == 1 && s->n_rows > 1) {
		if (r->seen.now)
			difference_add(ret, NULL, mem_dup(r->seen.now),
			               mem_dup(r->spec.want));
		return;
	}
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];

		if (row->now && row->write && !sysfs_row_in_sync(row))
			difference_add(ret, part_of(row), mem_dup(row->now),
			               mem_dup(row->write));
	}
}

void sysfs_changes(const struct resource *r, struct differences *ret)
{
	const struct sysfs *s = of(r);

	if (s->n_targets == 1 && s->n_rows > 1)
		return;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];

		if (row->had && row->now && strcmp(row->had, row->now) != 0)
			difference_add(ret, part_of(row), mem_dup(row->had),
			               mem_dup(row->now));
	}
}
