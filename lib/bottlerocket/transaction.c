/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A change of settings: one transaction of our own, that is not left behind. */
#include "base/mem.h"
#include "bottlerocket/api.h"
#include "bottlerocket/request.h"
#include "doc/json.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define TX_PREFIX "hosttune-"
#define TX_RANDOM 16
#define LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* Of those that were left behind; a boot drops all. */
#define ABANDONED_MAX 16

/* The name of a transaction of ours, terminated. */
struct tx {
	char name[sizeof(TX_PREFIX) + TX_RANDOM];
};

/*
 * A name that nobody else uses. Never empty: the server takes `?tx=` for all pending
 * transactions, those of the boot included.
 */
static int tx_init(struct tx *tx, struct err *e)
{
	unsigned char random[TX_RANDOM];
	char *p = stpcpy(tx->name, TX_PREFIX);

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return err_errno(e, errno, "random name for a transaction");
	for (size_t i = 0; i < TX_RANDOM; i++)
		*p++ = LETTERS[random[i] % (sizeof(LETTERS) - 1)];
	*p = '\0';
	return 0;
}

/* Exactly as tx_init() makes them: others may begin like that, too. */
static bool api_transaction_is_own(const char *name)
{
	const char *random = name + strlen(TX_PREFIX);

	return strncmp(name, TX_PREFIX, strlen(TX_PREFIX)) == 0 &&
	       strlen(random) == TX_RANDOM && strspn(random, LETTERS) == TX_RANDOM;
}

static int api_transaction_drop(struct api *a, const char *tx, struct err *e)
{
	const struct api_call call = {.method = "DELETE", .path = "/tx", .tx = tx};
	_answer_ struct api_answer answer = {0};

	return api_request_cleanup(a, &call, &answer, e);
}

/*
 * Remove what runs before this one left behind, killed half-way: the caller holds the
 * lock of all runs, so nobody needs them. That this fails is no harm, as a boot drops
 * them, but that the server is not there.
 */
static int drop_abandoned(struct api *a, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/tx/list"};
	_answer_ struct api_answer answer = {0};
	_node_ struct node *names = NULL;
	int code = api_request_cleanup(a, &call, &answer, e);
	struct err ignored;
	size_t n = 0;

	if (code < 0)
		return answer.sent ? 0 : code;
	if (api_request_body(&call, &answer, NODE_LIST, &names, &ignored) < 0)
		return 0;
	node_for_each (name, names)
		if (name->type == NODE_SCALAR && api_transaction_is_own(name->text) &&
		    n++ < ABANDONED_MAX)
			(void)api_transaction_drop(a, name->text, &ignored);
	return 0;
}

/*
 * Add to `e`, a failed commit that may have been taken, what became of it. Return:
 * whether it was certainly not taken.
 */
static bool report_outcome(struct api *a, const struct tx *tx, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/tx", .tx = tx->name};
	_answer_ struct api_answer answer = {0};
	_node_ struct node *pending = NULL;
	struct err other;

	if (api_request_cleanup(a, &call, &answer, &other) < 0 ||
	    api_request_body(&call, &answer, NODE_MAP, &pending, &other) < 0)
		(void)err_hint(e, "whether it was taken is not known: %s", other.text);
	else if (pending->n > 0)
		(void)err_hint(e, "it was not taken");
	else
		(void)err_hint(e, "it was taken: the settings are stored, but may not be "
		                  "in effect");
	return pending && pending->n > 0;
}

static int commit_once(struct api *a, const struct tx *tx, bool *ret_pending,
                       struct err *e)
{
	const struct api_call call = {.method = "POST",
	                              .path = "/tx/commit_and_apply",
	                              .tx = tx->name,
	                              .once = true};
	_answer_ struct api_answer answer = {0};
	_node_ struct node *keys = NULL;
	int code = api_request(a, &call, &answer, e);

	if (code == 0)
		code = api_request_body(&call, &answer, NODE_LIST, &keys, e);
	/* 4xx is a refusal; after a 5xx it is stored if only the applier did not start */
	*ret_pending = code < 0 && answer.sent && answer.status / 100 != 4 &&
	               report_outcome(a, tx, e);
	return code;
}

/* A server that goes away before it reads the request keeps what is pending. */
static int commit(struct api *a, const struct tx *tx, struct err *e)
{
	bool pending;
	int code = commit_once(a, tx, &pending, e);

	if (code == -ECONNRESET && pending) {
		*e = (struct err){0};
		code = commit_once(a, tx, &pending, e);
	}
	return code;
}

static int patch(struct api *a, const struct tx *tx, const char *body, bool *ret_sent,
                 struct err *e)
{
	const struct api_call call = {
		.method = "PATCH", .path = "/settings", .tx = tx->name, .body = body};
	_answer_ struct api_answer answer = {0};
	int code = api_request(a, &call, &answer, e);
	_node_ struct node *live = NULL;
	struct err other;

	*ret_sent = answer.sent;
	/* locked down since the settings were read? */
	if (answer.status == 500 && api_settings(a, &live, &other) == -ENOKEY)
		code = e->code = -ENOKEY;
	return code;
}

int api_change(struct host *h, struct api *a, const struct node *settings, struct err *e)
{
	_free_ char *body = node_json_format(settings, false);
	struct err other;
	bool sent;
	struct tx tx;
	int code;

	if (settings->n == 0)
		return 0;
	if (deadline_expired(h->deadline))
		return err_set(e, -ETIMEDOUT, "PATCH /settings: no time is left");
	code = tx_init(&tx, e);
	if (code < 0)
		return code;
	a->grace = (struct deadline){0};
	code = drop_abandoned(a, e);
	a->grace = (struct deadline){0};
	if (code < 0)
		return code;
	code = patch(a, &tx, body, &sent, e);
	if (code == 0)
		code = commit(a, &tx, e);
	if (code < 0 && sent && api_transaction_drop(a, tx.name, &other) < 0)
		(void)err_hint(e, "and the transaction %s may be left behind: %s",
		               tx.name, other.text);
	return code;
}
