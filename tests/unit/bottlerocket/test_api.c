/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Each exchange with a server that misbehaves must end in time, with the expected result,
 * and leave no transaction behind.
 */
#include "base/mem.h"
#include "exchange.h"
#include "test.h"

#include <errno.h>

#define COMMIT "POST /tx/commit_and_apply"

/* Requests as in the stub's log, each followed by ";". Our transaction is named T. */
#define GET_OK    "GET /settings 200;"
#define BEGIN     "GET /tx/list 200;" GET_OK
#define PATCH_OK  "PATCH /settings?tx=T 204;"
#define LOOK      "GET /tx?tx=T 200;"
#define DELETE_OK "DELETE /tx?tx=T 200;"
#define COMMIT_AS COMMIT "?tx=T "

/*
 * Allowed beyond the deadline: twice the clean-up's time, plus some for a busy machine.
 */
#define GRACE_MS 8000

static const struct exchange exchanges[] = {
	{.name = "read", .log = GET_OK},
	{.name = "read: 423 once",
         .fault = "GET /settings#1=status:423:locked",
         .log = "GET /settings 423;" GET_OK},
	{.name = "read: 503 twice",
         .fault = "GET /settings#1=status:503",
         .other_fault = "GET /settings#2=status:503",
         .log = "GET /settings 503;GET /settings 503;" GET_OK},
	{.name = "read: 423 always",
         .fault = "GET /settings=status:423:locked",
         .deadline_ms = 1000,
         .code = -EREMOTEIO,
         .message = "GET /settings: 423: locked",
         .repeated = "GET /settings 423;"},
	{.name = "read: 404 twice: not ready yet",
         .fault = "GET /settings#1=status:404",
         .other_fault = "GET /settings#2=status:404",
         .log = "GET /settings 404;GET /settings 404;" GET_OK},
	{.name = "read: 500",
         .fault = "GET /settings=status:500:Data store error\nsecond line",
         .other_fault = "GET /os=status:500:broken",
         .code = -EREMOTEIO,
         .message = "GET /settings: 500: Data store error",
         .log = "GET /settings 500;GET /os 500;"},
	{.name = "read: 500 of a host that is locked down",
         .fault = "GET /settings=status:500:Required key not available",
         .code = -ENOKEY,
         .message = "GET /settings: 500: Required key not available (the host is "
                    "locked down",
         .log = "GET /settings 500;GET /os 200;"},
	{.name = "read: error with control characters",
         .fault = "GET /settings=status:403:a\033[31mred\xff",
         .code = -EREMOTEIO,
         .message = "GET /settings: 403: a\\x1b[31mred\\xff"},
	{.name = "read: 204",
         .fault = "GET /settings=status:204",
         .code = -EREMOTEIO,
         .message = "GET /settings: 204"},
	{.name = "read: redirect is not followed",
         .fault = "GET /settings=status:301:gone",
         .code = -EREMOTEIO,
         .log = "GET /settings 301;"},
	{.name = "read: slow",
         .fault = "GET /settings=slow:1500",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "GET /settings: no complete answer within 0.",
         .log = GET_OK},
	{.name = "read: drip",
         .fault = "GET /settings=drip:50",
         .deadline_ms = 500,
         .code = -ETIMEDOUT},
	{.name = "read: no answer",
         .fault = "GET /settings=hang",
         .deadline_ms = 500,
         .code = -ETIMEDOUT},
	{.name = "read: half an answer",
         .fault = "GET /settings=half",
         .code = -ECONNRESET,
         .message =
                 "GET /settings: the connection closed before the answer was complete ("},
	{.name = "read: closed", .fault = "GET /settings=close", .code = -ECONNRESET},
	{.name = "read: garbage", .fault = "GET /settings=garbage", .code = -EPROTO},
	{.name = "read: large", .fault = "GET /settings=huge:1000000"},
	{.name = "read: huge",
         .fault = "GET /settings=huge:5000000",
         .code = -EMSGSIZE,
         .message = "GET /settings: the answer is longer than 1 MiB"},
	{.name = "read: huge in chunks",
         .fault = "GET /settings=huge:5000000:chunked",
         .code = -EMSGSIZE},
	{.name = "read: endless", .fault = "GET /settings=endless", .code = -EMSGSIZE},
	{.name = "read: bad JSON",
         .fault = "GET /settings=badjson",
         .code = -EBADMSG,
         .message = "GET /settings: answer: not JSON"},
	{.name = "read: a number",
         .fault = "GET /settings=wrongtype",
         .code = -EBADMSG,
         .message = "GET /settings: answer: is a single value, should be a mapping"},

	{.name = "change", .change = CHANGE, .log = BEGIN PATCH_OK COMMIT_AS "200;"},
	{.name = "change nothing", .change = "{}", .log = BEGIN},
	{.name = "change: the settings cannot be read any more",
         .change = CHANGE,
         .fault = "GET /settings=status:403:no",
         .code = -EREMOTEIO,
         .message = "GET /settings: 403: no",
         .log = "GET /tx/list 200;GET /settings 403;"},
	{.name = "change: too late",
         .change = CHANGE,
         .deadline_ms = -1,
         .code = -ETIMEDOUT,
         .log = ""},
	{.name = "patch: refused",
         .change = "{\"nonsense\": 1}",
         .code = -EREMOTEIO,
         .message = "PATCH /settings: 400: Json deserialize error: unknown field "
                    "`nonsense`",
         .log = BEGIN "PATCH /settings?tx=T 400;" DELETE_OK},
	{.name = "patch: locked down meanwhile",
         .change = CHANGE,
         .fault = "PATCH /settings=status:500:Required key not available",
         .other_fault = "GET /settings#2=status:500:Required key not available",
         .code = -ENOKEY,
         .message = "PATCH /settings: 500: Required key",
         .log = BEGIN
         "PATCH /settings?tx=T 500;GET /settings 500;GET /os 200;" DELETE_OK},
	{.name = "patch: 500 of a host that is not locked down",
         .change = CHANGE,
         .fault = "PATCH /settings=status:500:disk full",
         .code = -EREMOTEIO,
         .message = "PATCH /settings: 500: disk full",
         .log = BEGIN "PATCH /settings?tx=T 500;" GET_OK DELETE_OK},
	{.name = "patch: the list of transactions is unusable",
         .change = CHANGE,
         .fault = "GET /tx/list#1=badjson",
         .log = BEGIN PATCH_OK COMMIT_AS "200;"},
	{.name = "patch: 423 once",
         .change = CHANGE,
         .fault = "PATCH /settings#1=status:423:locked",
         .log = BEGIN "PATCH /settings?tx=T 423;" PATCH_OK COMMIT_AS "200;"},
	{.name = "patch: slow",
         .change = CHANGE,
         .fault = "PATCH /settings=slow:1500",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "PATCH /settings: no complete answer",
         .log = BEGIN PATCH_OK DELETE_OK},
	{.name = "patch: no answer",
         .change = CHANGE,
         .fault = "PATCH /settings=hang",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .log = BEGIN "PATCH /settings?tx=T 0;" DELETE_OK},
	{.name = "patch: closed",
         .change = CHANGE,
         .fault = "PATCH /settings=close",
         .code = -ECONNRESET,
         /* sent again on a new connection: a repeated PATCH has the same effect as one */
         .log = BEGIN PATCH_OK PATCH_OK DELETE_OK},
	{.name = "patch: garbage",
         .change = CHANGE,
         .fault = "PATCH /settings=garbage",
         .code = -EPROTO,
         .log = BEGIN "PATCH /settings?tx=T 0;" DELETE_OK},
	{.name = "patch: endless",
         .change = CHANGE,
         .fault = "PATCH /settings=endless",
         .code = -EMSGSIZE,
         .log = BEGIN "PATCH /settings?tx=T 0;" DELETE_OK},

	{.name = "commit: refused",
         .change = CHANGE,
         .fault = COMMIT "=status:422:Tried to commit with no pending changes",
         .code = -EREMOTEIO,
         .message = COMMIT ": 422: Tried to commit",
         .log = BEGIN PATCH_OK COMMIT_AS "422;" DELETE_OK},
	{.name = "commit: 423 once",
         .change = CHANGE,
         .fault = COMMIT "#1=status:423",
         .log = BEGIN PATCH_OK COMMIT_AS "423;" COMMIT_AS "200;"},
	{.name = "commit: 500",
         .change = CHANGE,
         .fault = COMMIT "=status:500:Unable to start the applier",
         .code = -EREMOTEIO,
         .message = COMMIT ": 500: Unable to start the applier",
         .other_message = "(it was not committed)",
         .log = BEGIN PATCH_OK COMMIT_AS "500;" LOOK DELETE_OK},
	{.name = "commit: slow",
         .change = CHANGE,
         .fault = COMMIT "=slow:1500",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was committed: the settings are stored",
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: drip",
         .change = CHANGE,
         .fault = COMMIT "=drip:50",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was committed",
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: no answer",
         .change = CHANGE,
         .fault = COMMIT "=hang",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was not committed)",
         .log = BEGIN PATCH_OK COMMIT_AS "0;" LOOK DELETE_OK},
	{.name = "commit: closed, and sent once",
         .change = CHANGE,
         .fault = COMMIT "=close",
         .code = -ECONNRESET,
         .message = "(it was committed",
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: not read, and sent once more",
         .change = CHANGE,
         .fault = COMMIT "#1=reset",
         .log = BEGIN PATCH_OK COMMIT_AS "0;" LOOK COMMIT_AS "200;"},
	{.name = "commit: not read, twice",
         .change = CHANGE,
         .fault = COMMIT "=reset",
         .code = -ECONNRESET,
         .message = "(it was not committed)",
         .log = BEGIN PATCH_OK COMMIT_AS "0;" LOOK COMMIT_AS "0;" LOOK DELETE_OK},
	{.name = "commit: not read, and then not answered in time",
         .change = CHANGE,
         .fault = COMMIT "#1=reset",
         .other_fault = COMMIT "#2=hang",
         .deadline_ms = 5000,
         .code = -ETIMEDOUT,
         .message = "(it was not committed)",
         .log = BEGIN PATCH_OK COMMIT_AS "0;" LOOK COMMIT_AS "0;" LOOK DELETE_OK},
	{.name = "commit: half an answer",
         .change = CHANGE,
         .fault = COMMIT "=half",
         .code = -ECONNRESET,
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: bad JSON",
         .change = CHANGE,
         .fault = COMMIT "=badjson",
         .code = -EBADMSG,
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: wrong type",
         .change = CHANGE,
         .fault = COMMIT "=wrongtype:{}",
         .code = -EBADMSG,
         .message = COMMIT ": answer: is a mapping, should be a list",
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: huge",
         .change = CHANGE,
         .fault = COMMIT "=huge:5000000",
         .code = -EMSGSIZE,
         .log = BEGIN PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "delete: fails",
         .change = CHANGE,
         .fault = COMMIT "=status:422:no",
         .other_fault = "DELETE /tx=status:500:disk full",
         .code = -EREMOTEIO,
         .message = COMMIT ": 422: no (transaction hosttune-",
         .other_message = "may remain: DELETE /tx: 500: disk full)",
         .log = BEGIN PATCH_OK COMMIT_AS "422;DELETE /tx?tx=T 500;",
         .leaves = true},
	{.name = "delete: no answer",
         .change = CHANGE,
         .fault = COMMIT "=status:422:no",
         .other_fault = "DELETE /tx=hang",
         .code = -EREMOTEIO,
         .other_message = "DELETE /tx: no complete answer within",
         .leaves = true},
};

