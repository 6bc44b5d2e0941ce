/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How the interrupts of network cards and NVMe drives are spread over CPUs. */
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/drive_stat.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/irq_table.h"
#include "host/file.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INTERRUPTS "/proc/interrupts"
#define NET        "/sys/class/net"
#define BLOCK      "/sys/block"
#define WHAT       "irqs"

struct irqs_reading {
	int r;
	struct err e;
	struct irq_table table;
};

static struct irqs_reading *irqs_read(const struct host *h)
{
	struct irqs_reading *new = mem_new(1, sizeof(*new));
	_free_ char *text = NULL;

	new->r = counter_file_read(h, INTERRUPTS, &text, &new->e);
	if (new->r == 0)
		irq_table_parse(text, &new->table);
	if (new->r == 0 && new->table.n_cpus == 0)
		new->r = err_set(&new->e, -EBADMSG, INTERRUPTS ": lists no CPUs");
	return new;
}

static void irqs_done(struct irqs_reading *i)
{
	if (i)
		irq_table_done(&i->table);
	free(i);
}

static void *irqs_begin(const struct diagnose_run *run)
{
	return irqs_read(run->h);
}

/* --- which interrupts belong to what -------------------------------------------------
 */

/*
 * Whether it is of a queue of a virtio device: "virtio0-input.3", "virtio1-req.0". That
 * of the queue to send, "virtio0-output.3", makes a pair with the former. Return: 1; 0,
 * also if it was just freed; -errno.
 */
static int is_virtio_queue(const struct host *h, const char *irq, struct err *e)
{
	_free_ char *path = mem_format("/sys/kernel/irq/%s/actions", irq), *action = NULL;
	int r = host_file_read_line(h, path, &action, e);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return strncmp(action, "virtio", strlen("virtio")) == 0 &&
	       !strstr(action, "-output.") && !strstr(action, "-config");
}

/* Where the PCI device of something is, which has a file for each interrupt. */
static const struct irq_place {
	const char *devices, *pci;
	bool virtio; /* virtio devices are children of it */
} places[] = {
	{NET "/", "device", false},
	{NET "/", "device/..", true},
	{BLOCK "/nvme", "device/device", false},
	{BLOCK "/vd", "device/..", true},
};

/* Add those of the device that are in one place: "30 31". */
static int add_of_place(const struct host *h, const char *device,
                        const struct irq_place *place, struct buf *to, struct err *e)
{
	_free_ char *dir = mem_format("%s/%s/msi_irqs", device, place->pci);
	_cleanup_(names_freep) char **names = NULL;
	int r = host_file_list(h, dir, &names, e);

	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	for (size_t i = 0; names[i]; i++) {
		r = place->virtio ? is_virtio_queue(h, names[i], e) : 1;
		if (r < 0)
			return r;
		if (r > 0)
			buf_join(to, " ", names[i]);
	}
	return 0;
}

static int ask_irqs(const struct host *h, const char *device, char **ret, struct err *e)
{
	_buf_ struct buf text = {0};
	int r = 0;

	for (size_t i = 0; r == 0 && text.len == 0 && i < ARRAY_SIZE(places); i++)
		if (strncmp(device, places[i].devices, strlen(places[i].devices)) == 0)
			r = add_of_place(h, device, &places[i], &text, e);
	if (r < 0)
		return r;
	*ret = buf_take(&text);
	return 0;
}

/*
 * The numbers of a device's interrupts, "30 31"; "": it has none. A bundle has them as an
 * answer, as it has no files that are reached through "..".
 */
static int irqs_of(const struct host *h, const char *device, char **ret, struct err *e)
{
	int r = recorded_word(h, WHAT, device, ask_irqs, ret, e);

	return r == 0 && !*ret
	               ? err_set(e, -EBADMSG,
	                         "the bundle's interrupts of %s are not valid", device)
	               : r;
}

/* The next number of the list, as a text; NULL: no more. */
static char *next_irq(const char **list)
{
	size_t len;
	const char *word = words_next(list, ' ', &len);

	return word ? mem_dup_n(word, len) : NULL;
}

/* Where an interrupt goes, such as "3"; "": unknown. */
static char *affinity_of(const struct host *h, const char *irq)
{
	_free_ char *path = mem_format("/proc/irq/%s/effective_affinity_list", irq);
	char *text = NULL;
	struct err ignored;

	return host_file_read_line(h, path, &text, &ignored) == 0 ? text : mem_dup("");
}

/*
 * How many different CPUs the interrupts go to; 0: unknown. Of a few queues it is worth
 * comparing all pairs.
 */
