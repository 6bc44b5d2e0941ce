/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How the interrupts of network cards and NVMe drives are spread over CPUs. */
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/drive_stat.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/irq_table.h"
#include "diagnose/counters/tally.h"
#include "host/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INTERRUPTS "/proc/interrupts"
#define GROUPS_MAX 256
#define IRQS_MAX   65536

struct irq_group {
	char *name;
	bool drive;
	size_t irqs, cpus; /* CPUs that at least one of its interrupts goes to */
	bool known;        /* cpus is */
};

struct irqs_reading {
	int r;
	struct err e;
	struct irq_group groups[GROUPS_MAX];
	size_t n_groups;
	struct irq_member *members;
	size_t n, cap;
	struct irq_table table;
};

static void irqs_done(struct irqs_reading *i)
{
	for (size_t g = 0; i && g < i->n_groups; g++)
		free(i->groups[g].name);
	if (i) {
		irq_table_done(&i->table);
		free(i->members);
	}
	free(i);
}

/* --- which interrupts belong to what -------------------------------------------------
 */

/* Where an interrupt goes, such as "3"; "": unknown. */
static char *affinity_of(const struct host *h, const char *irq)
{
	_free_ char *path = mem_format("/proc/irq/%s/effective_affinity_list", irq);
	char *text = NULL;
	struct err ignored;

	return host_file_read_line(h, path, &text, &ignored) == 0 ? text : mem_dup("");
}

static void add_member(struct irqs_reading *new, const char *name)
{
	struct irq_member m = {.group = new->n_groups};
	uint64_t irq;

	if (num_u64(name, &irq) < 0 || irq > UINT32_MAX || new->n >= IRQS_MAX)
		return;
	m.irq = (unsigned)irq;
	new->members = mem_grow(new->members, &new->cap, new->n, sizeof(m));
	new->members[new->n++] = m;
	new->groups[new->n_groups].irqs++;
}

/* Count different CPUs: of a few queues it is worth comparing all pairs. */
static void count_cpus(const struct host *h, char *const *names, struct irq_group *g)
{
	size_t n = 0;
	char *seen[64];

	g->known = true;
	for (size_t i = 0; names[i] && n < sizeof(seen) / sizeof(*seen); i++) {
		char *at = affinity_of(h, names[i]);
		bool again = false;

		g->known &= *at != '\0';
		for (size_t j = 0; j < n; j++)
			again |= strcmp(seen[j], at) == 0;
		if (again || !*at)
			free(at);
		else
			seen[n++] = at;
	}
	g->cpus = n;
	for (size_t i = 0; i < n; i++)
		free(seen[i]);
}

/*
 * Whether it is of a queue of a virtio device: "virtio0-input.3", "virtio1-req.0". That
 * of the queue to send, "virtio0-output.3", makes a pair with the former.
 */
static bool is_virtio_queue(const struct host *h, const char *irq)
{
	_free_ char *path = mem_format("/sys/kernel/irq/%s/actions", irq), *action = NULL;
	struct err ignored;

	return host_file_read_line(h, path, &action, &ignored) == 0 &&
	       strncmp(action, "virtio", strlen("virtio")) == 0 &&
	       !strstr(action, "-output.") && !strstr(action, "-config");
}

static void keep_virtio_queues(const struct host *h, char **names)
{
	size_t kept = 0;

	for (size_t i = 0; names[i]; i++)
		if (is_virtio_queue(h, names[i]))
			names[kept++] = names[i];
		else
			free(names[i]);
	names[kept] = NULL;
}

/* Where the PCI device of something is, which has a file for each interrupt. */
static const struct irq_place {
	const char *class, *prefix, *pci;
	bool drive, virtio; /* virtio devices are children of it */
} places[] = {
	{"/sys/class/net", "", "device", false, false},
	{"/sys/class/net", "", "device/..", false, true},
	{"/sys/block", "nvme", "device/device", true, false},
	{"/sys/block", "vd", "device/..", true, true},
};

static void add_group(const struct host *h, struct irqs_reading *new, const char *name,
                      const struct irq_place *place)
{
	_free_ char *dir =
		mem_format("%s/%s/%s/msi_irqs", place->class, name, place->pci);
	_cleanup_(names_freep) char **names = NULL;
	struct irq_group *g = &new->groups[new->n_groups];
	struct err ignored;

	if (new->n_groups == GROUPS_MAX || host_file_list(h, dir, &names, &ignored) < 0)
		return;
	if (place->virtio) {
		keep_virtio_queues(h, names);
		if (!names[0])
			return;
	}
	*g = (struct irq_group){.name = mem_dup(name), .drive = place->drive};
	for (size_t i = 0; names[i]; i++)
		add_member(new, names[i]);
	count_cpus(h, names, g);
	new->n_groups++;
}

