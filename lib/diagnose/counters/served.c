/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which CPUs serve the queues of network cards and NVMe drives: for reports, no rules. */
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/rules/finding.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"
#include "network/queues/placement.h"

#include <errno.h>
#include <string.h>

#define NET  "/sys/class/net"
#define NVME "/sys/class/nvme"

static int read_card(const struct host *h, const char *name, struct host_interrupts *ret,
                     struct err *e)
{
	_placement_ struct placement p = {0};
	int r = placement_read(h, name, &p, e);

	if (r == 0) {
		*ret = p.interrupts;
		p.interrupts = (struct host_interrupts){0};
	}
	return r;
}

/* A file of an interrupt is that of the kernel: a bundle has the answer. */
static int read_drive(const struct host *h, const char *name, struct host_interrupts *ret,
                      struct err *e)
{
	_free_ char *dir = mem_format(NVME "/%s/device", name);
	const struct node *known;
	struct node *answer = NULL;
	int r = recorded_get(h, "interrupts", name, &known, e);

	if (r > 0)
		host_interrupts_of_node(node_get(known, "list"), ret);
	if (r != 0)
		return r < 0 ? r : 0;
	r = host_interrupts_read(h, dir, ret, e);
	if (r == 0 && h->record) {
		answer = node_new(NODE_MAP);
		node_set(answer, "list", host_interrupts_node(ret));
	}
	return recorded_put(h, "interrupts", name, r, e, answer);
}

/* A node has hundreds of veth, which have no device. Return: 1; 0; -errno: unknown. */
static int may_have_interrupts(const struct host *h, const char *class, const char *name,
                               struct err *e)
{
	_free_ char *device = mem_format("%s/%s/device", class, name);

	return strcmp(class, NET) == 0 ? host_file_find(h, device, e) : 1;
}

static void note_unread(struct diagnose_run *run, const char *of, const struct err *e)
{
	_free_ char *what = mem_format("interrupts of %s", of);

	unchecked_add_code(run->d, what, e->text, e->code);
}

static void add_class(struct diagnose_run *run, const char *class,
                      int (*read)(const struct host *h, const char *name,
                                  struct host_interrupts *ret, struct err *e))
{
	_cleanup_(names_freep) char **names = NULL;
	struct err e;
	int r = host_file_list(run->h, class, &names, &e);

	/* without the module, there is no class */
	if (r < 0 && r != -ENOENT)
		note_unread(run, class, &e);
	for (size_t i = 0; r == 0 && names[i]; i++) {
		_interrupts_ struct host_interrupts found = {0};
		int has = may_have_interrupts(run->h, class, names[i], &e);

		if (has > 0)
			has = read(run->h, names[i], &found, &e) < 0 ? e.code : 1;
		if (has > 0)
			served_add(&run->d->served, names[i], &found);
		else if (has < 0)
			note_unread(run, names[i], &e);
	}
}

static void served_end(struct diagnose_run *run, void *first)
{
	(void)first;
	add_class(run, NET, read_card);
	add_class(run, NVME, read_drive);
}

const struct diagnose_source source_served = {
	.name = "served", .needs_host = true, .expensive = true, .end = served_end};
