/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "client.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_SECONDS 20

static int write_file(const char *path, const char *text, struct err *e)
{
	FILE *file = fopen(path, "wxe");
	bool written;

	if (!file)
		return err_errno(e, errno, "%s", path);
	written = fputs(text, file) >= 0;
	if (fclose(file) != 0 || !written)
		return err_set(e, -EIO, "%s: write failed", path);
	return 0;
}

static int make_files(struct stub *stub, const char *settings, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	_free_ char *dir =
		mem_format("%s/api-recorded.XXXXXX", tmp && *tmp ? tmp : "/tmp");

	if (!mkdtemp(dir))
		return err_errno(e, errno, "%s", dir);
	stub->dir = TAKE_PTR(dir);
	stub->settings = mem_format("%s/settings.json", stub->dir);
	stub->socket = mem_format("%s/sock", stub->dir);
	return write_file(stub->settings, settings, e);
}

static _noreturn_ void become_stub(const struct stub *stub, const char *program,
                                   const char *version, int output)
{
	/* A comparison that is killed must not leave a stub behind. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && dup2(output, STDOUT_FILENO) >= 0)
		execl(program, program, "--core-kit", version, "--settings",
		      stub->settings, stub->socket, (char *)NULL);
	perror(program);
	_exit(127);
}

/* Wait for the first line of output: from then on the stub serves. */
static int wait_ready(int output, struct err *e)
{
	struct pollfd pollfd = {.fd = output, .events = POLLIN};
	char byte = 0;

	while (byte != '\n') {
		if (poll(&pollfd, 1, TIMEOUT_SECONDS * 1000) <= 0)
			return err_set(e, -ETIMEDOUT, "the stub prints nothing");
		if (read(output, &byte, 1) != 1)
			return err_set(e, -EPIPE, "the stub ended before it served");
	}
	return 0;
}

int stub_start(struct stub *stub, const char *program, const char *version,
               const char *settings, struct err *e)
{
	_close_ int output = -1;
	_close_ int input = -1;
	int ends[2];
	int r;

	*stub = (struct stub){0};
	r = make_files(stub, settings, e);
	if (r < 0)
		return r;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(e, errno, "pipe");
	output = ends[0];
	input = ends[1];
	stub->pid = fork();
	if (stub->pid < 0)
		return err_errno(e, errno, "fork");
	if (stub->pid == 0)
		become_stub(stub, program, version, input);
	/* Only the stub may hold this end, so that its end is seen. */
	fd_closep(&input);
	input = -1;
	return wait_ready(output, e);
}

void stub_stop(struct stub *stub)
{
	if (stub->pid > 0) {
		(void)kill(stub->pid, SIGTERM);
		(void)waitpid(stub->pid, NULL, 0);
	}
	if (stub->dir) {
		(void)unlink(stub->settings);
		(void)unlink(stub->socket);
		(void)rmdir(stub->dir);
	}
	free(stub->dir);
	free(stub->settings);
	free(stub->socket);
	*stub = (struct stub){0};
}

/* Return: a descriptor, or -errno. */
static int connect_to(const char *path, struct err *e)
{
	const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(e, -ENAMETOOLONG, "%s: path too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path));
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_errno(e, errno, "%s", path);
	return TAKE_FD(fd);
}

/* Send all of a text, and read until the other side closes. */
static int exchange(int fd, const struct buf *request, struct buf *answer, struct err *e)
{
	char data[65536];
	ssize_t n;

	for (size_t sent = 0; sent < request->len; sent += (size_t)n) {
		n = send(fd, request->text + sent, request->len - sent, MSG_NOSIGNAL);
		if (n < 0)
			return err_errno(e, errno, "send");
	}
	while ((n = recv(fd, data, sizeof(data), 0)) > 0)
		buf_add_n(answer, data, (size_t)n);
	return n < 0 ? err_errno(e, errno, "receive") : 0;
}

/* Return: the value of a header, owned by the caller, or NULL. `head` ends with CRLF. */
static char *header(const char *head, const char *name)
{
	const size_t len = strlen(name);

	for (const char *line = head; *line; line = strstr(line, "\r\n") + 2) {
		const char *value = line + len + 1;

		if (strncasecmp(line, name, len) != 0 || line[len] != ':')
			continue;
		value += strspn(value, " ");
		return mem_dup_n(value, strcspn(value, "\r"));
	}
	return NULL;
}

/* The head says how long the body is; a 204 has none, even if one follows. */
static int read_body(const char *head, const char *rest, struct reply *ret, struct err *e)
{
	_free_ char *length = header(head, "content-length");
	uint64_t expected;

	if (ret->status == 204) {
		ret->body = mem_dup("");
		return 0;
	}
	if (!length || num_u64(length, &expected) < 0 || expected != strlen(rest))
		return err_set(e, -EPROTO,
		               "the body has %zu bytes, its Content-Length is %s",
		               strlen(rest), length ? length : "missing");
	ret->body = mem_dup(rest);
	return 0;
}

static int read_answer(const struct buf *answer, struct reply *ret, struct err *e)
{
	static const char start[] = "HTTP/1.1 ";
	const char *text = answer->text ? answer->text : "";
	const char *end = strstr(text, "\r\n\r\n");
	_free_ char *status = NULL;
	_free_ char *head = NULL;
	uint64_t number;

	if (strlen(text) != answer->len)
		return err_set(e, -EPROTO, "the answer contains a NUL byte");
	if (!end || strncmp(text, start, strlen(start)) != 0)
		return err_set(e, -EPROTO, "not an HTTP/1.1 answer: \"%.80s\"", text);
	head = mem_dup_n(text, (size_t)(end - text) + strlen("\r\n"));
	status = mem_dup_n(text + strlen(start), strcspn(text + strlen(start), " \r"));
	if (num_u64(status, &number) < 0 || number > 999)
		return err_set(e, -EPROTO, "not an HTTP status: \"%s\"", status);
	ret->status = (int)number;
	ret->type = header(head, "content-type");
	return read_body(head, end + strlen("\r\n\r\n"), ret, e);
}

int stub_ask(const struct stub *stub, const char *method, const char *target,
             const char *body, struct reply *ret, struct err *e)
{
	const bool may_lack_body =
		strcmp(method, "GET") == 0 || strcmp(method, "DELETE") == 0;
	_close_ int fd = connect_to(stub->socket, e);
	_buf_ struct buf request = {0};
	_buf_ struct buf answer = {0};
	int r;

	*ret = (struct reply){0};
	if (fd < 0)
		return fd;
	buf_addf(&request,
	         "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	         "Content-Type: application/json\r\n",
	         method, target);
	if (*body || !may_lack_body)
		buf_addf(&request, "Content-Length: %zu\r\n", strlen(body));
	buf_addf(&request, "\r\n%s", body);
	r = exchange(fd, &request, &answer, e);
	return r < 0 ? r : read_answer(&answer, ret, e);
}

void reply_done(struct reply *reply)
{
	free(reply->type);
	free(reply->body);
	*reply = (struct reply){0};
}
