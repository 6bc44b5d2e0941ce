/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/kind.h"

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

const char *resource_device(const struct resource *r)
{
	for (const struct resource *on = r->on; on; on = on->on)
		if (on->device)
			return on->device;
	return NULL;
}

const char *resource_takes(const struct resource *r)
{
	for (const struct resource *on = r->on; on; on = on->on)
		if (on->takes)
			return on->takes;
	return NULL;
}

void resource_free(struct resource *r)
{
	enum section_shape shape = r->kind->shape;

	if (r->kind->done)
		r->kind->done(r);
	if (r->kind->fields && (shape == SECTION_ITEMS || shape == SECTION_OBJECT))
		fields_done(r->kind->fields, r);
	free(r->name);
	free(r->want);
	free(r->had);
	free(r->now);
	free(r->device);
	free(r->claim);
	free(r->persisted);
	free(r->takes);
	node_free(r->disks);
	node_free(r->evidence);
	change_clear(&r->change);
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
