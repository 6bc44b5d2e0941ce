/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/facts.h"

#include "base/mem.h"
#include "doc/node.h"
#include "profile/fact_names.h"

#include <stdlib.h>
#include <string.h>

#define NO_KERNEL "unknown on this node (/proc/sys/kernel/osrelease names no version)"

#define NO_SPEED "unknown on this node (the speed of an interface cannot be read)"

#define ABSENT_IN_FILE "unknown (add it to the file of --facts)"

static const char *text_at(const struct host_facts *h, const struct text_fact *t)
{
	return *(const char *const *)(const void *)((const char *)h + t->offset);
}

/* In the order of facts_host_names; what is not read is 0. */
static void host_values(const struct host_facts *h, int64_t *ret)
{
	static const struct host_size none;
	const struct host_size *s = h->size ? h->size : &none;
	const int64_t values[FACTS_OF_HOST] = {s->cpus,       s->memory,   h->page_size,
	                                       s->numa_nodes, h->nic_gbps, h->kernel};

	memcpy(ret, values, sizeof(values));
}

void facts_read(struct facts *f, const struct host *h)
{
	*f = (struct facts){.h = h};
	host_facts_read(h, &f->host);
}

int facts_need(const struct facts *f, const char *text, struct err *e)
{
	const struct host_size *size;

	if (!strstr(text, facts_host_names[FACTS_CPUS]) &&
	    !strstr(text, facts_host_names[FACTS_MEMORY]) &&
	    !strstr(text, facts_host_names[FACTS_NUMA_NODES]))
		return 0;
	return f->host.size ? host_facts_size(&f->host, &size, e) : 0;
}

int facts_read_kinds(struct facts *f, struct err *e)
{
	const struct host_size *size;
	int r = host_facts_size(&f->host, &size, e);

	if (r < 0)
		return r;
	for_each_kind_facts(k, first)
	{
		struct err ignored;
		int code = k->read(f->h, NULL, NULL, f->of_kinds + first,
		                   k->may_lack || r < 0 ? &ignored : e);

		/* what a file may lack can be unknown on this node as well */
		if (r == 0 && !k->may_lack)
			r = code;
	}
	if (r == 0)
		r = host_nic_gbps(f->h, &f->host.nic_gbps, e);
	f->h = NULL;
	return r;
}

void facts_done(struct facts *f)
{
	host_facts_done(&f->host);
	*f = (struct facts){0};
}

/* --- for an expression ----------------------------------------------------------------
 */

static bool names_any(const char *text, const struct kind_facts *k)
{
	for (size_t i = 0; k->names[i]; i++)
		if (strstr(text, k->names[i]))
			return true;
	return false;
}

static struct expr_fact text_fact_of(const struct facts *f, const struct text_fact *t)
{
	const char *text = text_at(&f->host, t);

	return (struct expr_fact){.name = t->name,
	                          .type = EXPR_TEXT,
	                          .text = text,
	                          .absent = text   ? NULL
	                                    : f->h ? t->absent
	                                           : ABSENT_IN_FILE};
}

/* Why the facts of a kind cannot be used there; NULL: they can. */
static const char *fault_of(const struct kind_facts *k, const struct facts_scope *scope,
                            bool in_item)
{
	if (k->items_only && scope->section && !in_item)
		return k->outside;
	return scope->selector                ? k->selecting
	       : scope->item_only && !in_item ? k->outside
	                                      : NULL;
}

/* List what a kind offers behind `to`, and what it replaces in `host`. Return: the end.
 */
static struct expr_fact *list_kind(const struct facts *f, const struct facts_scope *scope,
                                   const char *text, const struct kind *kind,
                                   int64_t *values, struct expr_fact *host,
                                   struct expr_fact *to)
{
	const struct kind_facts *k = kind->facts;
	bool own = scope->section && strcmp(scope->section, kind->section) == 0;
	const struct node *item = own ? scope->item : NULL;
	const char *fault = fault_of(k, scope, item != NULL);
	bool reads = f->h && !f->unknown && !fault && names_any(text, k);
	struct err ignored;

	if (reads)
		(void)k->read(f->h, node_get(scope->tree, kind->section), item, values,
		              &ignored);
	for (size_t i = 0; k->names[i]; i++) {
		size_t of_host = facts_host_index(k->names[i]);
		bool none = values[i] == KIND_FACT_NONE;

		if (of_host < FACTS_OF_HOST && reads && item && !none) {
			host[of_host].value = values[i];
			host[of_host].absent = NULL;
		}
		if (of_host < FACTS_OF_HOST)
			continue;
		*to++ = (struct expr_fact){
			.name = k->names[i],
			.value = none ? 0 : values[i],
			.fault = fault,
			.none = none && (reads || !f->h) && strstr(text, k->names[i]),
			.absent = none && !f->h ? ABSENT_IN_FILE : NULL};
	}
	return to;
}

void facts_list(const struct facts *f, const struct facts_scope *scope, const char *text,
                struct expr_fact *ret)
{
	struct expr_fact *to = ret + FACTS_OF_HOST + FACTS_OF_TEXT;
	int64_t values[FACTS_MAX] = {0};
	struct err ignored;
	int speed = 0;

	host_values(&f->host, values);
	if (f->h && strstr(text, facts_host_names[FACTS_NIC_GBPS]))
		speed = host_nic_gbps(f->h, &values[FACTS_NIC_GBPS], &ignored);
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		ret[i] = (struct expr_fact){.name = facts_host_names[i],
		                            .value = values[i],
		                            .type = i == FACTS_KERNEL ? EXPR_VERSION
		                                                      : EXPR_NUMBER};
	if (f->host.kernel == 0)
		ret[FACTS_KERNEL].absent = f->h ? NO_KERNEL : ABSENT_IN_FILE;
	if (speed < 0)
		ret[FACTS_NIC_GBPS].absent = NO_SPEED;
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		ret[FACTS_OF_HOST + i] = text_fact_of(f, &facts_texts[i]);
	memcpy(values, f->of_kinds, sizeof(f->of_kinds));
	for_each_kind_facts(k, first) to =
		list_kind(f, scope, text, kinds[k_i], values + first, ret, to);
}
