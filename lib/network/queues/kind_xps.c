/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which CPUs send by which queue of an interface (XPS). */
#include "base/mem.h"
#include "doc/node.h"
#include "network/queues/placement.h"
#include "network/queues/queue_files.h"
#include "network/queues/steer.h"
#include "resource/kinds.h"

#include <stdlib.h>

const struct steering steering_xps = {
	.name = "xps", .direction = "tx", .file = "xps_cpus", .mask = true};

static const char *const choices[] = {"auto", "off", NULL};

static const struct field fields[] = {
	{.name = "xps",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct steer, how),
         .choices = choices,
         .doc = "auto: each CPU sends by the queue whose interrupt it, or its sibling, "
                "serves, and the others in turn; off: the kernel chooses by flow"},
	{0},
};

static char *line_of(const struct cpuset *cpus, unsigned n)
{
	_free_ char **values = mem_new(n, sizeof(*values));
	char *line;

	for (unsigned i = 0; i < n; i++)
		values[i] = cpuset_count(&cpus[i]) ? cpuset_list(&cpus[i])
		                                   : mem_dup(STEERING_NONE);
	line = steering_line(values, n);
	for (unsigned i = 0; i < n; i++)
		free(values[i]);
	return line;
}

static int target(struct steer *s, const struct host *h, char **ret, struct err *e)
{
	_placement_ struct placement p = {0};
	_free_ struct cpuset *cpus = NULL;
	unsigned n;
	int r = queue_count(h, s->item.interface, "tx", &n, e);

	if (r == 0)
		r = placement_read(h, s->item.interface, &p, e);
	if (r < 0)
		return r;
	cpus = mem_new(n, sizeof(*cpus));
	placement_send(&p, h, n, cpus);
	*ret = line_of(cpus, n);
	return 0;
}

static bool xps_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	return steer_parse(r, &steering_xps, n, diag);
}

static int xps_observe(struct resource *r, const struct host *h, struct err *e)
{
	return steer_observe(r, h, target, e);
}

const struct kind kind_xps = {
	STEER_KIND,         .name = "xps",          .fields = fields,
	.parse = xps_parse, .observe = xps_observe,
};
