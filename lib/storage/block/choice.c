/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/choice.h"
#include "storage/block/scan.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- all drives -----------------------------------------------------------------------
 */

static void note_refused(struct disk_candidates *s, const struct disk *d,
                         enum disk_reason reason, const char *text)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "device", d->device);
	node_set_text(n, "serial", d->serial);
	node_set_text(n, "model", d->model);
	node_set_text(n, "reason", disk_reason_word(reason));
	node_set_text(n, "message", text);
	node_append(s->refused, n);
}

/* Why the drive does not match. *ret_text is the reason in words, owned by the caller. */
static enum disk_reason unmet(const struct disk_spec *w, const struct disk *d,
                              char **ret_text)
{
	enum disk_reason never = disk_never(d);

	*ret_text = disk_never_text(d);
	if (never)
		return never;
	*ret_text =
		mem_format("is model \"%s\", %" PRIu64 " bytes", d->model, d->size_bytes);
	if (strcmp(d->model, w->model) != 0)
		return DISK_OTHER_MODEL;
	return w->serial && !disk_is_named(w, d) ? DISK_OTHER_SERIAL : DISK_TOO_SMALL;
}

static void disk_choice_take(struct disk_candidates *s, size_t *cap, const struct disk *d,
                             struct disk_classified *look)
{
	s->list = mem_grow(s->list, cap, s->n, sizeof(*s->list));
	s->list[s->n++] = (struct disk_candidate){d, *look};
	if (look->class == CLASS_REJECTED)
		note_refused(s, d, look->reason, look->text);
}

static void leave(struct disk_candidates *s, const struct disk_spec *w,
                  const struct disk *d, size_t *cap, struct buf *others)
{
	_free_ char *name = mem_format("%s %s", d->name, d->model);
	struct disk_classified look = {.class = CLASS_REJECTED};

	look.reason = unmet(w, d, &look.text);
	if (w->serial && disk_is_named(w, d)) {
		/* named by serial but no match: more likely a mistake in the profile */
		disk_choice_take(s, cap, d, &look);
		return;
	}
	note_refused(s, d, look.reason, look.text);
	buf_join(others, ", ", name);
	disk_classified_done(&look);
}

int disk_candidates(const struct disk_spec *w, const struct host *h,
                    struct disk_candidates *ret, struct err *e)
{
	_buf_ struct buf others = {0};
	size_t cap = 0;
	int r;

	*ret = (struct disk_candidates){.refused = node_new(NODE_LIST)};
	r = disks_read(h, &ret->disks, e);
	for (size_t i = 0; r == 0 && i < ret->disks.n; i++) {
		const struct disk *d = &ret->disks.list[i];
		struct disk_classified look;

		if (d->array)
			continue;
		if (!disk_matches(w, d)) {
			leave(ret, w, d, &cap, &others);
			continue;
		}
		r = disk_classify(w, h, d, false, &look, e);
		if (r == 0)
			disk_choice_take(ret, &cap, d, &look);
	}
	ret->others = buf_take(&others);
	return r;
}

void disk_candidates_done(struct disk_candidates *s)
{
	for (size_t i = 0; i < s->n; i++)
		disk_classified_done(&s->list[i].classified);
	free(s->list);
	free(s->others);
	node_free(s->refused);
	disks_done(&s->disks);
	*s = (struct disk_candidates){0};
}

char *disk_candidates_text(const struct disk_candidates *s, enum disk_class class)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < s->n; i++) {
		const struct disk_candidate *f = &s->list[i];
		_free_ char *text =
			mem_format("%s %s: %s%s%s%s", f->disk->name, f->disk->serial,
		                   f->classified.text, f->classified.reason ? " (" : "",
		                   disk_reason_word(f->classified.reason),
		                   f->classified.reason ? ")" : "");

		if (f->classified.class == class)
			buf_join(&b, "; ", text);
	}
	return buf_take(&b);
}

/* --- one of them ----------------------------------------------------------------------
 */

/* Summary of all drives. */
struct tally {
	const struct disk_candidate *owned, *blank; /* the first of each */
	size_t n_owned, n_blank;
	struct buf usable, all_owned;
};

static void tally(const struct disk_candidates *s, struct tally *t)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct disk_candidate *f = &s->list[i];
		_free_ char *name = mem_format("%s %s", f->disk->name, f->disk->serial);

		if (f->classified.class == CLASS_REJECTED)
			continue;
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
	c->found = mem_format("%s%s%s (%" PRIu64 " GB)", d->name, *d->serial ? " " : "",
	                      d->serial, d->size_bytes / 1000000000);
	c->device = mem_dup(d->device);
	c->id = disk_id(d);
	c->content = mem_dup(look->text);
}

static void decide(const struct disk_spec *w, const struct disk_candidates *s,
                   struct disk_choice *c)
{
	struct tally t = {0};

	tally(s, &t);
	c->several_owned = t.n_owned > 1;
	if (s->n == 0) {
		c->outcome = DISKS_NONE;
		c->found = mem_dup(s->others);
	} else if (c->several_owned || (!w->count && t.n_owned + t.n_blank > 1)) {
		c->outcome = DISKS_AMBIGUOUS;
		c->found = buf_take(c->several_owned ? &t.all_owned : &t.usable);
	} else if (t.owned || t.blank) {
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
	ret->found = mem_format("%s%s%s: %s (%s)", d->name, *d->serial ? " " : "",
	                        d->serial, look.text, disk_reason_word(look.reason));
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
