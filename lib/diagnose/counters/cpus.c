/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/cpus.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/counters/tally.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* CPUs that cpus_text() names. */
#define CPUS_NAMED 4

/* --- text ----------------------------------------------------------------------------
 */

/* The number at *text, which moves behind it. Return: false if there is none. */
static bool next_number(const char **text, uint64_t *ret)
{
	const char *p = *text + strspn(*text, " \t");
	bool any = isdigit((unsigned char)*p);

	*ret = 0;
	for (; isdigit((unsigned char)*p); p++)
		*ret = *ret * 10 + (uint64_t)(*p - '0');
	*text = p;
	return any;
}

/* "CPU7" or "cpu7": its number. */
static bool next_cpu(const char **text, uint32_t *ret)
{
	const char *p = *text + strspn(*text, " \t");
	uint64_t number;

	if (strncasecmp(p, "cpu", 3) != 0 || !isdigit((unsigned char)p[3]))
		return false;
	p += 3;
	(void)next_number(&p, &number);
	*text = p;
	*ret = (uint32_t)number;
	return number < CPUS_MAX;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

void cpus_parse_stat(const char *text, struct cpus *ret)
{
	*ret = (struct cpus){0};
	for (const char *line = text; *line; line = next_line(line)) {
		struct cpus_row row = {0};
		const char *rest = line;

		if (!next_cpu(&rest, &row.cpu))
			continue;
		for (size_t i = 0; i < CPUS_VALUES; i++)
			if (!next_number(&rest, &row.value[i]))
				break;
		cpus_add(ret, &row);
	}
	cpus_sort(ret);
}

static void parse_softirq(const char *line, struct cpus *ret)
{
	static const char *const names[] = {[CPUS_NET_TX] = "NET_TX:",
	                                    [CPUS_NET_RX] = "NET_RX:",
	                                    [CPUS_BLOCK] = "BLOCK:"};

	line += strspn(line, " \t");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *rest = line + strlen(names[i]);

		if (strncmp(line, names[i], strlen(names[i])) != 0)
			continue;
		for (size_t cpu = 0; cpu < ret->n; cpu++)
			if (!next_number(&rest, &ret->list[cpu].value[i]))
				break;
	}
}

void cpus_parse_softirqs(const char *text, struct cpus *ret)
{
	struct cpus_row row = {0};
	const char *rest = text;

	*ret = (struct cpus){0};
	while (next_cpu(&rest, &row.cpu))
		cpus_add(ret, &row);
	for (const char *line = next_line(text); *line; line = next_line(line))
		parse_softirq(line, ret);
	cpus_sort(ret);
}

/* --- rows ----------------------------------------------------------------------------
 */

void cpus_add(struct cpus *c, const struct cpus_row *row)
{
	if (c->n >= CPUS_MAX)
		return;
	c->list = mem_grow(c->list, &c->cap, c->n, sizeof(*c->list));
	c->list[c->n++] = *row;
}

static int by_number(const void *a, const void *b)
{
	const struct cpus_row *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

void cpus_sort(struct cpus *c)
{
	if (c->n > 1)
		qsort(c->list, c->n, sizeof(*c->list), by_number);
}

/*
 * A time of /proc/stat is never restarted, but the kernel's idle and iowait may go back
 * (Documentation/filesystems/proc.rst).
 */
static uint64_t value_since(uint64_t before, uint64_t now, unsigned bits)
{
	return bits == 64 && now < before ? 0 : counter_since(before, now, bits);
}

void cpus_since(struct cpus *now, const struct cpus *before, unsigned bits)
{
	for (size_t i = 0, j = 0; i < now->n; i++) {
		struct cpus_row *row = &now->list[i];

		while (j < before->n && before->list[j].cpu < row->cpu)
			j++;
		if (j == before->n || before->list[j].cpu != row->cpu)
			continue;
		for (size_t k = 0; k < CPUS_VALUES; k++)
			row->value[k] = value_since(before->list[j].value[k],
			                            row->value[k], bits);
	}
}

uint64_t cpus_sum(const struct cpus *c, size_t value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->n; i++)
		sum += c->list[i].value[value];
	return sum;
}

uint64_t cpus_total(const struct cpus_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < CPUS_VALUES; i++)
		sum += row->value[i];
	return sum;
}

const struct cpus_row *cpus_highest(const struct cpus *c, size_t value)
{
	const struct cpus_row *best = NULL;

	for (size_t i = 0; i < c->n; i++)
		if (!best || c->list[i].value[value] > best->value[value])
			best = &c->list[i];
	return best;
}

/* The next one below `last`, or with the same value and a higher number; NULL: none. */
static const struct cpus_row *next_highest(const struct cpus *c, size_t value,
                                           const struct cpus_row *last)
{
	const struct cpus_row *best = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct cpus_row *row = &c->list[i];
		uint64_t v = row->value[value];

		if (v == 0 ||
		    (last && (v > last->value[value] ||
		              (v == last->value[value] && row->cpu <= last->cpu))))
			continue;
		if (!best || v > best->value[value])
			best = row;
	}
	return best;
}

char *cpus_text(const struct cpus *c, size_t value)
{
	const struct cpus_row *row = NULL;
	struct buf text = {0};
	size_t counted = 0, named = 0;

	for (size_t i = 0; i < c->n; i++)
		counted += c->list[i].value[value] > 0;
	while (named < CPUS_NAMED && (row = next_highest(c, value, row))) {
		buf_addf(&text, "%sCPU %" PRIu32 ": %" PRIu64, named > 0 ? ", " : "",
		         row->cpu, row->value[value]);
		named++;
	}
	if (counted > named)
		buf_addf(&text, ", and %zu more", counted - named);
	if (counted == 0)
		buf_add(&text, "no CPU");
	return buf_take(&text);
}

void cpus_done(struct cpus *c)
{
	free(c->list);
	*c = (struct cpus){0};
}
