/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/container.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PROCESSES_MAX    262144U
#define CGROUP_BYTES_MAX 65536U

/* A process in a container. */
struct entry {
	struct pod_cgroup in;
	int pid;
};

struct entries {
	struct entry *list;
	size_t n, cap;
};

static bool is_gone(int r)
{
	return r == -ENOENT || r == -ESRCH || r == -EINVAL;
}

static int read_cgroup(const struct host *h, int pid, struct pod_cgroup *ret,
                       struct err *e)
{
	_free_ char *path = mem_format("/proc/%d/cgroup", pid), *text = NULL;
	int r = host_file_read(h, path, CGROUP_BYTES_MAX, &text, e);

	if (r < 0)
		return is_gone(r) ? 0 : r;
	return pod_cgroup_parse(text, ret);
}

static int pid_of(const char *name)
{
	bool is_number = !name[strspn(name, "0123456789")] && strlen(name) < 9;

	return is_number ? (int)strtol(name, NULL, 10) : 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = strcmp(x->in.container, y->in.container);

	if (r == 0)
		r = (x->in.depth > y->in.depth) - (x->in.depth < y->in.depth);
	return r ? r : (x->pid > y->pid) - (x->pid < y->pid);
}

static void group(struct entries *found, struct pod_containers *ret)
{
	struct pod_container *c = NULL;
	size_t cap = 0;

	if (found->n > 0)
		qsort(found->list, found->n, sizeof(*found->list), compare_entries);
	for (size_t i = 0; i < found->n; i++) {
		const struct entry *p = &found->list[i];

		if (!c || strcmp(c->id, p->in.container) != 0) {
			ret->list = mem_grow(ret->list, &cap, ret->n, sizeof(*ret->list));
			c = &ret->list[ret->n++];
			*c = (struct pod_container){0};
			memcpy(c->id, p->in.container, sizeof(c->id));
			memcpy(c->uid, p->in.uid, sizeof(c->uid));
		}
		if (c->n_pids < CONTAINER_PROCESSES)
			c->pids[c->n_pids++] = p->pid;
	}
}

static int add_processes(const struct host *h, char *const *names, struct entries *found,
                         struct pod_containers *ret, struct err *e)
{
	for (; *names; names++) {
		struct entry p = {.pid = pid_of(*names)};
		struct err why;
		int r = p.pid > 0 ? read_cgroup(h, p.pid, &p.in, &why) : 0;

		if (deadline_expired(h->deadline))
			return err_set(e, -ETIME, "%s", deadline_reason(h->deadline));
		if (r < 0 && ret->unread++ == 0) {
			ret->unread_pid = p.pid;
			ret->why = why;
		}
		if (r <= 0)
			continue;
		if (found->n >= PROCESSES_MAX)
			return err_set(e, -E2BIG, "more than %u processes in containers",
			               PROCESSES_MAX);
		found->list = mem_grow(found->list, &found->cap, found->n,
		                       sizeof(*found->list));
		found->list[found->n++] = p;
	}
	return 0;
}

int pod_containers_list(const struct host *h, struct pod_containers *ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	struct entries found = {0};
	int r = host_file_list(h, "/proc", &names, e);

	*ret = (struct pod_containers){0};
	if (r == 0)
		r = add_processes(h, names, &found, ret, e);
	if (r == 0)
		group(&found, ret);
	free(found.list);
	return r;
}

void pod_containers_done(struct pod_containers *c)
{
	free(c->list);
	*c = (struct pod_containers){0};
}

int pod_container_mounts(const struct host *h, const struct pod_container *c,
                         int *ret_pid, char **ret_text, struct err *e)
{
	*ret_text = NULL;
	(void)err_set(e, -ESRCH, "all of its processes have ended");
	for (size_t i = 0; i < c->n_pids; i++) {
		_free_ char *path = mem_format("/proc/%d/mountinfo", c->pids[i]);
		_free_ char *text = NULL;
		struct pod_cgroup after;
		struct err why;
		int r = host_file_read(h, path, CONTAINER_MOUNTS_BYTES, &text, &why);

		/* a process that ends between two reads cuts the table */
		if (is_gone(r) || (r == 0 && !*text))
			continue;
		if (r == 0)
			r = read_cgroup(h, c->pids[i], &after, &why);
		if (r < 0)
			*e = why;
		if (r <= 0 || strcmp(after.container, c->id) != 0)
			continue;
		*ret_pid = c->pids[i];
		*ret_text = TAKE_PTR(text);
		return 0;
	}
	return e->code;
}