static void assert_repeated(const char *text, const char *part)
{
	size_t n = 0, length = strlen(part);

	while (strncmp(text, part, length) == 0) {
		text += length;
		n++;
	}
	assert_string_equal(text, "");
	assert_true(n >= 2);
}

static void test_exchange(void **state)
{
	const struct exchange *x = *state;
	const char *stub = exchange_find_stub();
	int64_t began = clock_ms();
	_free_ char *log = NULL;
	struct err e = {0};
	int code;

	if (!stub)
		skip();
	exchange_start_stub(stub, x);
	if (x->deadline_ms)
		exchange_world.host.deadline.at_ms = clock_ms() + x->deadline_ms;
	code = exchange_run(x, &e);
	if (code != x->code)
		fail_msg("returned %d, not %d: %s", code, x->code, e.text);
	assert_int_equal(code, e.code);
	if (x->message)
		assert_part(e.text, x->message);
	if (x->other_message)
		assert_part(e.text, x->other_message);
	assert_true(clock_ms() - began < x->deadline_ms + GRACE_MS);
	log = exchange_log();
	if (x->log)
		assert_string_equal(log, x->log);
	if (x->repeated)
		assert_repeated(log, x->repeated);
	if (!x->leaves)
		exchange_assert_done();
}

int main(void)
{
	static struct suite s;

	/* the environment must have no influence */
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	suite_fixture(exchange_setup, exchange_teardown);
	suite_rows(&s, exchanges, test_exchange);
	return suite_run(&s);
}
