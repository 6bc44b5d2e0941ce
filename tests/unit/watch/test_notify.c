/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "test.h"
#include "tmproot.h"
#include "watch/notify.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listener = -1;

static int teardown(void **state)
{
	if (listener >= 0)
		(void)close(listener);
	listener = -1;
	return tmproot_teardown(state);
}

/* `abstract`: a name outside any directory. */
static const char *listen_on(bool abstract)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char *path = keep_text(
		mem_format("%s%s/notify", abstract ? "@" : "", tmproot.outside));
	size_t len = strlen(path);

	memcpy(at.sun_path, path, len);
	if (abstract)
		at.sun_path[0] = '\0';
	listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&at,
	                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
	                 0);
	return path;
}

static const char *received(void)
{
	char text[256] = "";

	(void)!recv(listener, text, sizeof(text) - 1, 0);
	return keep_text(mem_dup(text));
}

static void test_send(void **state)
{
	struct notify n;
	struct err e = {0};

	for (int abstract = 0; abstract < 2; abstract++) {
		assert_int_equal(notify_open(&n, listen_on(abstract), &e), 0);
		notify_send(&n, "READY=1");
		assert_string_equal(received(), "READY=1");
		notify_reloading(&n);
		assert_part(received(), "RELOADING=1\nMONOTONIC_USEC=");
		(void)close(listener);
		listener = -1;
		/* the listener is gone: no error, and no signal */
		notify_send(&n, "STOPPING=1");
		notify_close(&n);
	}
	(void)state;
}

static void test_nobody(void **state)
{
	struct notify n;
	struct err e = {0};

	(void)state;
	assert_int_equal(notify_open(&n, NULL, &e), 0);
	notify_send(&n, "READY=1");
	notify_reloading(&n);
	notify_close(&n);
	assert_int_equal(notify_open(&n, "relative", &e), -EINVAL);
	assert_part(e.text, "NOTIFY_SOCKET \"relative\"");
	assert_int_equal(notify_open(&n, "/nowhere/notify", &e), -ENOENT);
	assert_int_equal(n.fd, -1);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, teardown);
	suite_test(&s, "messages arrive", test_send);
	suite_test(&s, "no service manager", test_nobody);
	return suite_run(&s);
}
