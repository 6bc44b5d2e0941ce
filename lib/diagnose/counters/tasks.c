/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* CPU time of kernel threads by kind, and tasks that wait in state D. */
#include "base/clock.h"
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/tally.h"
#include "diagnose/counters/task.h"
#include "diagnose/counters/waiters.h"
#include "host/file.h"
#include "host/host.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROC      "/proc"
#define KINDS_MAX 16

/* A task of the first reading. */
struct task_before {
	int pid;
	char state;
	uint64_t ticks, start;
};

struct tasks_first {
	int64_t ms;
	int r;
	struct err e;
	struct task_before *list; /* in order of pid */
	size_t n, cap;
};

/* Kernel threads of one kind. */
struct kind_total {
	const char *name;
	uint64_t count, running, waiting;
	double percent; /* of one CPU, all together */
	double top;
	char top_name[TASK_NAME_BYTES];
	char *where; /* the first place where one waits */
};

struct tasks_now {
	const struct diagnose_run *run;
	const struct tasks_first *before;
	double hertz, elapsed; /* ticks per second; seconds, 0: unknown */
	double uptime;         /* seconds; 0: unknown, or not needed */
	struct err no_uptime;  /* code 0: it is known, or not needed */
	struct kind_total kinds[KINDS_MAX];
	size_t n_kinds;
	struct waiters waiters;
	bool kthreadd; /* seen: we are in the initial PID namespace */
};

/* --- reading -------------------------------------------------------------------------
 */

/* A task may end between two steps of reading it; any other error is one. */
static int task_read(const struct host *h, const char *pid, struct task *ret,
                     struct err *e)
{
	_free_ char *path = mem_format(PROC "/%s/stat", pid), *text = NULL;
	int r = host_file_read_line(h, path, &text, e);

	if (r < 0)
		return r == -ENOENT || r == -ESRCH ? 0 : r;
	return task_parse(text, ret);
}

/*
 * Call `see` for each task. Return: 0, or -errno of listing them, or of reading one: that
 * may be any thread of the kernel.
 */
static int tasks_each(const struct host *h, void (*see)(const struct task *t, void *arg),
                      void *arg, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r = host_file_list(h, PROC, &names, e);
	size_t n = 0;

	for (size_t i = 0; r >= 0 && names[i]; i++) {
		struct task t;

		if (!isdigit((unsigned char)*names[i]))
			continue;
		if (deadline_expired(h->deadline))
			return err_set(e, -ETIME, PROC ": %s",
			               deadline_reason(h->deadline));
		n++;
		r = task_read(h, names[i], &t, e);
		if (r > 0)
			see(&t, arg);
	}
	if (r >= 0 && n == 0)
		return err_set(e, -ENOENT, PROC ": lists no tasks");
	return r < 0 ? r : 0;
}

static void keep_first(const struct task *t, void *arg)
{
	struct tasks_first *first = arg;

	if (!t->kernel && t->state != 'D')
		return;
	first->list = mem_grow(first->list, &first->cap, first->n, sizeof(*first->list));
	first->list[first->n++] =
		(struct task_before){t->pid, t->state, t->ticks, t->start};
}

