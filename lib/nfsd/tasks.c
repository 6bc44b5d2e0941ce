/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/tasks.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/own_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The parent of all kernel threads. */
#define KTHREADD 2

/* Of the host's network namespace: Linux 5.10 has the file in no other one. */
int nfsd_tasks_count(const struct host *h, unsigned *ret, struct err *e)
{
	_free_ char *file = host_netns_file(h, "rpc/nfsd"), *text = NULL;
	const char *th;
	int r = host_file_read_line(h, file, &text, e);

	*ret = 0;
	if (r == -ENOENT) {
		*e = (struct err){0};
		return 0;
	}
	if (r < 0)
		return r;
	th = strstr(text, "\nth ");
	if (!th || th[4] < '0' || th[4] > '9')
		return err_set(e, -EPROTO, "%s: has no thread count", file);
	*ret = (unsigned)strtoul(th + 4, NULL, 10);
	return 0;
}

void nfsd_tasks_done(struct nfsd_tasks *t)
{
	free(t->pids);
	*t = (struct nfsd_tasks){0};
}

/*
 * "165 (nfsd) S 2 0 ...": any process can use that name, but only kernel threads are
 * kthreadd's children.
 */
static bool is_nfsd(const char *stat)
{
	static const char name[] = "(nfsd) ";
	const char *p = strchr(stat, ' ');
	size_t len = strlen(name);

	return p && strncmp(p + 1, name, len) == 0 && p[1 + len] &&
	       strtol(p + 1 + len + 1, NULL, 10) == KTHREADD;
}

static bool runs_nfsd(int proc, const char *pid)
{
	_free_ char *path = mem_format("%s/stat", pid);
	_close_ int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	return is_nfsd(text);
}

int nfsd_tasks_read(const struct host *h, struct nfsd_tasks *ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	_close_ int proc = -1;
	int r;

	*ret = (struct nfsd_tasks){0};
	r = nfsd_tasks_count(h, &ret->count, e);
	if (r < 0 || ret->count == 0)
		return r;
	proc = host_file_open(h, "/proc", O_DIRECTORY, e);
	r = proc < 0 ? proc : host_file_list(h, "/proc", &names, e);
	if (r < 0)
		return r;
	for (size_t i = 0; names[i]; i++) {
		if (names[i][0] < '1' || names[i][0] > '9' || !runs_nfsd(proc, names[i]))
			continue;
		ret->pids = mem_grow(ret->pids, &ret->cap, ret->n, sizeof(*ret->pids));
		ret->pids[ret->n++] = (int)strtol(names[i], NULL, 10);
	}
	return 0;
}

bool nfsd_tasks_same(const struct host *h, const struct nfsd_tasks *t)
{
	struct err ignored;
	unsigned count;
	_close_ int proc = -1;

	if (nfsd_tasks_count(h, &count, &ignored) < 0 || count != t->count)
		return false;
	if (count == 0)
		return true;
	proc = host_file_open(h, "/proc", O_DIRECTORY | O_PATH, &ignored);
	for (size_t i = 0; i < t->n; i++) {
		char pid[16];

		(void)snprintf(pid, sizeof(pid), "%d", t->pids[i]);
		if (faccessat(proc, pid, F_OK, 0) < 0)
			return false;
	}
	return proc >= 0;
}
