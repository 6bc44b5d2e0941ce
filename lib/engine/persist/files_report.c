/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The store of a host without the Bottlerocket API: what its files hold of a resource. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/persist/files.h"
#include "engine/persist/persisted.h"
#include "engine/persist/store.h"

/* The file that holds the resource, or its unit, and what is missing or different. */
static enum stored_what file_of(const struct node *wanted)
{
	const struct node *kernel = node_get(wanted, "kernel");

	if (node_get(kernel, "sysctl"))
		return STORED_SYSCTL;
	return kernel ? STORED_MODULES : STORED_UNIT;
}

static void report_missing(const struct persisting *f, const struct persisted_diff *d,
                           struct change *c)
{
	enum stored_what what = file_of(d->wanted);
	_free_ char *path = stored_path(what, f->name);

	if (what == STORED_UNIT)
		change_set(c, STATE_DRIFT, REASON_NOT_PERSISTED,
		           "no %s applies it at boot: lost at the next boot", f->service);
	else
		change_set(c, STATE_DRIFT, REASON_NOT_PERSISTED,
		           "not in %s: lost at the next boot",
		           d->path ? "the files for the next boot" : path);
	change_remedy(c, "hosttune apply");
}

static void report_different(const struct persisting *f, const struct persisted_diff *d,
                             struct change *c)
{
	enum stored_what what = file_of(d->wanted);
	_free_ char *path = stored_path(what, f->name);

	if (what == STORED_UNIT)
		change_set(c, STATE_DRIFT, REASON_PERSISTED_DIFFERS, "%s: %s", f->service,
		           d->text);
	else
		change_set(c, STATE_DRIFT, REASON_PERSISTED_DIFFERS, "%s holds %s", path,
		           d->text);
	change_remedy(c, "hosttune apply");
}

/* The first file that would be written for the resource and is not ours. */
static enum stored_what blocked_by(const struct persisting *f, const struct node *wanted)
{
	const struct node *kernel = node_get(wanted, "kernel");
	const bool needs[STORED_FILES] = {
		[STORED_PROFILE] = node_get(wanted, "boot"),
		[STORED_UNIT] = node_get(wanted, "boot"),
		[STORED_ENABLED] = node_get(wanted, "boot"),
		[STORED_MODULES] = node_get(kernel, "modules"),
		[STORED_SYSCTL] = node_get(kernel, "sysctl"),
	};

	for (enum stored_what what = 0; what < STORED_FILES; what++)
		if (needs[what] && (f->have[what].state == OWNED_EDITED ||
		                    f->have[what].state == OWNED_FOREIGN))
			return what;
	return STORED_FILES;
}

static void refuse(const struct persisting *f, enum stored_what what, struct change *c)
{
	_free_ char *path = stored_path(what, f->name);

	if (f->have[what].state == OWNED_EDITED)
		change_set(c, STATE_REFUSED, REASON_FILE_EDITED,
		           "%s was edited since hosttune wrote it: it is not overwritten",
		           path);
	else
		change_set(c, STATE_REFUSED, REASON_FILE_FOREIGN,
		           "%s was not written by hosttune: it is not overwritten", path);
	change_remedy(c,
	              "move its lines to a file with another name, remove %s, then run: "
	              "hosttune apply",
	              path);
}

static void files_report(const struct persisting *f, const struct persisted_diff *d,
                         struct resource *r)
{
	struct change *c = &r->run.change;
	enum stored_what blocked = blocked_by(f, d->wanted);

	if (!persisted_differs(d) || r->run.waived ||
	    persisting_is_excused(f, d->wanted) ||
	    (c->state != STATE_OK && c->state != STATE_DRIFT))
		return;
	if (blocked < STORED_FILES)
		refuse(f, blocked, c);
	else if (c->state == STATE_OK && d->state == PERSISTED_ABSENT)
		report_missing(f, d, c);
	else if (c->state == STATE_OK)
		report_different(f, d, c);
}

const struct persist_store persist_files = {
	.want = persisting_want,
	.report = files_report,
};
