/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/namespace/process_root.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/namespace/netns.h"
#include "host/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void host_process_roots_done(struct host_process_roots *r)
{
	free(r->list);
	host_unseen_done(&r->unseen);
	*r = (struct host_process_roots){0};
}

/* Inspect the file of a process in the host's /proc, such as "ns/net". Return: 0; -1. */
static int stat_of(int proc, int pid, const char *file, struct stat *ret,
                   struct host_unseen *unseen)
{
	char path[48];
	int r;

	(void)snprintf(path, sizeof(path), "%d/%s", pid, file);
	r = fstatat(proc, path, ret, 0);
	if (r < 0)
		host_unseen_process(unseen, errno, path);
	return r;
}

/* What host_process_roots() looks for, and where it goes. */
struct roots_search {
	const struct host_netns *ns;
	const char *preferred;
	struct host_process_roots *found;
};

static void add_process(int proc, int pid, void *arg)
{
	const struct roots_search *s = arg;
	struct host_process_roots *l = s->found;
	struct host_process_root new = {.pid = pid}, *known = NULL;
	struct stat net, mnt, hosts;

	if (stat_of(proc, pid, "ns/net", &net, &l->unseen) < 0 ||
	    stat_of(proc, pid, "ns/mnt", &mnt, &l->unseen) < 0)
		return;
	if (net.st_ino != s->ns->ino || net.st_dev != s->ns->dev)
		return;
	new.ino = mnt.st_ino;
	new.hosts =
		fstatat(proc, "1/ns/mnt", &hosts, 0) == 0 && hosts.st_ino == mnt.st_ino;
	process_command(proc, pid, new.name, sizeof(new.name));
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].ino == new.ino)
			known = &l->list[i];
	if (known && strcmp(new.name, s->preferred) == 0 &&
	    strcmp(known->name, s->preferred) != 0)
		*known = new;
	if (known)
		return;
	l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*l->list));
	l->list[l->n++] = new;
}

int host_process_roots(const struct host *h, const struct host_netns *ns,
                       const char *preferred, struct host_process_roots *ret,
                       struct err *e)
{
	struct roots_search search = {ns, preferred, ret};
	int proc = host_file_open(h, "/proc", O_DIRECTORY, e);

	*ret = (struct host_process_roots){0};
	return proc < 0 ? proc : processes_each(proc, add_process, &search, e);
}

/* The links of /proc lead out of every tree: only a number is looked up in it. */
int host_process_open(const struct host *h, int pid, const char *path, int flags,
                      struct err *e)
{
	_free_ char *root = mem_format("%d/root", pid);
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	_close_ int proc = host_file_open(h, "/proc", O_DIRECTORY, e), at = -1, fd = -1;
	struct stat st;

	if (proc < 0)
		return proc;
	at = openat(proc, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return err_errno(e, errno, "open /proc/%s", root);
	fd = (int)syscall(SYS_openat2, at, path, &how, sizeof(how));
	if (fd < 0)
		return err_errno(e, errno, "open %s of process %d", path, pid);
	if (fstat(fd, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return err_set(e, -ENXIO, "%s of process %d: is no file", path, pid);
	return TAKE_FD(fd);
}
