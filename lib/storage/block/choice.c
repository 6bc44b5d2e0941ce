/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/choice.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "storage/block/candidates.h"
#include "storage/block/identity.h"
#include "storage/block/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* Summary of all drives. */
struct tally {
	const struct disk_candidate *owned, *blank; /* the first of each */
	size_t n_owned, n_blank;
	bool maybe_owned; /* a rejected drive may be the one with our label */
	struct buf usable, all_owned;
};

static void tally(const struct disk_candidates *s, struct tally *t)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct disk_candidate *f = &s->list[i];
		_free_ char *name =
			mem_format("%s %s", f->disk->name, disk_title(f->disk));

		if (f->classified.class == CLASS_REJECTED) {
			t->maybe_owned |= f->classified.maybe_owned;
			continue;
		}
		buf_join(&t->usable, ", ", name);
		if (f->classified.class == CLASS_OWNED) {
			buf_join(&t->all_owned, ", ", name);
			t->owned = t->owned ? t->owned : f;
			t->n_owned++;
		} else {
			t->blank = t->blank ? t->blank : f;
			t->n_blank++;
		}
	}
}

static void choose(struct disk_choice *c, const struct disk *d,
                   const struct disk_classified *look)
{
	c->outcome = look->class == CLASS_OWNED ? DISKS_OWNED : DISKS_BLANK;
	c->wipe = look->class == CLASS_WIPE;
	c->found =
		mem_format("%s%s%s (%" PRIu64 " GB)", d->name, *disk_title(d) ? " " : "",
	                   disk_title(d), d->size_bytes / 1000000000);
	c->device = mem_dup(d->device);
	c->id = disk_id(d);
	c->content = mem_dup(look->text);
}

/*
 * A drive that has our label but cannot be used now, or that may have it, is the one with
 * the data: no other drive is formatted in its place.
 */
static void decide(const struct disk_spec *w, const struct disk_candidates *s,
                   struct disk_choice *c)
{
	struct tally t = {0};

	tally(s, &t);
	c->several_owned = t.n_owned > 1;
	if (s->n == 0) {
		c->outcome = DISKS_NONE;
		c->found = mem_dup(s->others);
	} else if (w->unexpanded && (t.owned || t.blank)) {
		c->outcome = DISKS_REJECTED;
		c->found =
			mem_format("drives were still unknown when the profile was read "
		                   "(%s)",
		                   t.usable.text);
	} else if (c->several_owned || (!w->count && t.n_owned + t.n_blank > 1)) {
		c->outcome = DISKS_AMBIGUOUS;
		c->found = buf_take(c->several_owned ? &t.all_owned : &t.usable);
	} else if (t.owned || (t.blank && !t.maybe_owned)) {
		const struct disk_candidate *f = t.owned ? t.owned : t.blank;

		choose(c, f->disk, &f->classified);
	} else {
		c->outcome = DISKS_REJECTED;
		c->found = disk_candidates_text(s, CLASS_REJECTED);
	}
	buf_done(&t.usable);
	buf_done(&t.all_owned);
}

static int take_device(const struct disk_spec *w, const struct host *h,
                       const char *device, struct disk_choice *ret, struct err *e)
{
	_disks_ struct disks disks = {0};
	_classified_ struct disk_classified look = {0};
	const struct disk *d;
	int r = disks_read(h, &disks, e);

	if (r < 0)
		return r;
	d = disks_find(&disks, device);
	if (!d)
		return err_set(e, -ENODEV, "%s: no longer exists", device);
	r = disk_classify(w, h, d, false, &look, e);
	if (r < 0)
		return r;
	if (look.class != CLASS_REJECTED) {
		choose(ret, d, &look);
		return 0;
	}
	ret->outcome = DISKS_REJECTED;
	ret->found = mem_format("%s%s%s: %s (%s)", d->name, *disk_title(d) ? " " : "",
	                        disk_title(d), look.text, disk_reason_word(look.reason));
	return 0;
}

int disk_choose(const struct disk_spec *w, const struct host *h, const char *device,
                struct disk_choice *ret, struct err *e)
{
	_candidates_ struct disk_candidates s = {0};
	int r;

	*ret = (struct disk_choice){0};
	if (device)
		return take_device(w, h, device, ret, e);
	r = disk_candidates(w, h, &s, e);
	if (r == 0)
		decide(w, &s, ret);
	ret->refused = TAKE_PTR(s.refused);
	return r;
}

void disk_choice_done(struct disk_choice *c)
{
	free(c->found);
	free(c->device);
	free(c->id);
	free(c->content);
	node_free(c->refused);
	*c = (struct disk_choice){0};
}
