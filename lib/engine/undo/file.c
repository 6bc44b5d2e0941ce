/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A file for the next boot, to restore or to remove. */
#include "base/mem.h"
#include "base/text/shell.h"
#include "doc/node.h"
#include "engine/plan.h"
#include "engine/undo/revert.h"
#include "engine/undo/undone.h"
#include "host/host.h"
#include "journal/journal.h"
#include "stored/stored.h"

#include <errno.h>
#include <string.h>

static const char absent[] = "absent";

/* What the file is now. Return: 0 or -errno. */
static int read_now(const char *path, const struct host *h, struct stored_file *f,
                    struct err *e)
{
	_free_ char *name = NULL;
	enum stored_what what;

	if (!stored_find(path, &what, &name))
		return err_set(e, -EINVAL, "\"%s\": is no file that hosttune stores",
		               path);
	stored_read(f, h, what, name);
	return f->why ? err_set(e, -EIO, "%s", f->why) : 0;
}

static bool is_recorded_as(const struct stored_file *f, const struct node *record)
{
	_free_ char *text = stored_recorded(record);

	return plan_same_value(f->text, text) &&
	       (f->state != OWNED_FOREIGN || f->text || text);
}

/* Whether it is, unedited, what the run wrote: its first line has the digest. */
static bool is_of_run(const struct stored_file *f, const struct node *desired)
{
	_free_ char *head = stored_recorded(desired);
	size_t len = head ? strlen(head) : 0;

	if (!head || f->state != OWNED_OURS)
		return !head && f->state == OWNED_ABSENT;
	return strncmp(f->text, head, len) == 0 &&
	       (!f->text[len] || f->text[len] == '\n');
}

/* For reports: the content of a file is no value to print. */
static char *describe(const struct stored_file *f)
{
	static const char *const words[] = {[OWNED_ABSENT] = absent,
	                                    [OWNED_OURS] = "stored by hosttune",
	                                    [OWNED_EDITED] = "edited",
	                                    [OWNED_FOREIGN] = "foreign"};

	return mem_dup(words[f->state]);
}

static int file_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct undone *u = CONTAINER_OF(r, struct undone, r);
	_stored_file_ struct stored_file f = {0};
	int code = read_now(r->name, h, &f, e);

	if (code < 0)
		return code;
	r->seen.now = describe(&f);
	u->restored = is_recorded_as(&f, u->record->previous);
	if (u->owner == UNDONE_UNKNOWN)
		u->owner = u->restored || is_of_run(&f, u->record->desired)
		                   ? UNDONE_OURS
		                   : UNDONE_FOREIGN;
	return 0;
}

static void file_diff(const struct resource *r, struct change *ret)
{
	const struct undone *u = CONST_CONTAINER_OF(r, struct undone, r);
	bool removes = strcmp(r->spec.want, absent) == 0;
	_free_ char *quoted = shell_quote(r->name);

	if (u->restored)
		return;
	if (u->later) {
		undone_later(u, ret);
		return;
	}
	if (u->owner == UNDONE_FOREIGN && strcmp(r->seen.now, absent) == 0)
		change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
		           "does not exist any more");
	else if (u->owner == UNDONE_FOREIGN)
		change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
		           "is not as hosttune wrote it: it stays");
	else
		change_set(ret, STATE_DRIFT, REASON_PERSISTED_DIFFERS, "%s",
		           removes ? "stored for the next boot"
		                   : "has another text than before");
	if (removes && strcmp(r->seen.now, absent) != 0)
		change_remedy(ret, "rm %s", quoted);
}

static int file_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                      struct err *e)
{
	const struct undone *u = CONST_CONTAINER_OF(r, struct undone, r);
	_free_ char *text = stored_recorded(u->record->previous), *name = NULL;
	enum stored_what what;

	(void)ret_reason;
	if (!stored_find(r->name, &what, &name))
		return err_set(e, -EINVAL, "\"%s\": is no file of hosttune", r->name);
	return stored_write(h, what, name, text, e);
}

static uint64_t file_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return 0;
}

struct resource *undone_file(struct revert *v, const struct journal_record *record,
                             struct place at)
{
	struct undone *u = mem_new(1, sizeof(*u));
	_free_ char *before = stored_recorded(record->previous);

	u->in = v;
	u->record = record;
	u->kind = (struct kind){.name = STORED_KIND,
	                        .section = STORED_KIND,
	                        .shape = SECTION_VALUES,
	                        .flags = KIND_IRREVERSIBLE,
	                        .size = sizeof(*u),
	                        .observe = file_observe,
	                        .diff = file_diff,
	                        .capabilities = file_capabilities,
	                        .apply = file_apply};
	u->r.kind = &u->kind;
	u->r.name = mem_dup(record->object);
	u->r.spec.at = at;
	u->r.spec.want = mem_dup(before ? "as before" : absent);
	return &u->r;
}
