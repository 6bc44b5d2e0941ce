/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/namespace/netns.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mounts.h"
#include "host/process/child.h"
#include "host/process/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Whether a process is gone. A zombie, not yet waited for, has no namespace either. */
static bool is_gone(int errnum)
{
	return errnum == ENOENT || errnum == ESRCH;
}

void host_netns_list_done(struct host_netns_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->list[i].path);
	free(l->list);
	host_unseen_done(&l->unseen);
	*l = (struct host_netns_list){0};
}

const struct host_netns *host_netns_find(const struct host_netns_list *l, uint64_t dev,
                                         uint64_t ino)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].ino == ino && l->list[i].dev == dev)
			return &l->list[i];
	return NULL;
}

static struct host_netns *host_netns_add(struct host_netns_list *l, const struct stat *st)
{
	if (host_netns_find(l, st->st_dev, st->st_ino))
		return NULL;
	l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*l->list));
	l->list[l->n] = (struct host_netns){.dev = st->st_dev, .ino = st->st_ino};
	return &l->list[l->n++];
}

/*
 * The links of /proc lead out of every tree, so they cannot be resolved beneath the root.
 * Therefore only numbers are looked up, below a directory that is procfs itself.
 */
static void add_process(int proc, int pid, void *list)
{
	struct host_netns_list *l = list;
	struct host_netns *ns;
	char path[32];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%d/ns/net", pid);
	if (fstatat(proc, path, &st, 0) < 0) {
		host_unseen_process(&l->unseen, errno, path);
		return;
	}
	ns = host_netns_add(l, &st);
	if (!ns)
		return;
	ns->pid = pid;
	process_command(proc, pid, ns->name, sizeof(ns->name));
}

/* Open the host's /proc. */
static int open_proc(const struct host *h, struct err *e)
{
	if (!h->live)
		return err_set(e, -ENOTSUP, "%s/proc is not that of a live system",
		               h->root);
	return host_file_open(h, "/proc", O_DIRECTORY, e);
}

/*
 * In another PID namespace than that of the host's /proc, getpid() is the number of
 * another process there. A process without a number there is not listed.
 */
static void add_own(int proc, struct host_netns_list *ret)
{
	char number[16] = "";

	if (readlinkat(proc, "self", number, sizeof(number) - 1) < 0)
		host_unseen_process(&ret->unseen, errno, "self");
	else
		add_process(proc, (int)strtol(number, NULL, 10), ret);
}

int host_netns_list(const struct host *h, struct host_netns_list *ret, struct err *e)
{
	int proc = open_proc(h, e);

	*ret = (struct host_netns_list){0};
	if (proc < 0)
		return proc;
	/*
	 * our own comes first, because we may always inspect it, unlike that of process 1
	 */
	add_own(proc, ret);
	return processes_each(proc, add_process, ret, e);
}

/* --- namespaces kept by a mounted file --------------------------------------------- */

/*
 * Open the file as process 1 sees it, or as we do: mounts made after a container was
 * started do not appear in the container, and opening process 1's root takes all
 * capabilities of that process.
 */
static int open_mounted(const struct host *h, int proc, const char *path, struct err *e)
{
	_free_ char *below = mem_format("1/root%s", path);
	int fd = openat(proc, below, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd >= 0 ? fd : host_file_open(h, path, 0, e);
}

/* Return: 1, with its identity; 0: the file is no namespace; -errno: unknown. */
static int is_netns(int fd, const char *path, struct stat *ret, struct err *e)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, ret) < 0)
		return err_errno(e, errno, "inspect %s", path);
	return fs.f_type == NSFS_MAGIC;
}

static void add_mounted(const struct host *h, struct host_netns_list *l, int proc,
                        const struct host_mount *m)
{
	struct host_netns *ns;
	_close_ int fd = -1;
	struct stat st;
	struct err e;
	int r;

	if (strcmp(m->fstype, "nsfs") != 0 || strncmp(m->root, "net:[", 5) != 0)
		return;
	fd = open_mounted(h, proc, m->target, &e);
	r = fd < 0 ? fd : is_netns(fd, m->target, &st, &e);
	/* unmounted meanwhile, or not visible in our mount namespace: see open_mounted()
	 */
	if (r < 0 && r != -ENOENT)
		host_unseen_failure(&l->unseen, e.text);
	if (r <= 0)
		return;
	ns = host_netns_add(l, &st);
	if (ns)
		ns->path = mem_dup(m->target);
}

void host_netns_list_mounted(const struct host *h, struct host_netns_list *ret)
{
	struct err e = {0};
	_close_ int proc = open_proc(h, &e);
	_mounts_ struct host_mounts mounts = {0};
	int r = proc < 0 ? proc : host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, &e);

	if (r < 0)
		host_unseen_failure(&ret->unseen, e.text);
	for (size_t i = 0; i < mounts.n; i++)
		add_mounted(h, ret, proc, &mounts.list[i]);
}

bool host_netns_is_own(const struct host_netns *n)
{
	struct stat own;

	/* of a thread: see host/own_netns.c */
	return stat("/proc/thread-self/ns/net", &own) == 0 && own.st_dev == n->dev &&
	       own.st_ino == n->ino;
}

/* --- entering ---------------------------------------------------------------------- */

int host_netns_open(const struct host *h, const struct host_netns *n, struct err *e)
{
	_close_ int proc = open_proc(h, e), fd = -1;
	char path[32];
	struct stat st;
	int r;

	if (proc < 0)
		return proc;
	(void)snprintf(path, sizeof(path), "%d/ns/net", n->pid);
	fd = n->path ? open_mounted(h, proc, n->path, e)
	             : openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && n->path)
		return fd;
	if (fd < 0)
		return err_errno(e, is_gone(errno) ? ENOENT : errno, "open /proc/%s",
		                 path);
	r = is_netns(fd, n->path ? n->path : path, &st, e);
	if (r < 0)
		return r;
	/* the process may have ended and its number been reused */
	if (r == 0 || st.st_ino != n->ino || st.st_dev != n->dev)
		return err_set(e, -ENOENT, "the network namespace is gone");
	return TAKE_FD(fd);
}

struct inside {
	int fd;
	int (*call)(void *arg, char *text, struct err *e);
	void *arg;
};

static int enter_and_call(void *arg, char *text, struct err *e)
{
	const struct inside *in = arg;

	if (setns(in->fd, CLONE_NEWNET) < 0)
		return err_errno(e, errno, "enter the network namespace");
	return in->call(in->arg, text, e);
}

int host_netns_call(const struct host *h, int fd, int timeout_ms,
                    int (*call)(void *arg, char *text, struct err *e), void *arg,
                    struct err *e)
{
	struct inside in = {.fd = fd, .call = call, .arg = arg};

	return host_child_run(h, 0, timeout_ms, enter_and_call, &in, NULL, e);
}

int host_netns_call_text(const struct host *h, int fd, int timeout_ms,
                         int (*call)(void *arg, char *text, struct err *e), void *arg,
                         char **ret_text, struct err *e)
{
	struct inside in = {.fd = fd, .call = call, .arg = arg};

	return host_child_run(h, 0, timeout_ms, enter_and_call, &in, ret_text, e);
}
