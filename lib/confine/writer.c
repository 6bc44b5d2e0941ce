/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "confine/writer.h"

#include "base/deadline.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/write_all.h"
#include "host/atomic_write.h"
#include "host/process/reap.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* It ends as soon as it reads the end of its requests. */
#define ENDED_MS 5000

static int to_writer = -1;
static pid_t writer_pid;

/* --- messages: texts, each after its length; an answer is an errno and a text ---------
 */

static bool send_number(int fd, uint32_t value)
{
	return write_all(fd, &value, sizeof(value)) == 0;
}

static bool send_text(int fd, const char *text)
{
	size_t len = strlen(text);

	return len <= UINT32_MAX && send_number(fd, (uint32_t)len) &&
	       write_all(fd, text, len) == 0;
}

static bool receive_bytes(int fd, struct buf *ret, size_t len)
{
	_uninitialized_ char chunk[4096];

	while (len > 0) {
		ssize_t n = read(fd, chunk, len < sizeof(chunk) ? len : sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		buf_add_n(ret, chunk, (size_t)n);
		len -= (size_t)n;
	}
	return true;
}

static bool receive_number(int fd, uint32_t *ret)
{
	_buf_ struct buf b = {0};

	if (!receive_bytes(fd, &b, sizeof(*ret)))
		return false;
	memcpy(ret, b.text, sizeof(*ret));
	return true;
}

static bool receive_text(int fd, struct buf *ret)
{
	uint32_t len;

	buf_add(ret, "");
	return receive_number(fd, &len) && receive_bytes(fd, ret, len);
}

/* --- the process that writes ----------------------------------------------------------
 */

static bool is_named(const char *path, const char *const *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(files[i], path) == 0)
			return true;
	return false;
}

/* Serve one request. Return: whether there was one: it is complete, or nothing is done.
 */
static bool serve(int fd, const char *const *files, size_t n)
{
	_buf_ struct buf path = {0}, text = {0};
	struct err e = {0};
	int r;

	if (!receive_text(fd, &path) || !receive_text(fd, &text))
		return false;
	r = is_named(path.text, files, n)
	            ? atomic_write(path.text, text.text, &e)
	            : err_set(&e, -EPERM, "write %s: was not asked for", path.text);
	return send_number(fd, (uint32_t)-r) && send_text(fd, e.text);
}

static _noreturn_ void writer(int fd, const char *const *files, size_t n)
{
	/* of a terminal they reach both: the other one decides what is written */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	while (serve(fd, files, n))
		;
	_exit(0);
}

/* --- the process that asks ------------------------------------------------------------
 */

int writer_start(const char *const *files, size_t n)
{
	int ends[2];
	pid_t pid;

	if (n == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		writer(ends[1], files, n);
	}
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return -1;
	}
	writer_pid = pid;
	to_writer = ends[0];
	return to_writer;
}

int writer_write(const char *path, const char *text, struct err *e)
{
	_buf_ struct buf why = {0};
	uint32_t code;

	if (to_writer < 0)
		return atomic_write(path, text, e);
	if (!send_text(to_writer, path) || !send_text(to_writer, text) ||
	    !receive_number(to_writer, &code) || !receive_text(to_writer, &why))
		return err_set(e, -EIO, "write %s: the process that writes has ended",
		               path);
	return code ? err_set(e, -(int)code, "%s", why.text) : 0;
}

void writer_end(void)
{
	int status;

	if (to_writer < 0)
		return;
	(void)close(to_writer);
	to_writer = -1;
	(void)reap(writer_pid, deadline_in_ms(ENDED_MS), &status);
}
