/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/kind.h"

#include "base/mem.h"
#include "doc/node.h"

#include <stdarg.h>
#include <stdlib.h>

void change_set(struct change *c, enum state state, enum reason reason, const char *fmt,
                ...)
{
	va_list ap;

	change_clear(c);
	c->state = state;
	c->reason = reason;
	va_start(ap, fmt);
	c->message = mem_vformat(fmt, ap);
	va_end(ap);
}

void change_remedy(struct change *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mem_set(&c->remedy, mem_vformat(fmt, ap));
	va_end(ap);
}

void change_clear(struct change *c)
{
	free(c->message);
	free(c->remedy);
	*c = (struct change){0};
}

void change_move(struct change *c, struct change *from)
{
	change_clear(c);
	*c = *from;
	*from = (struct change){0};
}

const char *resource_device(const struct resource *r)
{
	for (const struct resource *on = r->spec.depends_on; on; on = on->spec.depends_on)
		if (on->seen.device)
			return on->seen.device;
	return NULL;
}

const char *resource_takes(const struct resource *r)
{
	for (const struct resource *on = r->spec.depends_on; on; on = on->spec.depends_on)
		if (on->seen.claims)
			return on->seen.claims;
	return NULL;
}

char *resource_words(const struct resource *r)
{
	const struct kind *k = r->kind;

	return k->shape == SECTION_OBJECT ? mem_dup(k->title ? k->title : k->name)
	                                  : mem_format("%s %s", k->name, r->name);
}

void resource_free(struct resource *r)
{
	enum section_shape shape = r->kind->shape;

	if (r->kind->done)
		r->kind->done(r);
	if (r->kind->fields && (shape == SECTION_ITEMS || shape == SECTION_OBJECT))
		fields_done(r->kind->fields, r);
	free(r->name);
	free(r->spec.want);
	free(r->seen.had);
	free(r->seen.at_start);
	free(r->seen.now);
	free(r->seen.device);
	free(r->spec.unique);
	free(r->seen.persisted);
	free(r->seen.claims);
	node_free(r->seen.disks);
	node_free(r->seen.details);
	free(r->run.unselected);
	change_clear(&r->run.change);
	free(r);
}

const char *state_word(enum state s)
{
	static const char *const words[] = {
		[STATE_OK] = "ok",           [STATE_DRIFT] = "drift",
		[STATE_PENDING] = "pending", [STATE_CHANGED] = "changed",
		[STATE_REFUSED] = "refused", [STATE_FAILED] = "failed",
		[STATE_SKIPPED] = "skipped",
	};

	return words[s];
}
