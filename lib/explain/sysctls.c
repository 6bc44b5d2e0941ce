/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The sysctls, from the tables that the checks read. */
#include "base/macro.h"
#include "base/mem.h"
#include "doc/node.h"
#include "explain/effect.h"
#include "explain/sysctl_facts.h"
#include "explain/topic.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/known/prose.h"
#include "sysctl/known/provider.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"

#include <ctype.h>
#include <string.h>

#define PROC_SYS "/proc/sys/"

static void set_source(struct node *n, const char *key, const struct sysctl_prose *p)
{
	if (p && *p->source)
		node_set_text(n, "source", p->source);
	else
		node_set_text(n, "source", sysctl_prose_document(key));
}

static void set_how(struct node *n, const char *key, const struct sysctl_row *row,
                    const struct sysctl_known *known)
{
	_free_ char *text = NULL;

	if ((row && row->shape >= SHAPE_WRITE_ONLY) || (known && known->deprecated))
		return;
	text = mem_format("in a profile, `sysctl: {%s: VALUE}`%s%s%s", key,
	                  strchr(key, '*') ? "" : "; for this boot only, sysctl -w ",
	                  strchr(key, '*') ? "" : key, strchr(key, '*') ? "" : "=VALUE");
	node_set_text(n, "set", text);
}

static struct node *sysctl_topic(const char *key)
{
	const struct sysctl_prose *p = sysctl_prose_find(key);
	const struct sysctl_row *row = sysctl_table_find(key);
	const struct sysctl_known *known = sysctl_known_find(key);
	const char *const path[] = {"sysctl", key, NULL};
	struct node *n = topic_new(&topic_sysctls, key, p ? p->what : NULL);

	topic_set(n, "why", p ? p->why : NULL);
	set_how(n, key, row, known);
	topic_set(n, "deprecated", known ? known->deprecated : NULL);
	sysctl_facts_value(n, row, known);
	topic_set(n, "unit", p ? p->unit : NULL);
	topic_set(n, "default", p ? p->initial : NULL);
	sysctl_facts_node(n, key, known);
	topic_set(n, "module", sysctl_provider_of(key));
	sysctl_facts_related(n, key);
	topic_set_profiles(n, path);
	topic_set_effects(n, key);
	set_source(n, key, p);
	return n;
}

/* Whether the tables know the key, in its dotted spelling. */
static bool is_known(const char *key)
{
	return sysctl_table_find(key) || sysctl_known_find(key) || sysctl_prose_find(key);
}

static struct node *sysctls_describe(const char *word)
{
	bool is_path = strncmp(word, PROC_SYS, strlen(PROC_SYS)) == 0;
	_free_ char *key = sysctl_key_canonical(is_path ? word + strlen(PROC_SYS) : word);

	/* "net.ipv4.tcp_rmem[2]", as a report names an element of a vector */
	key[strcspn(key, "[")] = '\0';
	/* an interface may have capitals */
	if (is_known(key))
		return sysctl_topic(key);
	for (char *p = key; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return is_known(key) ? sysctl_topic(key) : NULL;
}

/* Old keys, which the kernels of the table do not have, come last. */
static void sysctls_each(topic_fn *fn, void *arg)
{
	for (const struct sysctl_row *row = NULL; (row = sysctl_table_next(row));) {
		const struct sysctl_prose *p = sysctl_prose_find(row->key);

		fn(row->key, p ? p->what : "", arg);
	}
	for (const struct sysctl_prose *p = NULL; (p = sysctl_prose_next(p));)
		if (!sysctl_table_find(p->key))
			fn(p->key, p->what, arg);
}

const struct topic_sort topic_sysctls = {"sysctl", sysctls_each, sysctls_describe};
