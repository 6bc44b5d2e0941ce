/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/lines.h"

#include "base/input.h"
#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A read of /dev/kmsg fails if the record does not fit. */
#define READ_MIN 8192

/* Of /dev/kmsg; of Linux, Documentation/admin-guide/devices.txt. */
#define KMSG_MAJOR 1
#define KMSG_MINOR 11

static bool is_kmsg(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(KMSG_MAJOR, KMSG_MINOR);
}

void lines_begin(struct lines *l, int fd, struct deadline until)
{
	*l = (struct lines){.fd = fd,
	                    .until = until,
	                    .device = is_kmsg(fd),
	                    .buffer = mem_new(1, LINES_BUFFER + 1),
	                    .cut = mem_new(1, LINE_MAX_LEN + 1)};
}

/*
 * Wait for something to read: a pipe can be slow, whether or not its reads block. Return:
 * 1; 0: the device has no more records; -errno.
 */
static int wait_readable(const struct lines *l, struct err *e)
{
	struct pollfd pfd = {.fd = l->fd, .events = POLLIN};
	int r;

	if (!l->device) {
		r = input_wait(l->fd, l->until, e);
		return r < 0 ? r : 1;
	}
	if (deadline_expired(l->until))
		return err_set(e, -ETIME, "%s", deadline_reason(l->until));
	r = poll(&pfd, 1, 0);
	return r < 0 && errno != EINTR ? err_errno(e, errno, "read") : r > 0;
}

/* Read more behind what is in the buffer. Return: 1; 0 at the end; -errno. */
static int fill(struct lines *l, struct err *e)
{
	ssize_t n = 0;
	int r = 0;

	if (l->at_end)
		return 0;
	if (LINES_BUFFER - l->end < READ_MIN) {
		memmove(l->buffer, l->buffer + l->start, l->end - l->start);
		l->end -= l->start;
		l->start = 0;
	}
	do {
		r = wait_readable(l, e);
		/* EPIPE: the kernel overwrote records of /dev/kmsg; the next is read */
		if (r > 0)
			n = read(l->fd, l->buffer + l->end, LINES_BUFFER - l->end);
	} while (r > 0 && n < 0 && (errno == EINTR || errno == EPIPE || errno == EAGAIN));
	if (n > 0)
		l->end += (size_t)n;
	else
		l->at_end = true;
	if (r > 0 && n < 0)
		return err_errno(e, errno, "read");
	return r < 0 ? r : n > 0;
}

/* Skip the rest of a line that is longer than the buffer. */
static int skip_rest(struct lines *l, struct err *e)
{
	char *newline;
	int r = 1;

	while (!(newline = memchr(l->buffer + l->start, '\n', l->end - l->start))) {
		l->start = l->end = 0;
		r = fill(l, e);
		if (r <= 0)
			return r;
	}
	l->start = (size_t)(newline - l->buffer) + 1;
	return 1;
}

/* The line, ended by NUL, without a carriage return. */
static void finish(char *line, size_t len, size_t *ret_len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	for (char *p = line; (p = memchr(p, '\0', len - (size_t)(p - line)));)
		*p = ' ';
	*ret_len = len;
}

int lines_next(struct lines *l, char **ret, size_t *ret_len, struct err *e)
{
	size_t searched = 0, len;
	char *newline;
	int r;

	while (!(newline = memchr(l->buffer + l->start + searched, '\n',
	                          l->end - l->start - searched))) {
		searched = l->end - l->start;
		if (searched >= LINE_MAX_LEN)
			break;
		r = fill(l, e);
		if (r < 0)
			return r;
		if (r == 0)
			break;
	}
	len = newline ? (size_t)(newline - l->buffer) - l->start : l->end - l->start;
	if (!newline && len == 0)
		return 0;
	l->number++;
	*ret = l->buffer + l->start;
	l->start += newline ? len + 1 : len;
	if (!newline && !l->at_end) {
		len = len < LINE_MAX_LEN ? len : LINE_MAX_LEN;
		memcpy(l->cut, *ret, len);
		*ret = l->cut;
		l->skipped++;
		r = skip_rest(l, e);
		if (r < 0)
			return r;
	}
	finish(*ret, len, ret_len);
	return 1;
}

int lines_bytes(struct lines *l, uint64_t n, char **ret, size_t *ret_len, struct err *e)
{
	size_t kept = 0;
	int r = 1;

	while (n > 0) {
		size_t has = l->end - l->start, some, copy;

		if (has == 0) {
			l->start = l->end = 0;
			r = fill(l, e);
			if (r <= 0)
				return r;
			continue;
		}
		some = n < has ? (size_t)n : has;
		copy = some < LINE_MAX_LEN - kept ? some : LINE_MAX_LEN - kept;
		memcpy(l->cut + kept, l->buffer + l->start, copy);
		kept += copy;
		l->start += some;
		n -= some;
	}
	*ret = l->cut;
	l->cut[kept] = '\0';
	*ret_len = kept;
	return 1;
}

int lines_peek(struct lines *l, struct err *e)
{
	int r = l->start < l->end ? 1 : fill(l, e);

	return r > 0 ? (unsigned char)l->buffer[l->start] : r;
}

void lines_done(struct lines *l)
{
	free(l->buffer);
	free(l->cut);
}