static void add_groups(const struct host *h, struct irqs_reading *new,
                       const struct irq_place *place)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	if (host_file_list(h, place->class, &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++)
		if (strncmp(names[i], place->prefix, strlen(place->prefix)) == 0)
			add_group(h, new, names[i], place);
}

static int by_irq(const void *a, const void *b)
{
	const struct irq_member *x = a, *y = b;

	if (x->irq != y->irq)
		return x->irq < y->irq ? -1 : 1;
	return (x->group > y->group) - (x->group < y->group);
}

static struct irqs_reading *irqs_read(const struct host *h)
{
	struct irqs_reading *new = mem_new(1, sizeof(*new));
	_free_ char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		add_groups(h, new, &places[i]);
	if (new->n > 1)
		qsort(new->members, new->n, sizeof(*new->members), by_irq);
	new->r = counter_file_read(h, INTERRUPTS, &text, &new->e);
	if (new->r == 0)
		irq_table_parse(text, new->members, new->n, new->n_groups, &new->table);
	if (new->r == 0 && new->table.n_cpus == 0)
		new->r = err_set(&new->e, -EBADMSG, INTERRUPTS ": lists no CPUs");
	return new;
}

static void *irqs_begin(const struct diagnose_run *run)
{
	return irqs_read(run->h);
}

/* --- measures ------------------------------------------------------------------------
 */

static const enum measure_id net_ids[] = {MEASURE_IRQS, MEASURE_IRQ_QUEUES,
                                          MEASURE_IRQ_TOP, MEASURE_IRQ_CPUS};
static const enum measure_id drive_ids[] = {MEASURE_DRIVE_IRQS, MEASURE_DRIVE_IRQ_QUEUES,
                                            MEASURE_DRIVE_IRQ_TOP,
                                            MEASURE_DRIVE_IRQ_CPUS};

static size_t group_of(const struct irqs_reading *r, const struct irq_group *g)
{
	size_t i = 0;

	while (i < r->n_groups && (r->groups[i].drive != g->drive ||
	                           strcmp(r->groups[i].name, g->name) != 0))
		i++;
	return i;
}

static void add_counts(struct diagnose_run *run, const struct irqs_reading *now,
                       const struct irqs_reading *before, size_t at)
{
	const struct irq_group *g = &now->groups[at];
	const enum measure_id *ids = g->drive ? drive_ids : net_ids;
	size_t had = before ? group_of(before, g) : 0;
	struct measures *m = &run->measures;
	uint64_t sum = 0, top = 0;

	for (size_t i = 0; i < now->table.n_cpus; i++) {
		uint64_t count = now->table.counts[at * now->table.n_cpus + i];

		/* 32 bits for each interrupt; their sum has more */
		if (before)
			count = counter_since(
				irq_table_count(&before->table, had, now->table.cpus[i]),
				count, 64);
		sum += count;
		top = count > top ? count : top;
	}
	measure_add(m, ids[0], g->name, counter_value(sum), INTERRUPTS);
	measure_add(m, ids[1], g->name, (int64_t)now->table.queues[at], INTERRUPTS);
	measure_add(m, ids[2], g->name,
	            sum > 0 ? (int64_t)((double)top * 100.0 / (double)sum) : 0,
	            INTERRUPTS);
	if (g->known)
		measure_add(m, ids[3], g->name, (int64_t)g->cpus, "/proc/irq");
	else
		measure_add_absent(m, ids[3], g->name,
		                   "/proc/irq: has no effective_affinity_list");
}

/* Of what has no interrupts itself, such as lo, veth or an array. */
static void add_none(struct diagnose_run *run, const struct irqs_reading *now,
                     const char *class, bool drive)
{
	const enum measure_id id = drive ? MEASURE_DRIVE_IRQ_QUEUES : MEASURE_IRQ_QUEUES;
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	if (host_file_list(run->h, class, &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++) {
		struct irq_group key = {.name = names[i], .drive = drive};

		if ((!drive || drive_is_measured(names[i])) &&
		    group_of(now, &key) == now->n_groups)
			measure_add(&run->measures, id, names[i], 0, class);
	}
}

static void irqs_end(struct diagnose_run *run, void *first)
{
	struct irqs_reading *before = first, *now = irqs_read(run->h);
	const struct err *fault = now->r < 0                ? &now->e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;

	for (size_t i = 0; fault && i < sizeof(net_ids) / sizeof(*net_ids); i++) {
		measure_add_unread(&run->measures, net_ids[i], "", fault);
		measure_add_unread(&run->measures, drive_ids[i], "", fault);
	}
	for (size_t i = 0; !fault && i < now->n_groups; i++)
		add_counts(run, now, before, i);
	add_none(run, now, "/sys/class/net", false);
	add_none(run, now, "/sys/block", true);
	irqs_done(now);
	irqs_done(before);
}

const struct diagnose_source source_irqs = {
	.name = "irqs", .needs_host = true, .begin = irqs_begin, .end = irqs_end};
