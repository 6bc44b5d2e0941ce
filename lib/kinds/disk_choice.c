/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/disk_choice.h"

#include "base/buf.h"
#include "base/mem.h"
#include "host/host_blk.h"
#include "host/host_disk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Network storage that outlives the node: no profile can make it ours. */
#define EBS_MODEL "Amazon Elastic Block Store"

bool disk_matches(const struct disk_wish *w, const struct host_disk *d)
{
	return strcmp(d->model, w->model) == 0 &&
	       (!w->serial || strcmp(d->serial, w->serial) == 0) &&
	       d->size_bytes >= w->min_size;
}

/* Why it can be neither used nor formatted. */
static char *rejection(const struct host_disk *d, const struct host_blk *b, int probed,
                       const struct err *e)
{
	if (d->in_use && (d->divided || b->content == HOST_BLK_BLANK))
		return mem_dup(d->in_use);
	if (probed < 0)
		return mem_format("cannot be read: %s", e->text);
	if (b->content == HOST_BLK_BLANK)
		return mem_dup("is held by another program or mount namespace");
	return mem_format("holds %s%s%s", b->text, d->in_use ? " and " : "",
	                  d->in_use ? d->in_use : "");
}

int disk_classify(const struct disk_wish *w, const struct host *h,
                  const struct host_disk *d, char **ret_text, struct err *e)
{
	_blk_ struct host_blk b = {0};
	int r;

	if (strcmp(d->model, EBS_MODEL) == 0) {
		*ret_text =
			mem_dup("is an EBS volume, which outlives the node: never ours");
		return DISK_REJECTED;
	}
	r = d->divided ? 0 : host_blk_probe(h, d, &b, e);
	if (r == -EACCES || r == -EPERM)
		return r;
	if (r == 0 && b.content == HOST_BLK_FILESYSTEM &&
	    strcmp(b.type, w->format) == 0 && strcmp(b.label, w->label) == 0) {
		*ret_text = mem_format("%s label %s uuid %s", b.type, b.label, b.uuid);
		return DISK_OURS;
	}
	if (r == 0 && b.content == HOST_BLK_BLANK && !d->in_use && !b.busy) {
		*ret_text = mem_dup("blank");
		return DISK_BLANK;
	}
	*ret_text = rejection(d, &b, r, e);
	return DISK_REJECTED;
}

/* What came of looking at all drives. */
struct survey {
	const struct host_disk *ours, *blank; /* the first of each */
	char *content;                        /* of the first of ours */
	size_t n_ours, n_blank, n_matching;
	struct buf usable, all_ours, rejected, others;
};

static void survey_done(struct survey *s)
{
	free(s->content);
	buf_done(&s->usable);
	buf_done(&s->all_ours);
	buf_done(&s->rejected);
	buf_done(&s->others);
}

static void note(struct survey *s, const struct host_disk *d, int class, const char *text)
{
	_free_ char *name = mem_format("%s %s", d->name, d->serial);
	_free_ char *rejected = mem_format("%s: %s", name, text);

	s->n_matching++;
	if (class == DISK_REJECTED) {
		buf_join(&s->rejected, "; ", rejected);
		return;
	}
	buf_join(&s->usable, ", ", name);
	if (class == DISK_BLANK && s->n_blank++ == 0)
		s->blank = d;
	if (class != DISK_OURS)
		return;
	buf_join(&s->all_ours, ", ", name);
	if (s->n_ours++ == 0) {
		s->ours = d;
		s->content = mem_dup(text);
	}
}

static int survey(const struct disk_wish *w, const struct host *h,
                  const struct host_disks *disks, struct survey *s, struct err *e)
{
	for (size_t i = 0; i < disks->n; i++) {
		const struct host_disk *d = &disks->list[i];
		_free_ char *text = NULL;
		int class;

		if (disk_matches(w, d)) {
			class = disk_classify(w, h, d, &text, e);
		} else if (w->serial && strcmp(d->serial, w->serial) == 0) {
			/* named, and yet not meant: more likely a mistake than absent */
			class = DISK_REJECTED;
			text = mem_format("is a \"%s\" of %" PRIu64 " bytes", d->model,
			                  d->size_bytes);
		} else {
			text = mem_format("%s %s", d->name, d->model);
			buf_join(&s->others, ", ", text);
			continue;
		}
		if (class < 0)
			return class;
		note(s, d, class, text);
	}
	return 0;
}

static void choose(struct disk_choice *c, enum disk_outcome outcome,
                   const struct host_disk *d, const char *content)
{
	c->outcome = outcome;
	c->found = mem_format("%s %s (%" PRIu64 " GB)", d->name, d->serial,
	                      d->size_bytes / 1000000000);
	c->device = mem_dup(d->device);
	c->serial = mem_dup(d->serial);
	c->content = mem_dup(content);
}

static void decide(const struct disk_wish *w, struct survey *s, struct disk_choice *c)
{
	c->several_ours = s->n_ours > 1;
	if (s->n_matching == 0) {
		c->outcome = DISKS_NONE;
		c->found = buf_take(&s->others);
	} else if (c->several_ours || (!w->count && s->n_ours + s->n_blank > 1)) {
		c->outcome = DISKS_AMBIGUOUS;
		c->found = buf_take(c->several_ours ? &s->all_ours : &s->usable);
	} else if (s->ours) {
		choose(c, DISKS_OURS, s->ours, s->content);
	} else if (s->blank) {
		choose(c, DISKS_BLANK, s->blank, "blank");
	} else {
		c->outcome = DISKS_REJECTED;
		c->found = buf_take(&s->rejected);
	}
}

int disk_choose(const struct disk_wish *w, const struct host *h, struct disk_choice *ret,
                struct err *e)
{
	_disks_ struct host_disks disks = {0};
	_cleanup_(survey_done) struct survey s = {0};
	int r = host_disks_read(h, &disks, e);

	*ret = (struct disk_choice){0};
	if (r == 0)
		r = survey(w, h, &disks, &s, e);
	if (r == 0)
		decide(w, &s, ret);
	return r;
}

void disk_choice_done(struct disk_choice *c)
{
	free(c->found);
	free(c->device);
	free(c->serial);
	free(c->content);
	*c = (struct disk_choice){0};
}
