/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The client of the Bottlerocket API against the stub server, which is configured to
 * misbehave. Each exchange must end in time, with the expected result, and leave no
 * transaction behind.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/stop.h"
#include "bottlerocket/api.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/open.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define CHANGE \
	"{\"motd\": \"hello\", \"kernel\": {\"sysctl\": {\"vm.max_map_count\": \"9\"}}}"
#define COMMIT "POST /tx/commit_and_apply"

/* Requests as in the stub's log, each followed by ";". Our transaction is named T. */
#define GET_OK    "GET /settings 200;"
#define LIST      "GET /tx/list 200;"
#define PATCH_OK  "PATCH /settings?tx=T 204;"
#define LOOK      "GET /tx?tx=T 200;"
#define DELETE_OK "DELETE /tx?tx=T 200;"
#define COMMIT_AS COMMIT "?tx=T "

/*
 * Allowed beyond the deadline: twice the clean-up's time, plus some for a busy machine.
 */
#define GRACE_MS 8000

static const struct exchange {
	const char *name;
	const char *change; /* JSON to send; NULL: read the settings */
	const char *fault, *other_fault;
	int deadline_ms; /* 0: none */
	int code;
	const char *message, *other_message; /* parts of the error */
	const char *log;
	bool leaves; /* the transaction cannot be removed */
} exchanges[] = {
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
         .log = "GET /settings 423;GET /settings 423;GET /settings 423;"
                "GET /settings 423;"},
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

	{.name = "change", .change = CHANGE, .log = LIST PATCH_OK COMMIT_AS "200;"},
	{.name = "change nothing", .change = "{}", .log = ""},
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
         .log = LIST "PATCH /settings?tx=T 400;" DELETE_OK},
	{.name = "patch: locked down meanwhile",
         .change = CHANGE,
         .fault = "PATCH /settings=status:500:Required key not available",
         .other_fault = "GET /settings=status:500:Required key not available",
         .code = -ENOKEY,
         .message = "PATCH /settings: 500: Required key",
         .log = LIST "PATCH /settings?tx=T 500;GET /settings 500;GET /os 200;" DELETE_OK},
	{.name = "patch: 500 of a host that is not locked down",
         .change = CHANGE,
         .fault = "PATCH /settings=status:500:disk full",
         .code = -EREMOTEIO,
         .message = "PATCH /settings: 500: disk full",
         .log = LIST "PATCH /settings?tx=T 500;" GET_OK DELETE_OK},
	{.name = "patch: the list of transactions is unusable",
         .change = CHANGE,
         .fault = "GET /tx/list#1=badjson",
         .log = LIST PATCH_OK COMMIT_AS "200;"},
	{.name = "patch: 423 once",
         .change = CHANGE,
         .fault = "PATCH /settings#1=status:423:locked",
         .log = LIST "PATCH /settings?tx=T 423;" PATCH_OK COMMIT_AS "200;"},
	{.name = "patch: slow",
         .change = CHANGE,
         .fault = "PATCH /settings=slow:1500",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "PATCH /settings: no complete answer",
         .log = LIST PATCH_OK DELETE_OK},
	{.name = "patch: no answer",
         .change = CHANGE,
         .fault = "PATCH /settings=hang",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .log = LIST "PATCH /settings?tx=T 0;" DELETE_OK},
	{.name = "patch: closed",
         .change = CHANGE,
         .fault = "PATCH /settings=close",
         .code = -ECONNRESET,
         /* sent again on a new connection: a repeated PATCH has the same effect as one */
         .log = LIST PATCH_OK PATCH_OK DELETE_OK},
	{.name = "patch: garbage",
         .change = CHANGE,
         .fault = "PATCH /settings=garbage",
         .code = -EPROTO,
         .log = LIST "PATCH /settings?tx=T 0;" DELETE_OK},
	{.name = "patch: endless",
         .change = CHANGE,
         .fault = "PATCH /settings=endless",
         .code = -EMSGSIZE,
         .log = LIST "PATCH /settings?tx=T 0;" DELETE_OK},

	{.name = "commit: refused",
         .change = CHANGE,
         .fault = COMMIT "=status:422:Tried to commit with no pending changes",
         .code = -EREMOTEIO,
         .message = COMMIT ": 422: Tried to commit",
         .log = LIST PATCH_OK COMMIT_AS "422;" DELETE_OK},
	{.name = "commit: 423 once",
         .change = CHANGE,
         .fault = COMMIT "#1=status:423",
         .log = LIST PATCH_OK COMMIT_AS "423;" COMMIT_AS "200;"},
	{.name = "commit: 500",
         .change = CHANGE,
         .fault = COMMIT "=status:500:Unable to start the applier",
         .code = -EREMOTEIO,
         .message = COMMIT ": 500: Unable to start the applier",
         .other_message = "(it was not committed)",
         .log = LIST PATCH_OK COMMIT_AS "500;" LOOK DELETE_OK},
	{.name = "commit: slow",
         .change = CHANGE,
         .fault = COMMIT "=slow:1500",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was committed: the settings are stored",
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: drip",
         .change = CHANGE,
         .fault = COMMIT "=drip:50",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was committed",
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: no answer",
         .change = CHANGE,
         .fault = COMMIT "=hang",
         .deadline_ms = 500,
         .code = -ETIMEDOUT,
         .message = "(it was not committed)",
         .log = LIST PATCH_OK COMMIT_AS "0;" LOOK DELETE_OK},
	{.name = "commit: closed, and sent once",
         .change = CHANGE,
         .fault = COMMIT "=close",
         .code = -ECONNRESET,
         .message = "(it was committed",
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: not read, and sent once more",
         .change = CHANGE,
         .fault = COMMIT "#1=reset",
         .log = LIST PATCH_OK COMMIT_AS "0;" LOOK COMMIT_AS "200;"},
	{.name = "commit: not read, twice",
         .change = CHANGE,
         .fault = COMMIT "=reset",
         .code = -ECONNRESET,
         .message = "(it was not committed)",
         .log = LIST PATCH_OK COMMIT_AS "0;" LOOK COMMIT_AS "0;" LOOK DELETE_OK},
	{.name = "commit: half an answer",
         .change = CHANGE,
         .fault = COMMIT "=half",
         .code = -ECONNRESET,
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: bad JSON",
         .change = CHANGE,
         .fault = COMMIT "=badjson",
         .code = -EBADMSG,
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: wrong type",
         .change = CHANGE,
         .fault = COMMIT "=wrongtype:{}",
         .code = -EBADMSG,
         .message = COMMIT ": answer: is a mapping, should be a list",
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "commit: huge",
         .change = CHANGE,
         .fault = COMMIT "=huge:5000000",
         .code = -EMSGSIZE,
         .log = LIST PATCH_OK COMMIT_AS "200;" LOOK DELETE_OK},
	{.name = "delete: fails",
         .change = CHANGE,
         .fault = COMMIT "=status:422:no",
         .other_fault = "DELETE /tx=status:500:disk full",
         .code = -EREMOTEIO,
         .message = COMMIT ": 422: no (transaction hosttune-",
         .other_message = "may remain: DELETE /tx: 500: disk full)",
         .log = LIST PATCH_OK COMMIT_AS "422;DELETE /tx?tx=T 500;",
         .leaves = true},
	{.name = "delete: no answer",
         .change = CHANGE,
         .fault = COMMIT "=status:422:no",
         .other_fault = "DELETE /tx=hang",
         .code = -EREMOTEIO,
         .other_message = "DELETE /tx: no complete answer within",
         .leaves = true},
};

