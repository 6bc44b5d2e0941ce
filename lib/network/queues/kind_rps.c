/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which CPUs process what an interface has received (RPS). */
#include "base/mem.h"
#include "doc/node.h"
#include "host/cpuset.h"
#include "host/file.h"
#include "network/queues/placement.h"
#include "network/queues/steer.h"
#include "resource/kinds.h"

#include <string.h>

const struct steering steering_rps = {
	.name = "rps", .direction = "rx", .file = "rps_cpus", .mask = true};

static void check(const struct node *n, struct diagnostics *diag)
{
	struct cpuset cpus;

	if (strcmp(n->text, "auto") != 0 && strcmp(n->text, "off") != 0 &&
	    (!cpuset_parse_list(n->text, &cpus) || cpuset_count(&cpus) == 0))
		diag_error(diag, n->at,
		           "rps \"%s\": should be auto, off, or a list of CPUs such as "
		           "4-7,12",
		           n->text);
}

static const struct field fields[] = {
	{.name = "rps",
         .type = FIELD_TEXT,
         .offset = offsetof(struct steer, how),
         .check = check,
         .doc = "CPUs that process received packets, as a list; auto: those that serve "
                "no interrupt of a queue; off"},
	{0},
};

static char *line_of(const struct cpuset *cpus)
{
	return cpuset_count(cpus) ? cpuset_list(cpus) : mem_dup(STEERING_NONE);
}

static int target(struct steer *s, const struct host *h, char **ret, struct err *e)
{
	_placement_ struct placement p = {0};
	struct cpuset cpus, offline;
	int r = placement_read(h, s->item.interface, &p, e);

	if (r < 0)
		return r;
	if (strcmp(s->how, "auto") == 0) {
		s->no_interrupts = p.interrupts.n == 0;
		placement_receive(&p, h, &cpus);
	} else {
		(void)cpuset_parse_list(s->how, &cpus);
		offline = cpus;
		cpuset_remove(&offline, &p.online);
		if (cpuset_count(&offline))
			s->offline = cpuset_list(&offline);
	}
	*ret = line_of(&cpus);
	return 0;
}

static bool rps_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	return steer_parse(r, &steering_rps, n, diag);
}

static int rps_observe(struct resource *r, const struct host *h, struct err *e)
{
	return steer_observe(r, h, target, e);
}

/* The files that all three kinds read of any interface. */
static void rps_record(const struct host *h)
{
	static const struct steering *const all[] = {&steering_rps, &steering_xps,
	                                             &steering_rfs};
	char every[] = "*";
	const struct net_select select = {.names = every};
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	(void)net_select_list(&select, h, &names, &ignored);
	for (size_t i = 0; names[i]; i++) {
		_placement_ struct placement p = {0};
		struct cpuset cpus;

		if (placement_read(h, names[i], &p, &ignored) == 0)
			placement_receive(&p, h, &cpus);
		for (size_t j = 0; j < ARRAY_SIZE(all); j++) {
			_free_ char *line = NULL;

			(void)steering_read(h, all[j], names[i], &line, &ignored);
		}
	}
}

const struct kind kind_rps = {
	STEER_KIND,           .name = "rps",      .fields = fields,
	.record = rps_record, .parse = rps_parse, .observe = rps_observe,
};
