/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/send.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/api.h"
#include "bottlerocket/applier.h"
#include "doc/node.h"
#include "engine/persist/persist.h"

#include <errno.h>

/*
 * Map an error of the API. -EREMOTEIO and -EBADMSG are answers of the server, -ESTALE is
 * of check_unchanged().
 */
static enum persist_state state_of(int code)
{
	switch (code) {
	case -ENOKEY: return PERSIST_LOCKED;
	case -EREMOTEIO:
	case -EBADMSG:
	case -ESTALE: return PERSIST_REFUSED;
	default: return PERSIST_UNREACHABLE; /* its socket existed before */
	}
}

static void fail_tree(struct sending *x, const struct node *tree, const struct err *e)
{
	x->code = e->code;
	persist_fail(x->s, state_of(e->code), e->text);
	node_for_each (top, tree)
		node_set_text(x->refused, top->key, e->text);
}

/* Send one tree in one transaction, and record what became of it. */
static void send_tree(struct sending *x, const struct node *tree)
{
	struct err e = {0};
	bool maybe = false;
	int code = api_change(x->h, x->s->api, tree, &maybe, &e);

	x->stored |= code == 0;
	x->maybe |= maybe;
	if (code < 0)
		fail_tree(x, tree, &e);
}

/* "settings.motd: PATCH /settings: 400: no; ...; the others are stored" */
static void report_refused(struct sending *x)
{
	_buf_ struct buf b = {0};

	node_for_each (top, x->refused) {
		_free_ char *text = mem_format("settings.%s: %s", top->key, top->text);

		buf_join(&b, "; ", text);
	}
	if (b.len == 0)
		return;
	buf_add(&b, x->stored ? "; the other settings are stored" : "");
	persist_fail(x->s, x->s->state, b.text);
}

static bool is_same_tree(const struct node *a, const struct node *b)
{
	return a == b || (a && b && node_equal(a, b));
}

/*
 * Refusals and commits take time. Whether the subtree is still as it was when the change
 * was made of it: else the change would undo what another process stored.
 */
static int check_unchanged(const struct sending *x, const char *top, struct err *e)
{
	_node_ struct node *now = NULL;
	int code = api_begin(x->h, x->s->api, &now, e);

	if (code == 0 && !is_same_tree(node_get(now, top), node_get(x->s->live, top)))
		code = err_set(e, -ESTALE, "another process changed it meanwhile");
	return code;
}

static void send_each(struct sending *x, const struct node *change)
{
	for (size_t i = 0; i < change->n; i++) {
		const struct node *top = change->items[i];
		_node_ struct node *one = node_new(NODE_MAP);
		struct err e = {0};

		node_set(one, top->key, node_copy(top));
		/* if the server is gone, the rest fails like this one */
		if (x->code < 0 && state_of(x->code) != PERSIST_REFUSED)
			node_set_text(x->refused, top->key, x->s->message);
		else if (check_unchanged(x, top->key, &e) < 0)
			fail_tree(x, one, &e);
		else
			send_tree(x, one);
	}
	report_refused(x);
}

/* Forget that the API refused the whole. */
static void start_anew(struct sending *x)
{
	node_free(x->refused);
	x->refused = node_new(NODE_MAP);
	x->code = 0;
	x->s->state = PERSIST_OK;
	mem_set(&x->s->message, NULL);
}

/* Read the settings again if they may have changed. */
static void read_back(struct sending *x)
{
	struct err e = {0};

	if (!x->stored && !x->maybe)
		return;
	node_free(TAKE_PTR(x->s->live));
	/* the first failure explains the others */
	if (api_settings(x->s->api, &x->s->live, &e) < 0 && x->s->state == PERSIST_OK)
		persist_fail(x->s, PERSIST_UNREACHABLE, e.text);
}

int sending_begin(struct sending *x)
{
	struct err e = {0};
	int code;

	node_free(TAKE_PTR(x->refused));
	node_free(TAKE_PTR(x->s->live));
	code = api_begin(x->h, x->s->api, &x->s->live, &e);
	if (code == 0)
		return 0;
	persist_fail(x->s, code == -ENOKEY ? PERSIST_LOCKED : PERSIST_UNREACHABLE,
	             e.text);
	return x->code = code;
}

void sending_run(struct sending *x, const struct node *change)
{
	x->refused = node_new(NODE_MAP);
	send_tree(x, change);
	/* a transaction that may have been committed is not sent again */
	if (x->code < 0 && state_of(x->code) == PERSIST_REFUSED && !x->maybe &&
	    change->n > 1 && x->separately) {
		start_anew(x);
		send_each(x, change);
	}
	read_back(x);
}

const char *sending_why(const struct sending *x, const char *top)
{
	const struct node *why = x->refused ? node_get(x->refused, top) : NULL;

	/* nothing was sent */
	if (x->code < 0 && !x->refused)
		return x->s->message;
	return why ? why->text : NULL;
}

bool sending_wakes_applier(const struct sending *x, const struct node *change)
{
	return x->stored && applier_concerns(change) && !sending_why(x, "kernel");
}

void sending_done(struct sending *x)
{
	node_free(x->refused);
	*x = (struct sending){0};
}