/* What a test starts. Its teardown ends it, even if an assertion leaves early. */
static struct world {
	char dir[64], socket[96], log[96];
	pid_t stub;
	int bound; /* a socket without a server */
	struct host host;
	struct api *api;
	struct node *tree;
} world;

static int64_t now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Find the stub. If it is not built, print a message and return NULL. */
static const char *find_stub(void)
{
	static char path[512];
	const char *given = getenv("HOSTTUNE_API_STUB"), *build = getenv("B");

	(void)snprintf(path, sizeof(path), "%s%s",
	               given   ? given
	               : build ? build
	                       : "build",
	               given ? "" : "/api-stub");
	if (access(path, X_OK) == 0)
		return path;
	print_message("skipped: no API stub at %s (make api-stub, or set "
	              "HOSTTUNE_API_STUB)\n",
	              path);
	return NULL;
}

static void exec_stub(const char *stub, const struct exchange *x, int out)
{
	const char *argv[10] = {"api-stub", "--log", world.log};
	size_t n = 3;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(out, STDOUT_FILENO);
	for (size_t i = 0; i < 2; i++) {
		const char *fault = i ? x->other_fault : x->fault;

		if (!fault)
			continue;
		argv[n++] = "--fault";
		argv[n++] = fault;
	}
	argv[n] = world.socket;
	(void)execv(stub, (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Start the stub and wait until it reports that it is ready. */
static void start_stub(const char *stub, const struct exchange *x)
{
	char byte = 0;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	world.stub = fork();
	if (world.stub == 0)
		exec_stub(stub, x, ends[1]);
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
}

static int setup(void **state)
{
	struct err e;

	(void)state;
	world = (struct world){.dir = "/tmp/test_host_api.XXXXXX", .bound = -1};
	assert_non_null(mkdtemp(world.dir));
	(void)snprintf(world.socket, sizeof(world.socket), "%s/api.sock", world.dir);
	(void)snprintf(world.log, sizeof(world.log), "%s/log", world.dir);
	assert_int_equal(host_open(&world.host, "/", &e), 0);
	world.host.api_socket = mem_dup(world.socket);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (world.stub > 0) {
		(void)kill(world.stub, SIGTERM);
		(void)waitpid(world.stub, NULL, 0);
	}
	fd_closep(&world.bound);
	api_free(world.api);
	node_free(world.tree);
	host_close(&world.host);
	(void)unlink(world.socket);
	(void)unlink(world.log);
	(void)rmdir(world.dir);
	return 0;
}

/* --- what the stub saw ------------------------------------------------------------- */

/*
 * "PATCH /settings?tx=T 204;": without the size, and with T for our transaction's name.
 */
static void add_request(struct buf *b, char *line, char *tx)
{
	char *mark = strstr(line, "?tx=hosttune-");

	line[strrchr(line, ' ') - line] = '\0';
	if (mark) {
		char *name = mark + strlen("?tx="), *end = strchr(name, ' ');

		*end = '\0';
		assert_int_equal(strlen(name), strlen("hosttune-") + 16);
		assert_true(!*tx || strcmp(tx, name) == 0);
		(void)stpcpy(tx, name);
		*name = '\0';
		buf_addf(b, "%sT %s;", line, end + 1);
	} else {
		buf_addf(b, "%s;", line);
	}
}

static char *read_log(void)
{
	_buf_ struct buf b = {0};
	FILE *log = fopen(world.log, "re");
	char line[512], tx[512] = "";

	while (log && fgets(line, sizeof(line), log))
		add_request(&b, line, tx);
	if (log)
		(void)fclose(log);
	return buf_take(&b);
}

static int connect_to(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)stpncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* Query the server without the code under test. */
static void assert_nothing_pending(void)
{
	static const char ask[] = "GET /tx/list HTTP/1.1\r\nHost: a\r\n"
				  "Connection: close\r\n\r\n";
	_close_ int fd = connect_to(world.socket);
	char answer[4096] = "";
	size_t used = 0;
	ssize_t n;

	assert_int_equal(write(fd, ask, sizeof(ask) - 1), sizeof(ask) - 1);
	while ((n = read(fd, answer + used, sizeof(answer) - 1 - used)) > 0)
		used += (size_t)n;
	assert_non_null(strstr(answer, "\r\n\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n[]");
}

static void assert_part(const char *text, const char *part)
{
	if (part && !strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* Leave a transaction, like a run that was killed. */
static void leave_transaction(const char *name)
{
	static const char body[] = "{\"motd\":\"abandoned\"}";
	_free_ char *request =
		mem_format("PATCH /settings?tx=%s HTTP/1.1\r\nHost: a\r\n"
	                   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	                   "Connection: close\r\n\r\n%s",
	                   name, sizeof(body) - 1, body);
	_close_ int fd = connect_to(world.socket);
	char answer[512] = "";

	assert_int_equal(write(fd, request, strlen(request)), strlen(request));
	assert_true(read(fd, answer, sizeof(answer) - 1) > 0);
	assert_part(answer, " 204 ");
}

static char *read_plain_log(void)
{
	char text[8192] = "";
	FILE *log = fopen(world.log, "re");

	assert_non_null(log);
	assert_true(fread(text, 1, sizeof(text) - 1, log) > 0);
	(void)fclose(log);
	return mem_dup(text);
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/* --- tests ------------------------------------------------------------------------- */

static int run(const struct exchange *x, struct err *e)
{
	int code = api_open(&world.host, &world.api, e);
	bool maybe;

	assert_int_equal(code, 0);
	if (!x->change)
		return api_settings(world.api, &world.tree, e);
	world.tree = node_json_parse(x->change, strlen(x->change), e);
	assert_non_null(world.tree);
	code = api_change(&world.host, world.api, world.tree, &maybe, e);
	assert_int_equal(maybe, code < 0 && (strstr(e->text, "it was committed") ||
	                                     strstr(e->text, "unknown whether")));
	return code;
}

static void test_exchange(void **state)
{
	const struct exchange *x = *state;
	const char *stub = find_stub();
	int64_t began = now_ms();
	_free_ char *log = NULL;
	struct err e = {0};
	int code;

	if (!stub)
		skip();
	start_stub(stub, x);
	if (x->deadline_ms)
		world.host.deadline.at_ms = now_ms() + x->deadline_ms;
	code = run(x, &e);
	if (code != x->code)
		fail_msg("returned %d, not %d: %s", code, x->code, e.text);
	assert_int_equal(code, e.code);
	assert_part(e.text, x->message);
	assert_part(e.text, x->other_message);
	assert_true(now_ms() - began < x->deadline_ms + GRACE_MS);
	log = read_log();
	if (x->log)
		assert_string_equal(log, x->log);
	if (!x->leaves)
		assert_nothing_pending();
}

static void test_stored(void **state)
{
	const struct exchange x = {.change = CHANGE};
	_node_ struct node *live = NULL;
	const char *stub = find_stub();
	struct err e;

	(void)state;
	if (!stub)
		skip();
	start_stub(stub, &x);
	assert_int_equal(run(&x, &e), 0);
	assert_int_equal(api_settings(world.api, &live, &e), 0);
	assert_string_equal(node_get(live, "motd")->text, "hello");
	assert_non_null(node_get(live, "kubernetes"));
}

static void test_no_socket(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(api_open(&world.host, &world.api, &e), -ENOENT);
	assert_part(e.text, world.socket);
	mem_set(&world.host.api_socket, NULL);
	assert_int_equal(api_open(&world.host, &world.api, &e), -ENOENT);
}

static void test_regular_file(void **state)
{
	_close_ int fd = open(world.socket, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	struct err e;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(api_open(&world.host, &world.api, &e), -ENOENT);
	assert_part(e.text, "is not a socket");
}

/* A socket without a listener, like one whose server has exited. */
static void bind_socket(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	world.bound = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)stpncpy(at.sun_path, world.socket, sizeof(at.sun_path) - 1);
	assert_int_equal(bind(world.bound, (const struct sockaddr *)&at, sizeof(at)), 0);
}

static void test_refused(void **state)
{
	const struct exchange read = {.change = NULL}, change = {.change = CHANGE};
	struct err e;

	(void)state;
	bind_socket();
	world.host.deadline.at_ms = now_ms() + 500;
	assert_int_equal(run(&read, &e), -ECONNREFUSED);
	assert_part(e.text, "GET /settings: connect to ");
	assert_part(e.text, "Connection refused (the server is down");
	api_free(TAKE_PTR(world.api));
	world.host.deadline.at_ms = now_ms() + 500;
	assert_int_equal(run(&change, &e), -ECONNREFUSED);
	assert_part(e.text, "Connection refused");
	/* nothing was sent, so there is nothing to remove */
	assert_null(strstr(e.text, "DELETE"));
}

/* "hosttune-" and 16 letters or digits are our names; similar names are foreign. */
static void test_abandoned(void **state)
{
	static const char *const names[] = {"hosttune-ABCDEFGHabcdef01",
	                                    "hosttune-0000000000000000",
	                                    "hosttune-short",
	                                    "hosttune-ABCDEFGHabcdef-1",
	                                    "hosttune-",
	                                    "default",
	                                    "apiclient-set-ABCDEFGHabcdef01",
	                                    "xhosttune-ABCDEFGHabcdef01"};
	const struct exchange x = {.change = CHANGE};
	const char *stub = find_stub();
	_free_ char *log = NULL;
	struct err e;

	(void)state;
	if (!stub)
		skip();
	start_stub(stub, &x);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		leave_transaction(names[i]);
	assert_int_equal(run(&x, &e), 0);
	log = read_plain_log();
	assert_non_null(strstr(log, "DELETE /tx?tx=hosttune-ABCDEFGHabcdef01 200"));
	assert_non_null(strstr(log, "DELETE /tx?tx=hosttune-0000000000000000 200"));
	assert_int_equal(count_of(log, "DELETE "), 2);
}

static void test_restart(void **state)
{
	const struct exchange x = {.change = NULL};
	const char *stub = find_stub();
	struct err e;

	(void)state;
	if (!stub)
		skip();
	bind_socket();
	world.stub = fork();
	if (world.stub == 0) {
		(void)usleep(400000);
		exec_stub(stub, &x, open("/dev/null", O_WRONLY | O_CLOEXEC));
	}
	assert_int_equal(run(&x, &e), 0);
}

static void on_alarm(int signal)
{
	(void)signal;
	stop_note(SIGTERM);
}

/* A signal ends an exchange, and the transaction is removed nevertheless. */
static void test_signal(void **state)
{
	static const struct exchange list[] = {
		{.fault = "GET /settings=hang"},
		{.change = CHANGE, .fault = "PATCH /settings=hang"}};
	const struct itimerval soon = {.it_value = {.tv_usec = 300000}};
	const char *stub = find_stub();

	(void)state;
	if (!stub)
		skip();
	(void)signal(SIGALRM, on_alarm);
	for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
		int64_t start = now_ms();
		_free_ char *log = NULL;
		struct err e;

		start_stub(stub, &list[i]);
		world.host.deadline = (struct deadline){.until_signal = true};
		assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
		assert_int_equal(run(&list[i], &e), -ETIMEDOUT);
		assert_part(e.text, "ended by SIGTERM");
		assert_true(now_ms() - start < 10000);
		log = read_plain_log();
		assert_int_equal(count_of(log, "DELETE /tx"), i);
		stop_note(0);
		(void)teardown(NULL);
		(void)setup(NULL);
	}
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(exchanges) + 7];
	static const struct {
		const char *name;
		CMUnitTestFunction function;
	} others[] = {
		{"a change is stored", test_stored},
		{"no socket", test_no_socket},
		{"a regular file for a socket", test_regular_file},
		{"leftovers of earlier runs are removed", test_abandoned},
		{"connection refused", test_refused},
		{"the server comes back", test_restart},
		{"a signal", test_signal},
	};
	size_t n = 0;

	/* the environment must have no influence */
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		tests[n++] = (struct CMUnitTest){.name = others[i].name,
		                                 .test_func = others[i].function,
		                                 .setup_func = setup,
		                                 .teardown_func = teardown};
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++)
		tests[n++] = (struct CMUnitTest){
			.name = exchanges[i].name,
			.test_func = test_exchange,
			.setup_func = setup,
			.teardown_func = teardown,
			.initial_state = (void *)(uintptr_t)&exchanges[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