static int by_pid(const void *a, const void *b)
{
	const struct task_before *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static void *tasks_begin(const struct diagnose_run *run)
{
	struct tasks_first *first = mem_new(1, sizeof(*first));

	first->ms = clock_now_ms();
	first->r = tasks_each(run->h, keep_first, first, &first->e);
	if (first->n > 1)
		qsort(first->list, first->n, sizeof(*first->list), by_pid);
	return first;
}

/* The same task in the first reading; NULL: it is new, or there was none. */
static const struct task_before *task_before(const struct tasks_now *now,
                                             const struct task *t)
{
	const struct task_before key = {.pid = t->pid}, *found = NULL;

	if (now->before && now->before->n > 0)
		found = bsearch(&key, now->before->list, now->before->n,
		                sizeof(*now->before->list), by_pid);
	return found && found->start == t->start ? found : NULL;
}

/* --- kinds ---------------------------------------------------------------------------
 */

static struct kind_total *kind_total(struct tasks_now *now, const char *name)
{
	for (size_t i = 0; i < now->n_kinds; i++)
		if (strcmp(now->kinds[i].name, name) == 0)
			return &now->kinds[i];
	if (now->n_kinds == KINDS_MAX)
		return NULL;
	now->kinds[now->n_kinds] = (struct kind_total){.name = name};
	return &now->kinds[now->n_kinds++];
}

/* Per cent of one CPU: between the readings, or since its start. */
static double cpu_of(const struct tasks_now *now, const struct task *t)
{
	const struct task_before *had = task_before(now, t);
	uint64_t ticks = counter_since(had ? had->ticks : 0, t->ticks, 64);
	double seconds =
		now->before ? now->elapsed : now->uptime - (double)t->start / now->hertz;

	return seconds >= 1.0 ? (double)ticks * 100.0 / now->hertz / seconds : 0.0;
}

static void see_kind(struct tasks_now *now, const struct task *t, bool waits,
                     const char *where)
{
	const char *kind = task_kind(t);
	struct kind_total *total = kind ? kind_total(now, kind) : NULL;
	double percent = total ? cpu_of(now, t) : 0.0;

	if (!total)
		return;
	total->count++;
	total->running += t->state == 'R';
	total->waiting += waits;
	total->percent += percent;
	if (waits && !total->where)
		total->where = mem_dup(where);
	if (!*total->top_name || percent > total->top) {
		total->top = percent;
		memcpy(total->top_name, t->name, sizeof(total->top_name));
	}
}

/* --- waiting -------------------------------------------------------------------------
 */

/* The function that it waits in; the kernel shows "0" without the right to know. */
static char *place_of(const struct host *h, int pid)
{
	_free_ char *path = mem_format(PROC "/%d/wchan", pid), *text = NULL;
	struct err ignored;

	if (host_file_read_line(h, path, &text, &ignored) < 0 || !*text ||
	    strcmp(text, "0") == 0)
		return mem_dup("an unknown place");
	return TAKE_PTR(text);
}

static void see_now(const struct task *t, void *arg)
{
	struct tasks_now *now = arg;
	const struct task_before *had = task_before(now, t);
	_free_ char *where = NULL;
	/* the whole time, as far as two readings show it */
	bool waits =
		t->state == 'D' &&
		(!now->before || (had && had->state == 'D' && had->ticks == t->ticks));

	now->kthreadd |= t->pid == 2 && strcmp(t->name, "kthreadd") == 0;
	if (waits) {
		where = place_of(now->run->h, t->pid);
		waiters_add(&now->waiters, t->name, where);
	}
	see_kind(now, t, waits, where);
}

/* --- measures ------------------------------------------------------------------------
 */

/* Of time since boot, a part is known only if that time is. */
static const enum measure_id time_ids[] = {MEASURE_TASKS_CPU, MEASURE_TASKS_TOP,
                                           MEASURE_TASKS_TOP_NAME};

static void add_kind(struct diagnose_run *run, const struct kind_total *k,
                     const struct err *no_uptime)
{
	struct measures *m = &run->measures;

	measure_add_text(m, MEASURE_TASKS_KIND, k->name, k->name, PROC);
	measure_add(m, MEASURE_TASKS_COUNT, k->name, counter_value(k->count), PROC);
	measure_add(m, MEASURE_TASKS_RUNNING, k->name, counter_value(k->running), PROC);
	measure_add(m, MEASURE_TASKS_WAITING, k->name, counter_value(k->waiting), PROC);
	measure_add_text(m, MEASURE_TASKS_WCHAN, k->name, k->where ? k->where : "none",
	                 PROC);
	if (no_uptime->code) {
		measure_add_unread_all(m, time_ids, ARRAY_SIZE(time_ids), k->name,
		                       no_uptime);
		return;
	}
	measure_add(m, MEASURE_TASKS_CPU, k->name, (int64_t)k->percent, PROC);
	measure_add(m, MEASURE_TASKS_TOP, k->name, (int64_t)k->top, PROC);
	measure_add_text(m, MEASURE_TASKS_TOP_NAME, k->name, k->top_name, PROC);
}

static void add_waiting(struct diagnose_run *run, struct tasks_now *now)
{
	_free_ char *text = waiters_text(&now->waiters);

	measure_add(&run->measures, MEASURE_WAITING, "", (int64_t)now->waiters.tasks,
	            PROC);
	measure_add_text(&run->measures, MEASURE_WAITING_IN, "", text, PROC);
}

static void add_tasks(struct diagnose_run *run, struct tasks_now *now)
{
	add_waiting(run, now);
	if (!now->kthreadd)
		measure_add_absent(&run->measures, MEASURE_TASKS_KIND, "",
		                   PROC
		                   ": shows no kernel threads (another PID namespace)");
	for (size_t i = 0; now->kthreadd && i < now->n_kinds; i++)
		add_kind(run, &now->kinds[i], &now->no_uptime);
}

static void tasks_end(struct diagnose_run *run, void *first)
{
	struct tasks_first *before = first;
	long hertz = sysconf(_SC_CLK_TCK);
	struct tasks_now now = {
		.run = run, .before = before, .hertz = hertz > 0 ? (double)hertz : 100.0};
	struct err e;
	int r;

	if (before)
		now.elapsed = (double)(clock_now_ms() - before->ms) / 1000.0;
	else
		(void)counter_uptime(run->h, &now.uptime, &now.no_uptime);
	r = tasks_each(run->h, see_now, &now, &e);
	if (r == 0 && before && before->r < 0) {
		r = before->r;
		e = before->e;
	}
	if (r == 0) {
		add_tasks(run, &now);
	} else {
		measure_add_unread(&run->measures, MEASURE_WAITING, "", &e);
		measure_add_unread(&run->measures, MEASURE_TASKS_KIND, "", &e);
	}
	waiters_done(&now.waiters);
	for (size_t i = 0; i < now.n_kinds; i++)
		free(now.kinds[i].where);
	free(before ? before->list : NULL);
	free(before);
}

const struct diagnose_source source_tasks = {.name = "tasks",
                                             .needs_host = true,
                                             .expensive = true,
                                             .begin = tasks_begin,
                                             .end = tasks_end};
