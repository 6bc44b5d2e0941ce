/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/disk_choice.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- all drives -----------------------------------------------------------------------
 */

static void note_refused(struct disk_survey *s, const struct host_disk *d,
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

/* Why it does not match, with the reason in words. */
static enum disk_reason unmet(const struct disk_wish *w, const struct host_disk *d,
                              char **ret_text)
{
	enum disk_reason never = disk_never(d);

	*ret_text = disk_never_text(d);
	if (never)
		return never;
	*ret_text =
		mem_format("is a \"%s\" of %" PRIu64 " bytes", d->model, d->size_bytes);
	if (strcmp(d->model, w->model) != 0)
		return DISK_OTHER_MODEL;
	return w->serial && !disk_is_named(w, d) ? DISK_OTHER_SERIAL : DISK_TOO_SMALL;
}

static void take(struct disk_survey *s, size_t *cap, const struct host_disk *d,
                 struct disk_look *look)
{
	s->list = mem_grow(s->list, cap, s->n, sizeof(*s->list));
	s->list[s->n++] = (struct disk_found){d, *look};
	if (look->class == CLASS_REJECTED)
		note_refused(s, d, look->reason, look->text);
}

static void leave(struct disk_survey *s, const struct disk_wish *w,
                  const struct host_disk *d, size_t *cap, struct buf *others)
{
	_free_ char *name = mem_format("%s %s", d->name, d->model);
	struct disk_look look = {.class = CLASS_REJECTED};

	look.reason = unmet(w, d, &look.text);
	if (w->serial && disk_is_named(w, d)) {
		/* named, and yet not meant: more likely a mistake than absent */
		take(s, cap, d, &look);
		return;
	}
	note_refused(s, d, look.reason, look.text);
	buf_join(others, ", ", name);
	disk_look_done(&look);
}

int disk_survey(const struct disk_wish *w, const struct host *h, struct disk_survey *ret,
                struct err *e)
{
	_buf_ struct buf others = {0};
	size_t cap = 0;
	int r;

	*ret = (struct disk_survey){.refused = node_new(NODE_LIST)};
	r = host_disks_read(h, &ret->disks, e);
	for (size_t i = 0; r == 0 && i < ret->disks.n; i++) {
		const struct host_disk *d = &ret->disks.list[i];
		struct disk_look look;

		if (d->array)
			continue;
		if (!disk_matches(w, d)) {
			leave(ret, w, d, &cap, &others);
			continue;
		}
		r = disk_look(w, h, d, false, &look, e);
		if (r == 0)
			take(ret, &cap, d, &look);
	}
	ret->others = buf_take(&others);
	return r;
}

void disk_survey_done(struct disk_survey *s)
{
	for (size_t i = 0; i < s->n; i++)
		disk_look_done(&s->list[i].look);
	free(s->list);
	free(s->others);
	node_free(s->refused);
	host_disks_done(&s->disks);
	*s = (struct disk_survey){0};
}

char *disk_survey_text(const struct disk_survey *s, enum disk_class class)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < s->n; i++) {
		const struct disk_found *f = &s->list[i];
		_free_ char *text = mem_format(
			"%s %s: %s%s%s%s", f->disk->name, f->disk->serial, f->look.text,
			f->look.reason ? " (" : "", disk_reason_word(f->look.reason),
			f->look.reason ? ")" : "");

		if (f->look.class == class)
			buf_join(&b, "; ", text);
	}
	return buf_take(&b);
}

/* --- one of them ----------------------------------------------------------------------
 */

/* What came of looking at all drives. */
struct tally {
	const struct disk_found *ours, *blank; /* the first of each */
	size_t n_ours, n_blank;
	struct buf usable, all_ours;
};

static void tally(const struct disk_survey *s, struct tally *t)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct disk_found *f = &s->list[i];
		_free_ char *name = mem_format("%s %s", f->disk->name, f->disk->serial);

		if (f->look.class == CLASS_REJECTED)
			continue;
		buf_join(&t->usable, ", ", name);
		if (f->look.class == CLASS_OURS) {
			buf_join(&t->all_ours, ", ", name);
			t->ours = t->ours ? t->ours : f;
			t->n_ours++;
		} else {
			t->blank = t->blank ? t->blank : f;
			t->n_blank++;
		}
	}
}

static void choose(struct disk_choice *c, const struct host_disk *d,
                   const struct disk_look *look)
{
	c->outcome = look->class == CLASS_OURS ? DISKS_OURS : DISKS_BLANK;
	c->wipe = look->class == CLASS_WIPE;
	c->found = mem_format("%s%s%s (%" PRIu64 " GB)", d->name, *d->serial ? " " : "",
	                      d->serial, d->size_bytes / 1000000000);
	c->device = mem_dup(d->device);
	c->id = disk_id(d);
	c->content = mem_dup(look->text);
}

static void decide(const struct disk_wish *w, const struct disk_survey *s,
                   struct disk_choice *c)
{
	struct tally t = {0};

	tally(s, &t);
	c->several_ours = t.n_ours > 1;
	if (s->n == 0) {
		c->outcome = DISKS_NONE;
		c->found = mem_dup(s->others);
	} else if (c->several_ours || (!w->count && t.n_ours + t.n_blank > 1)) {
		c->outcome = DISKS_AMBIGUOUS;
		c->found = buf_take(c->several_ours ? &t.all_ours : &t.usable);
	} else if (t.ours || t.blank) {
		const struct disk_found *f = t.ours ? t.ours : t.blank;

		choose(c, f->disk, &f->look);
	} else {
		c->outcome = DISKS_REJECTED;
		c->found = disk_survey_text(s, CLASS_REJECTED);
	}
	buf_done(&t.usable);
	buf_done(&t.all_ours);
}

static int take_device(const struct disk_wish *w, const struct host *h,
                       const char *device, struct disk_choice *ret, struct err *e)
{
	_disks_ struct host_disks disks = {0};
	_look_ struct disk_look look = {0};
	const struct host_disk *d;
	int r = host_disks_read(h, &disks, e);

	if (r < 0)
		return r;
	d = host_disks_find(&disks, device);
	if (!d)
		return err_set(e, -ENODEV, "%s: is not there any more", device);
	r = disk_look(w, h, d, false, &look, e);
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

int disk_choose(const struct disk_wish *w, const struct host *h, const char *device,
                struct disk_choice *ret, struct err *e)
{
	_survey_ struct disk_survey s = {0};
	int r;

	*ret = (struct disk_choice){0};
	if (device)
		return take_device(w, h, device, ret, e);
	r = disk_survey(w, h, &s, e);
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
