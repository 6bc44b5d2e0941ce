/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/special.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "collect/add.h"
#include "collect/mounts.h"
#include "collect/rows.h"
#include "host/file.h"
#include "host/host.h"
#include "host/own_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TCP_MAX    (64U << 20)
#define LOG_MAX    (4U << 20)
#define RECORD_MAX 8192
#define NFS_PORT   2049
#define KTHREADD   2
#define OWN_MOUNTS "/proc/self/mountinfo"
#define KERNEL_LOG "/dev/kmsg"

/* --- network --------------------------------------------------------------------------
 */

/* A line of /proc/net/tcp: a listening socket, or a connection of the NFS server. */
static bool counts(const char *line)
{
	unsigned local, state;

	return sscanf(line, " %*u: %*[0-9A-Fa-f]:%4x %*[0-9A-Fa-f]:%*x %2x", &local,
	              &state) == 2 &&
	       (state == TCP_LISTEN || local == NFS_PORT);
}

/* Whom the node talks to is nobody's business: the header, and the lines that count. */
static char *sockets_that_count(char *text)
{
	_buf_ struct buf kept = {0};
	char *rest = text, *line;

	for (bool first = true; (line = strsep(&rest, "\n")); first = false)
		if (first || counts(line))
			buf_addf(&kept, "%s\n", line);
	free(text);
	return buf_take(&kept);
}

void collect_network(const struct host *h)
{
	for (const char *const *name = collect_net; *name; name++) {
		_free_ char *from = host_netns_file(h, *name);
		_free_ char *to = mem_format("/proc/net/%s", *name);
		char *text = NULL;
		struct err e;
		int r = host_file_read(h, from, TCP_MAX, &text, &e);

		collect_cover(h, to);
		if (r == 0 && strncmp(*name, "tcp", 3) == 0)
			text = sockets_that_count(text);
		if (r == 0)
			collect_text(h, to, text);
		else if (r != -ENOENT)
			collect_failed(h, to, &e, 0);
	}
}

/* --- mounts ---------------------------------------------------------------------------
 */

/* Read to the end, at most the last LOG_MAX bytes, a record with each read(2). */
static int read_all(int fd, struct buf *b, struct err *e)
{
	char record[RECORD_MAX];

	for (;;) {
		ssize_t n = read(fd, record, sizeof(record));

		/* EPIPE: the kernel overwrote records that were not read yet */
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n == 0 || (n < 0 && errno == EAGAIN))
			return 0;
		if (n < 0)
			return err_errno(e, errno, "read");
		buf_add_n(b, record, (size_t)n);
		if (b->len > 2 * LOG_MAX) {
			memmove(b->text, b->text + b->len - LOG_MAX, LOG_MAX + 1);
			b->len = LOG_MAX;
		}
	}
}

/* Below the host's root, "self" may be a process of another PID namespace. */
void collect_own_mounts(const struct host *h)
{
	struct err e = {0};
	_close_ int fd = h->live ? open(OWN_MOUNTS, O_RDONLY | O_CLOEXEC)
	                         : host_file_open(h, OWN_MOUNTS, 0, &e);
	_buf_ struct buf text = {0};
	int r = fd < 0 ? err_errno(&e, errno, "open %s", OWN_MOUNTS)
	               : read_all(fd, &text, &e);

	collect_cover(h, OWN_MOUNTS);
	if (r < 0)
		collect_failed(h, OWN_MOUNTS, &e, 0);
	else
		collect_text(h, OWN_MOUNTS,
		             collect_mounts_reduce(text.text ? text.text : ""));
}

/* --- tasks ----------------------------------------------------------------------------
 */

/* "812 (nfsd) S 2 0 ..." */
static bool is_of_interest(const char *stat)
{
	const char *end = strrchr(stat, ')');
	char state;
	int parent;

	return end && sscanf(end, ") %c %d", &state, &parent) == 2 &&
	       (parent == KTHREADD || state == 'D' || strncmp(stat, "1 ", 2) == 0 ||
	        strncmp(stat, "2 ", 2) == 0);
}

static bool is_blocked(const char *stat)
{
	const char *end = strrchr(stat, ')');

	return end && strncmp(end, ") D", 3) == 0;
}

void collect_tasks(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	const char *why;
	struct err e;

	collect_cover(h, "/proc/*/stat");
	collect_cover(h, "/proc/*/wchan");
	if (host_file_list(h, "/proc", &names, &e) < 0)
		collect_failed(h, "/proc", &e, 0);
	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *path = mem_format("/proc/%s/stat", names[i]);
		_free_ char *text = NULL;

		if (names[i][strspn(names[i], "0123456789")])
			continue;
		/* notes that there is no room for it */
		if (collect_is_full(h, &why)) {
			collect_path(h, path);
			continue;
		}
		if (host_file_read(h, path, RECORD_MAX, &text, &e) < 0 ||
		    !is_of_interest(text))
			continue;
		if (is_blocked(text)) {
			_free_ char *wchan = mem_format("/proc/%s/wchan", names[i]);

			collect_path(h, wchan);
		}
		collect_text(h, path, TAKE_PTR(text));
	}
}

/* --- kernel log -----------------------------------------------------------------------
 */

void collect_log(const struct host *h)
{
	struct err e = {0};
	_close_ int fd = host_file_open(h, KERNEL_LOG, O_NONBLOCK, &e);
	_buf_ struct buf text = {0};
	int r = fd < 0 ? fd : read_all(fd, &text, &e);
	char *from = text.text;

	collect_cover(h, KERNEL_LOG);
	if (r < 0) {
		collect_failed(h, KERNEL_LOG, &e, 0);
		return;
	}
	/* the last ones, from the start of a record */
	if (text.len > LOG_MAX) {
		from = strchr(text.text + text.len - LOG_MAX, '\n');
		from = from ? from + 1 : text.text;
	}
	collect_text(h, KERNEL_LOG, mem_dup(from ? from : ""));
}
