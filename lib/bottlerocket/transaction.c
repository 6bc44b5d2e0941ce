/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Change settings in one transaction, which is removed after a failure. */
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

/* Limit of transactions to remove; the next boot drops all. */
#define ABANDONED_MAX 16

/* The name of one of our transactions, null-terminated. */
struct tx {
	char name[sizeof(TX_PREFIX) + TX_RANDOM];
};

/*
 * Make a unique name. It is never empty: the server takes `?tx=` to mean all pending
 * transactions, including those of the boot.
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

/* Exactly the names of tx_init(): others may share the prefix. */
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
 * Remove transactions that earlier runs left behind because they were killed. The caller
 * holds the lock of all runs, so nobody needs them. A failure is harmless, because a boot
 * drops them; only an unreachable server is an error.
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
 * Add to `e`, the error of a commit that may have succeeded, what became of it.
 * Return: whether the transaction was certainly not committed.
 */
static bool report_outcome(struct api *a, const struct tx *tx, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/tx", .tx = tx->name};
	_answer_ struct api_answer answer = {0};
	_node_ struct node *pending = NULL;
	struct err other;

	if (api_request_cleanup(a, &call, &answer, &other) < 0 ||
	    api_request_body(&call, &answer, NODE_MAP, &pending, &other) < 0)
		(void)err_hint(e, "unknown whether it was committed: %s", other.text);
	else if (pending->n > 0)
		(void)err_hint(e, "it was not committed");
	else
		(void)err_hint(e, "it was committed: the settings are stored, but may "
		                  "not be in effect");
	return pending && pending->n > 0;
}

/* Whether a commit that failed had no effect. */
enum outcome {
	COMMIT_REJECTED, /* by the server */
	COMMIT_PENDING,  /* the transaction is still there */
	COMMIT_UNKNOWN,  /* it may have been committed, or was */
};

static int commit_once(struct api *a, const struct tx *tx, enum outcome *ret,
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
	*ret = COMMIT_REJECTED;
	/* 4xx: rejected; 5xx: committed if only the applier failed to start */
	if (code < 0 && answer.sent && answer.status / 100 != 4)
		*ret = report_outcome(a, tx, e) ? COMMIT_PENDING : COMMIT_UNKNOWN;
	return code;
}

/*
 * If the server goes away before it reads the request, the transaction stays pending: try
 * once more.
 */
static int commit(struct api *a, const struct tx *tx, bool *ret_maybe, struct err *e)
{
	enum outcome outcome;
	int code = commit_once(a, tx, &outcome, e);

	if (code == -ECONNRESET && outcome == COMMIT_PENDING &&
	    !deadline_expired(a->host->deadline)) {
		*e = (struct err){0};
		code = commit_once(a, tx, &outcome, e);
	}
	*ret_maybe = code < 0 && outcome == COMMIT_UNKNOWN;
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
	/* has the host been locked down since the settings were read? */
	if (answer.status == 500 && api_settings(a, &live, &other) == -ENOKEY)
		code = e->code = -ENOKEY;
	return code;
}

static int check_time(const struct host *h, struct err *e)
{
	return deadline_expired(h->deadline)
	               ? err_set(e, -ETIMEDOUT, "PATCH /settings: %s",
	                         deadline_reason(h->deadline))
	               : 0;
}

int api_begin(struct host *h, struct api *a, struct node **ret, struct err *e)
{
	int code = check_time(h, e);

	a->grace = (struct deadline){0};
	if (code == 0)
		code = drop_abandoned(a, e);
	return code < 0 ? code : api_settings(a, ret, e);
}

static int change(struct host *h, struct api *a, const struct node *settings,
                  bool *ret_maybe, struct err *e)
{
	_free_ char *body = node_json_format(settings, false);
	int code = check_time(h, e);
	struct err other;
	bool sent;
	struct tx tx;

	if (code == 0)
		code = tx_init(&tx, e);
	if (code < 0)
		return code;
	code = patch(a, &tx, body, &sent, e);
	if (code == 0)
		code = commit(a, &tx, ret_maybe, e);
	if (code < 0 && sent && api_transaction_drop(a, tx.name, &other) < 0)
		(void)err_hint(e, "transaction %s may remain: %s", tx.name, other.text);
	return code;
}

int api_change(struct host *h, struct api *a, const struct node *settings,
               bool *ret_maybe, struct err *e)
{
	int code;

	*ret_maybe = false;
	if (settings->n == 0)
		return 0;
	a->sending = settings;
	code = change(h, a, settings, ret_maybe, e);
	a->sending = NULL;
	return code;
}
