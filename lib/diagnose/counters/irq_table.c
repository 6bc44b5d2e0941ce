/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/irq_table.h"

#include "base/mem.h"
#include "base/search.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t digits(const char **text)
{
	uint64_t value = 0;

	for (; isdigit((unsigned char)**text); (*text)++)
		value = value * 10 + (uint64_t)(**text - '0');
	return value;
}

/* "           CPU0       CPU2" */
static void parse_header(const char *line, struct irq_table *ret)
{
	while (ret->n_cpus < IRQ_COLUMNS_MAX) {
		line += strspn(line, " \t");
		if (strncmp(line, "CPU", 3) != 0 || !isdigit((unsigned char)line[3]))
			return;
		line += 3;
		ret->cpus = mem_grow(ret->cpus, &ret->cap_cpus, ret->n_cpus,
		                     sizeof(*ret->cpus));
		ret->cpus[ret->n_cpus++] = (uint32_t)digits(&line);
	}
}

static int by_irq(const void *a, const void *b)
{
	const struct irq_member *x = a, *y = b;

	return (x->irq > y->irq) - (x->irq < y->irq);
}

/* Add the numbers of a row, which stand behind its name, to a group. */
static void add_row(const char *text, size_t group, struct irq_table *ret)
{
	bool any = false;

	for (size_t i = 0; i < ret->n_cpus; i++) {
		uint64_t count;

		text += strspn(text, " \t");
		if (!isdigit((unsigned char)*text))
			break;
		count = digits(&text);
		any |= count > 0;
		ret->counts[group * ret->n_cpus + i] += count;
	}
	ret->queues[group] += any;
}

/* " 24:          1          0  PCI-MSIX-0000:00:05.0   1-edge      ens5-Tx-Rx-0" */
static void parse_row(const char *line, const struct irq_member *members, size_t n,
                      struct irq_table *ret)
{
	const struct irq_member *m;
	struct irq_member key = {0};

	line += strspn(line, " \t");
	if (!isdigit((unsigned char)*line))
		return;
	key.irq = (unsigned)digits(&line);
	if (*line != ':')
		return;
	/* ports of one PCI device share its interrupts */
	m = search_first(&key, members, n, sizeof(*members), by_irq);
	for (; m && m < members + n && m->irq == key.irq; m++)
		if (m->group < ret->groups)
			add_row(line + 1, m->group, ret);
}

void irq_table_parse(const char *text, const struct irq_member *members, size_t n,
                     size_t groups, struct irq_table *ret)
{
	*ret = (struct irq_table){.groups = groups};
	parse_header(text, ret);
	ret->counts = mem_new(groups * ret->n_cpus + 1, sizeof(*ret->counts));
	ret->queues = mem_new(groups + 1, sizeof(*ret->queues));
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
		parse_row(line + 1, members, n, ret);
}

uint64_t irq_table_count(const struct irq_table *t, size_t group, uint32_t cpu)
{
	for (size_t i = 0; i < t->n_cpus && group < t->groups; i++)
		if (t->cpus[i] == cpu)
			return t->counts[group * t->n_cpus + i];
	return 0;
}

void irq_table_done(struct irq_table *t)
{
	free(t->cpus);
	free(t->counts);
	free(t->queues);
	*t = (struct irq_table){0};
}
