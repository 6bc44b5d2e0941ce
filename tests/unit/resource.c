/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource.h"

#include "base/mem.h"
#include "doc/node.h"
#include "test.h"
#include "tmproot.h"

static void free_resource(void *object)
{
	resource_free(object);
}

struct resource *resource_empty(const struct kind *kind)
{
	struct resource *r = keep(mem_new(1, kind->size), free_resource);

	r->kind = kind;
	r->name = mem_dup("data");
	return r;
}

struct resource *resource_new(const struct kind *kind, const char *text,
                              struct diagnostics *diag)
{
	struct diagnostics *own = diag ? diag : new_diagnostics();
	const struct node *n = yaml(text)->items[0];
	struct resource *r = keep(mem_new(1, kind->size), free_resource);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(n->key) : mem_dup(n->key);
	r->spec.at = n->key_at;
	assert_true(kind->parse(r, n, own));
	if (!diag)
		assert_string_equal(diagnostics_text(own), "");
	return r;
}

void resource_observe(struct resource *r)
{
	struct err e = {0};
	int code;

	mem_set(&r->seen.now, NULL);
	change_clear(&r->run.change);
	code = r->kind->observe(r, &tmproot.host, &e);
	r->run.observed = true;
	if (code < 0)
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_READABLE, "%s",
		           e.text);
	else
		r->kind->diff(r, &r->run.change);
}

const char *resource_reported(struct resource *r)
{
	const struct change *c = &r->run.change;

	resource_observe(r);
	return keep_text(mem_format(
		"%s %s now=%s: %s", state_word(c->state), reason_word(c->reason),
		r->seen.now ? r->seen.now : "NULL", c->message ? c->message : ""));
}

int resource_apply(struct resource *r, enum reason *ret_reason, struct err *e)
{
	enum reason reason = REASON_FAILED;
	int code;

	mem_set(&r->seen.had, mem_dup(r->seen.now));
	*e = (struct err){0};
	code = r->kind->apply(r, &tmproot.host, &reason, e);
	if (code == 0 && r->kind->finish)
		code = r->kind->finish(r, &tmproot.host, &reason, e);
	if (ret_reason)
		*ret_reason = reason;
	return code;
}
