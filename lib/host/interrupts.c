/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/interrupts.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/recorded.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

void host_interrupts_done(struct host_interrupts *i)
{
	for (size_t j = 0; j < i->n; j++)
		free(i->list[j].action);
	free(i->list);
	*i = (struct host_interrupts){0};
}

/* The kernel moves an interrupt within its affinity: the effective one is where it is. */
static int read_cpus(const struct host *h, unsigned number, struct cpuset *ret,
                     struct err *e)
{
	_free_ char *effective =
		mem_format("/proc/irq/%u/effective_affinity_list", number);
	_free_ char *allowed = mem_format("/proc/irq/%u/smp_affinity_list", number);
	int r = host_cpuset_read(h, effective, ret, e);

	if (r == -ENOENT || (r == 0 && cpuset_count(ret) == 0))
		r = host_cpuset_read(h, allowed, ret, e);
	return r;
}

/* A vector that no driver uses has no action, and one that is just freed no files. */
static int add_interrupt(const struct host *h, const char *text,
                         struct host_interrupts *ret, struct err *e)
{
	_free_ char *path = mem_format("/sys/kernel/irq/%s/actions", text),
		    *action = NULL;
	struct host_interrupt one = {0};
	uint64_t number;
	int r;

	if (num_u64(text, &number) < 0 || number == 0 || number > INT_MAX)
		return 0;
	r = host_file_read_line(h, path, &action, e);
	if (r == -ENOENT)
		action = mem_dup("");
	else if (r < 0)
		return r;
	else if (!*action)
		return 0;
	one.number = (unsigned)number;
	r = read_cpus(h, one.number, &one.cpus, e);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	one.action = TAKE_PTR(action);
	ret->list = mem_grow(ret->list, &ret->cap, ret->n, sizeof(*ret->list));
	ret->list[ret->n++] = one;
	return 0;
}

struct node *host_interrupts_node(const struct host_interrupts *i)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t j = 0; j < i->n; j++) {
		_free_ char *cpus = cpuset_list(&i->list[j].cpus);
		struct node *one = node_new(NODE_MAP);

		node_set(one, "number", node_new_uint(i->list[j].number));
		node_set_text(one, "action", i->list[j].action);
		node_set_text(one, "cpus", cpus);
		node_append(list, one);
	}
	return list;
}

void host_interrupts_of_node(const struct node *known, struct host_interrupts *ret)
{
	*ret = (struct host_interrupts){0};
	for (size_t j = 0; known && known->type == NODE_LIST && j < known->n; j++) {
		const struct node *one = known->items[j];
		_free_ char *cpus = recorded_text(one, "cpus");
		struct host_interrupt in = {
			.number = (unsigned)recorded_number(one, "number", INT_MAX),
			.action = recorded_text(one, "action")};

		if (!in.action || !cpus || !cpuset_parse_list(cpus, &in.cpus)) {
			free(in.action);
			continue;
		}
		ret->list = mem_grow(ret->list, &ret->cap, ret->n, sizeof(in));
		ret->list[ret->n++] = in;
	}
}

static int by_number(const void *a, const void *b)
{
	const struct host_interrupt *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

int host_interrupts_read(const struct host *h, const char *dir,
                         struct host_interrupts *ret, struct err *e)
{
	_free_ char *msi = mem_format("%s/msi_irqs", dir),
		    *irq = mem_format("%s/irq", dir);
	_cleanup_(names_freep) char **numbers = NULL;
	_free_ char *number = NULL;
	int r = host_file_list(h, msi, &numbers, e);

	*ret = (struct host_interrupts){0};
	for (size_t i = 0; r == 0 && numbers[i]; i++)
		r = add_interrupt(h, numbers[i], ret, e);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_number);
	if (r != -ENOENT && r != -ENOTDIR)
		return r;
	/* without message-signalled interrupts, it shares a line */
	r = host_file_read_line(h, irq, &number, e);
	if (r == 0)
		return add_interrupt(h, number, ret, e);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}
