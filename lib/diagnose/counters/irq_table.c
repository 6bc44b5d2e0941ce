/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/irq_table.h"

#include "base/mem.h"
#include "base/search.h"
#include "diagnose/counters/tally.h"

#include <ctype.h>
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

/* Read the numbers of a row, which stand behind its name. */
static void parse_counts(const char *text, size_t max, struct irq_row *ret)
{
	size_t cap = 0;

	for (; ret->n < max; ret->n++) {
		text += strspn(text, " \t");
		if (!isdigit((unsigned char)*text))
			return;
		ret->counts = mem_grow(ret->counts, &cap, ret->n, sizeof(*ret->counts));
		ret->counts[ret->n] = (uint32_t)digits(&text);
	}
}

/* " 24:          1          0  PCI-MSIX-0000:00:05.0   1-edge      ens5-Tx-Rx-0" */
static void parse_row(const char *line, struct irq_table *ret)
{
	struct irq_row row = {0};

	line += strspn(line, " \t");
	if (!isdigit((unsigned char)*line))
		return;
	row.irq = (unsigned)digits(&line);
	if (*line != ':')
		return;
	parse_counts(line + 1, ret->n_cpus, &row);
	ret->rows = mem_grow(ret->rows, &ret->cap, ret->n, sizeof(row));
	ret->rows[ret->n++] = row;
}

static int by_irq(const void *a, const void *b)
{
	const struct irq_row *x = a, *y = b;

	return (x->irq > y->irq) - (x->irq < y->irq);
}

void irq_table_parse(const char *text, struct irq_table *ret)
{
	*ret = (struct irq_table){0};
	parse_header(text, ret);
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
		parse_row(line + 1, ret);
	if (ret->n > 1)
		qsort(ret->rows, ret->n, sizeof(*ret->rows), by_irq);
}

static const struct irq_row *row_of(const struct irq_table *t, unsigned irq)
{
	const struct irq_row key = {.irq = irq};

	return search_first(&key, t->rows, t->n, sizeof(*t->rows), by_irq);
}

/* What the row has of a CPU: in most readings, column `at` again. */
static uint32_t count_of(const struct irq_table *t, const struct irq_row *row,
                         uint32_t cpu, size_t at)
{
	if (at < row->n && t->cpus[at] == cpu)
		return row->counts[at];
	for (size_t i = 0; i < row->n; i++)
		if (t->cpus[i] == cpu)
			return row->counts[i];
	return 0;
}

bool irq_table_add(const struct irq_table *now, const struct irq_table *before,
                   unsigned irq, uint64_t *by_cpu)
{
	const struct irq_row *row = row_of(now, irq);
	const struct irq_row *had = before ? row_of(before, irq) : NULL;
	bool came = false;

	for (size_t i = 0; row && i < row->n; i++) {
		uint32_t was = had ? count_of(before, had, now->cpus[i], i) : 0;

		by_cpu[i] += counter_since(was, row->counts[i], 32);
		came |= row->counts[i] > 0;
	}
	return came;
}

void irq_table_done(struct irq_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->rows[i].counts);
	free(t->rows);
	free(t->cpus);
	*t = (struct irq_table){0};
}
