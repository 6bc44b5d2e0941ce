/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "exchange.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/open.h"
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct exchange_world exchange_world;

/* Find the stub. If it is not built, print a message and return NULL. */
const char *exchange_find_stub(void)
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

void exchange_exec_stub(const char *stub, const struct exchange *x, int out)
{
	const char *argv[10] = {"api-stub", "--log", exchange_world.log};
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
	argv[n] = exchange_world.socket;
	(void)execv(stub, (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Start the stub and wait until it reports that it is ready. */
void exchange_start_stub(const char *stub, const struct exchange *x)
{
	char byte = 0;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	exchange_world.stub = fork();
	if (exchange_world.stub == 0)
		exchange_exec_stub(stub, x, ends[1]);
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
}

int exchange_setup(void **state)
{
	struct err e;

	(void)state;
	exchange_world =
		(struct exchange_world){.dir = "/tmp/test_host_api.XXXXXX", .bound = -1};
	assert_non_null(mkdtemp(exchange_world.dir));
	(void)snprintf(exchange_world.socket, sizeof(exchange_world.socket),
	               "%s/api.sock", exchange_world.dir);
	(void)snprintf(exchange_world.log, sizeof(exchange_world.log), "%s/log",
	               exchange_world.dir);
	assert_int_equal(host_open(&exchange_world.host, "/", &e), 0);
	exchange_world.host.api_socket = mem_dup(exchange_world.socket);
	return 0;
}

int exchange_teardown(void **state)
{
	(void)state;
	if (exchange_world.stub > 0) {
		(void)kill(exchange_world.stub, SIGTERM);
		(void)waitpid(exchange_world.stub, NULL, 0);
	}
	fd_closep(&exchange_world.bound);
	api_free(exchange_world.api);
	node_free(exchange_world.tree);
	host_close(&exchange_world.host);
	(void)unlink(exchange_world.socket);
	(void)unlink(exchange_world.log);
	(void)rmdir(exchange_world.dir);
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

char *exchange_log(void)
{
	_buf_ struct buf b = {0};
	FILE *log = fopen(exchange_world.log, "re");
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
void exchange_assert_done(void)
{
	static const char ask[] = "GET /tx/list HTTP/1.1\r\nHost: a\r\n"
				  "Connection: close\r\n\r\n";
	_close_ int fd = connect_to(exchange_world.socket);
	char answer[4096] = "";
	size_t used = 0;
	ssize_t n;

	assert_int_equal(write(fd, ask, sizeof(ask) - 1), sizeof(ask) - 1);
	while ((n = read(fd, answer + used, sizeof(answer) - 1 - used)) > 0)
		used += (size_t)n;
	assert_non_null(strstr(answer, "\r\n\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n[]");
}

/* Leave a transaction, like a run that was killed. */
void exchange_leave(const char *name)
{
	static const char body[] = "{\"motd\":\"abandoned\"}";
	_free_ char *request =
		mem_format("PATCH /settings?tx=%s HTTP/1.1\r\nHost: a\r\n"
	                   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	                   "Connection: close\r\n\r\n%s",
	                   name, sizeof(body) - 1, body);
	_close_ int fd = connect_to(exchange_world.socket);
	char answer[512] = "";

	assert_int_equal(write(fd, request, strlen(request)), strlen(request));
	assert_true(read(fd, answer, sizeof(answer) - 1) > 0);
	assert_part(answer, " 204 ");
}

char *exchange_plain_log(void)
{
	char text[8192] = "";
	FILE *log = fopen(exchange_world.log, "re");

	assert_non_null(log);
	assert_true(fread(text, 1, sizeof(text) - 1, log) > 0);
	(void)fclose(log);
	return mem_dup(text);
}

int exchange_run(const struct exchange *x, struct err *e)
{
	int code = api_open(&exchange_world.host, &exchange_world.api, e);
	_node_ struct node *live = NULL;
	bool maybe;

	assert_int_equal(code, 0);
	if (!x->change)
		return api_settings(exchange_world.api, &exchange_world.tree, e);
	exchange_world.tree = node_json_parse(x->change, strlen(x->change), e);
	assert_non_null(exchange_world.tree);
	code = api_begin(&exchange_world.host, exchange_world.api, &live, e);
	if (code < 0)
		return code;
	code = api_change(&exchange_world.host, exchange_world.api, exchange_world.tree,
	                  &maybe, e);
	assert_int_equal(maybe, code < 0 && (strstr(e->text, "it was committed") ||
	                                     strstr(e->text, "unknown whether")));
	return code;
}
