/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/classify.h"

#include "base/mem.h"
#include "host/host.h"
#include "storage/block/identity.h"
#include "storage/block/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Network storage that outlives the node: never used, whatever the profile selects. */
#define EBS_MODEL "Amazon Elastic Block Store"

enum disk_reason disk_never(const struct disk *d)
{
	if (d->use == DISK_ROOT || d->use == DISK_SYSTEM)
		return d->use;
	return strcmp(d->model, EBS_MODEL) == 0 ? DISK_EBS : DISK_NONE;
}

char *disk_never_text(const struct disk *d)
{
	static const char ebs[] = "is an EBS volume, which outlives the node: never used";
	enum disk_reason never = disk_never(d);

	if (never == DISK_EBS)
		return d->use == DISK_UNREADABLE ? mem_format("%s; %s", ebs, d->in_use)
		                                 : mem_dup(ebs);
	return never ? mem_dup(d->in_use) : NULL;
}

/* --- what it holds --------------------------------------------------------------------
 */

/* Whether the superblock, finished or not, has our type and label. */
static bool has_our_label(const struct disk_spec *w, const struct blk *b)
{
	return b->type && strcmp(b->type, w->format) == 0 &&
	       strcmp(b->label, w->label) == 0;
}

/* Not ours if busy without a visible mount: another mount namespace holds it. */
static bool disk_classify_is_owned(const struct disk_spec *w, const struct disk *d,
                                   const struct blk *b)
{
	return b->content == BLK_FILESYSTEM && has_our_label(w, b) &&
	       d->use != DISK_PARTITIONED && d->use != DISK_HELD &&
	       d->use != DISK_UNREADABLE && (!b->busy || d->use == DISK_MOUNTED);
}

/* Findings about a drive that is not ours. */
struct finding {
	const struct disk *d;
	const struct blk *b;
	bool skipped; /* it was not probed */
	int probed;   /* 0 or -errno ... */
	const char *error;
	bool locked; /* by another program */
};

static enum disk_reason disk_classify_reason_of(const struct finding *f)
{
	if (f->b->reason == DISK_SYSTEM)
		return DISK_SYSTEM;
	if (f->d->use)
		return f->d->use;
	if (f->probed < 0)
		return DISK_UNREADABLE;
	if (f->b->busy)
		return DISK_HELD;
	return f->locked ? DISK_LOCKED : f->b->reason;
}

static char *words_of(const struct finding *f)
{
	const char *use = f->d->in_use;

	if (f->probed < 0)
		return mem_format("%s%scannot be read: %s", use ? use : "",
		                  use ? " and " : "", f->error);
	if (use &&
	    (f->d->use <= DISK_PARTITIONED || !f->b->text || f->b->content == BLK_BLANK))
		return mem_dup(use);
	if (!use && f->b->busy)
		use = "is held by another program or mount namespace";
	if (!use && f->locked)
		use = "is locked by another program";
	if (use && f->b->content == BLK_BLANK)
		return mem_dup(use);
	return mem_format("holds %s%s%s", f->b->text, use ? " and " : "", use ? use : "");
}

/* Whether wiping makes the drive usable. A partition in use makes the drive busy. */
static bool can_be_wiped(const struct finding *f, enum disk_reason reason)
{
	if (f->probed < 0 || f->b->busy || f->locked)
		return false;
	return reason == DISK_PARTITIONED || reason >= DISK_MEMBER;
}

static bool is_allowed(const struct host *h, const struct disk *d)
{
	for (const char *const *s = h->may_wipe; s && *s; s++)
		if (disk_is_exactly_in(*s, d))
			return true;
	return false;
}

static void reject(const struct disk_spec *w, const struct host *h,
                   const struct finding *f, struct disk_classified *ret)
{
	const struct disk *d = f->d;

	ret->class = CLASS_REJECTED;
	ret->reason = disk_classify_reason_of(f);
	ret->text = words_of(f);
	ret->maybe_owned = f->skipped || f->probed < 0 || has_our_label(w, f->b);
	if (!disk_is_named_in(w->wipe, d) || !can_be_wiped(f, ret->reason))
		return;
	if (!disk_is_exactly_in(w->wipe, d))
		mem_set(&ret->text,
		        mem_format("%s; several drives have the serial %s: permit wiping "
		                   "it by its own name %s",
		                   ret->text, d->serial, d->exact));
	else if (is_allowed(h, d))
		ret->class = CLASS_WIPE;
	else
		mem_set(&ret->text, mem_format("%s; wiping it also needs --allow-wipe %s",
		                               ret->text, disk_title(d)));
}

/*
 * Whether our mkfs.xfs was interrupted on this drive. No kernel mounts the unfinished
 * file system, so it holds no data and can be formatted again.
 */
static bool is_half_owned(const struct disk_spec *w, const struct finding *f)
{
	return f->b->reason == DISK_UNFINISHED && has_our_label(w, f->b) &&
	       disk_classify_reason_of(f) == DISK_UNFINISHED && !f->locked && !f->b->busy;
}

static int probe(const struct disk_spec *w, const struct host *h, const struct disk *d,
                 bool locked, struct disk_classified *ret, struct err *e)
{
	_blk_ struct blk b = {0};
	bool skip = d->use == DISK_NO_CAPACITY || d->use == DISK_UNREADABLE;
	int r = skip ? 0 : blk_probe(h, d, &b, e);
	struct finding f = {d, &b, skip, r, e->text, b.locked && !locked};

	if (r == -EACCES || r == -EPERM)
		return r;
	if (r == 0 && disk_classify_is_owned(w, d, &b)) {
		ret->class = CLASS_OWNED;
		ret->text = mem_format("%s label %s uuid %s", b.type, b.label, b.uuid);
	} else if (r == 0 && b.content == BLK_BLANK && !d->in_use && !b.busy &&
	           !f.locked) {
		ret->class = CLASS_BLANK;
		ret->text = mem_dup("blank");
	} else if (r == 0 && is_half_owned(w, &f)) {
		ret->class = CLASS_WIPE;
		ret->reason = DISK_UNFINISHED;
		ret->text = mem_dup("holds an unfinished xfs with the configured label");
	} else {
		reject(w, h, &f, ret);
	}
	return 0;
}

int disk_classify(const struct disk_spec *w, const struct host *h, const struct disk *d,
                  bool locked, struct disk_classified *ret, struct err *e)
{
	*ret = (struct disk_classified){.class = CLASS_REJECTED, .reason = disk_never(d)};
	if (!ret->reason)
		return probe(w, h, d, locked, ret, e);
	ret->text = disk_never_text(d);
	return 0;
}

void disk_classified_done(struct disk_classified *l)
{
	free(l->text);
	*l = (struct disk_classified){0};
}
