/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A server that is not there, or comes back; what other runs left; signals. */
#include "base/mem.h"
#include "base/stop.h"
#include "doc/node.h"
#include "exchange.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

static void test_stored(void **state)
{
	const struct exchange x = {.change = CHANGE};
	_node_ struct node *live = NULL;
	const char *stub = exchange_find_stub();
	struct err e;

	(void)state;
	if (!stub)
		skip();
	exchange_start_stub(stub, &x);
	assert_int_equal(exchange_run(&x, &e), 0);
	assert_int_equal(api_settings(exchange_world.api, &live, &e), 0);
	assert_string_equal(node_get(live, "motd")->text, "hello");
	assert_non_null(node_get(live, "kubernetes"));
}

static void test_no_socket(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(api_open(&exchange_world.host, &exchange_world.api, &e),
	                 -ENOENT);
	assert_part(e.text, exchange_world.socket);
	mem_set(&exchange_world.host.api_socket, NULL);
	assert_int_equal(api_open(&exchange_world.host, &exchange_world.api, &e),
	                 -ENOENT);
}

static void test_regular_file(void **state)
{
	_close_ int fd =
		open(exchange_world.socket, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	struct err e;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(api_open(&exchange_world.host, &exchange_world.api, &e),
	                 -ENOENT);
	assert_part(e.text, "is not a socket");
}

/* A socket without a listener, like one whose server has exited. */
static void bind_socket(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	exchange_world.bound = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)stpncpy(at.sun_path, exchange_world.socket, sizeof(at.sun_path) - 1);
	assert_int_equal(
		bind(exchange_world.bound, (const struct sockaddr *)&at, sizeof(at)), 0);
}

static void test_refused(void **state)
{
	const struct exchange read = {.change = NULL}, change = {.change = CHANGE};
	struct err e;

	(void)state;
	bind_socket();
	exchange_world.host.deadline.at_ms = clock_ms() + 500;
	assert_int_equal(exchange_run(&read, &e), -ECONNREFUSED);
	assert_part(e.text, "GET /settings: connect to ");
	assert_part(e.text, "Connection refused (the server is down");
	api_free(TAKE_PTR(exchange_world.api));
	exchange_world.host.deadline.at_ms = clock_ms() + 500;
	assert_int_equal(exchange_run(&change, &e), -ECONNREFUSED);
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
	const char *stub = exchange_find_stub();
	_free_ char *log = NULL;
	struct err e;

	(void)state;
	if (!stub)
		skip();
	exchange_start_stub(stub, &x);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		exchange_leave(names[i]);
	assert_int_equal(exchange_run(&x, &e), 0);
	log = exchange_plain_log();
	assert_non_null(strstr(log, "DELETE /tx?tx=hosttune-ABCDEFGHabcdef01 200"));
	assert_non_null(strstr(log, "DELETE /tx?tx=hosttune-0000000000000000 200"));
	assert_int_equal(count_of(log, "DELETE "), 2);
}

static void test_restart(void **state)
{
	const struct exchange x = {.change = NULL};
	const char *stub = exchange_find_stub();
	struct err e;

	(void)state;
	if (!stub)
		skip();
	bind_socket();
	exchange_world.stub = fork();
	if (exchange_world.stub == 0) {
		(void)usleep(400000);
		exchange_exec_stub(stub, &x, open("/dev/null", O_WRONLY | O_CLOEXEC));
	}
	assert_int_equal(exchange_run(&x, &e), 0);
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
	const char *stub = exchange_find_stub();

	(void)state;
	if (!stub)
		skip();
	(void)signal(SIGALRM, on_alarm);
	for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
		int64_t start = clock_ms();
		_free_ char *log = NULL;
		struct err e;

		exchange_start_stub(stub, &list[i]);
		exchange_world.host.deadline = (struct deadline){.until_signal = true};
		assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
		assert_int_equal(exchange_run(&list[i], &e), -ETIMEDOUT);
		assert_part(e.text, "ended by SIGTERM");
		assert_true(clock_ms() - start < 10000);
		log = exchange_plain_log();
		assert_int_equal(count_of(log, "DELETE /tx"), i);
		stop_note(0);
		(void)exchange_teardown(NULL);
		(void)exchange_setup(NULL);
	}
}

int main(void)
{
	static struct suite s;

	/* the environment must have no influence */
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	suite_fixture(exchange_setup, exchange_teardown);
	suite_test(&s, "a change is stored", test_stored);
	suite_test(&s, "no socket", test_no_socket);
	suite_test(&s, "a regular file for a socket", test_regular_file);
	suite_test(&s, "leftovers of earlier runs are removed", test_abandoned);
	suite_test(&s, "connection refused", test_refused);
	suite_test(&s, "the server comes back", test_restart);
	suite_test(&s, "a signal", test_signal);
	return suite_run(&s);
}