static size_t count_cpus(const struct host *h, const char *list)
{
	size_t n = 0;
	bool known = true;
	char *seen[64], *irq;

	while (n < ARRAY_SIZE(seen) && (irq = next_irq(&list))) {
		char *at = affinity_of(h, irq);
		bool again = false;

		free(irq);
		known &= *at != '\0';
		for (size_t j = 0; j < n; j++)
			again |= strcmp(seen[j], at) == 0;
		if (again || !*at)
			free(at);
		else
			seen[n++] = at;
	}
	for (size_t i = 0; i < n; i++)
		free(seen[i]);
	return known ? n : 0;
}

/* --- measures ------------------------------------------------------------------------
 */

/* In both: all, queues, share of the CPU with the most, CPUs. */
static const struct irq_class {
	const char *dir;
	bool drive;
	enum measure_id ids[4];
} classes[] = {
	{NET,
         false,
         {MEASURE_IRQS, MEASURE_IRQ_QUEUES, MEASURE_IRQ_TOP, MEASURE_IRQ_CPUS}},
	{BLOCK,
         true,
         {MEASURE_DRIVE_IRQS, MEASURE_DRIVE_IRQ_QUEUES, MEASURE_DRIVE_IRQ_TOP,
          MEASURE_DRIVE_IRQ_CPUS}},
};

static void irqs_unread(struct diagnose_run *run, const struct irq_class *class,
                        const char *name, const struct err *e)
{
	measure_add_unread_all(&run->measures, class->ids, ARRAY_SIZE(class->ids), name,
	                       e);
}

static void add_counts(struct diagnose_run *run, const struct irq_class *class,
                       const char *name, const char *list, const struct irq_table *now,
                       const struct irq_table *before)
{
	_free_ uint64_t *by_cpu = mem_new(now->n_cpus, sizeof(*by_cpu));
	struct measures *m = &run->measures;
	uint64_t sum = 0, top = 0, number;
	int64_t queues = 0;
	char *irq;

	while ((irq = next_irq(&list))) {
		if (num_u64(irq, &number) == 0 && number <= UINT32_MAX)
			queues += irq_table_add(now, before, (unsigned)number, by_cpu);
		free(irq);
	}
	for (size_t i = 0; i < now->n_cpus; i++) {
		sum += by_cpu[i];
		top = by_cpu[i] > top ? by_cpu[i] : top;
	}
	measure_add(m, class->ids[0], name, counter_value(sum), INTERRUPTS);
	measure_add(m, class->ids[1], name, queues, INTERRUPTS);
	measure_add(m, class->ids[2], name,
	            sum > 0 ? (int64_t)((double)top * 100.0 / (double)sum) : 0,
	            INTERRUPTS);
}

/* What has no interrupts itself, such as lo, veth or an array, has no queues. */
static void add_device(struct diagnose_run *run, const struct irq_class *class,
                       const char *name, const struct irq_table *now,
                       const struct irq_table *before)
{
	_free_ char *device = mem_format("%s/%s", class->dir, name), *list = NULL;
	struct measures *m = &run->measures;
	struct err e;
	size_t cpus;

	if (irqs_of(run->h, device, &list, &e) < 0) {
		irqs_unread(run, class, name, &e);
		return;
	}
	if (!*list) {
		measure_add(m, class->ids[1], name, 0, class->dir);
		return;
	}
	add_counts(run, class, name, list, now, before);
	cpus = count_cpus(run->h, list);
	if (cpus > 0)
		measure_add(m, class->ids[3], name, (int64_t)cpus, "/proc/irq");
	else
		measure_add_absent(m, class->ids[3], name,
		                   "/proc/irq: has no effective_affinity_list");
}

static void add_class(struct diagnose_run *run, const struct irq_class *class,
                      const struct irqs_reading *now, const struct irqs_reading *before)
{
	const struct err *fault = now->r < 0                ? &now->e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;
	_cleanup_(names_freep) char **names = NULL;
	struct err e;

	if (!fault && host_file_list(run->h, class->dir, &names, &e) < 0)
		fault = &e;
	if (fault)
		irqs_unread(run, class, "", fault);
	for (size_t i = 0; !fault && names[i]; i++)
		if (!class->drive || drive_is_measured(names[i]))
			add_device(run, class, names[i], &now->table,
			           before ? &before->table : NULL);
}

static void irqs_end(struct diagnose_run *run, void *first)
{
	struct irqs_reading *before = first, *now = irqs_read(run->h);

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		add_class(run, &classes[i], now, before);
	irqs_done(now);
	irqs_done(before);
}

const struct diagnose_source source_irqs = {
	.name = "irqs", .needs_host = true, .begin = irqs_begin, .end = irqs_end};
