/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What baseline compare says of a change. */
#include "base/mem.h"
#include "baseline/cause.h"
#include "doc/node.h"
#include "explain/topic.h"

#include <string.h>

static void causes_each(topic_fn *fn, void *arg)
{
	for (const struct cause *c = cause_rows(); c->word; c++)
		fn(c->word, c->causes, arg);
}

/* A remedy without a change: "{name}" is printed as "<name>". */
static char *cause_remedy(const struct cause *c)
{
	char *text = c->remedy ? mem_dup(c->remedy) : NULL;

	for (char *p = text; p && *p; p++)
		*p = *p == '{' ? '<' : *p == '}' ? '>' : *p;
	return text;
}

static struct node *causes_describe(const char *word)
{
	for (const struct cause *c = cause_rows(); c->word; c++) {
		_free_ char *remedy = NULL;
		struct node *n;

		if (strcasecmp(c->word, word) != 0)
			continue;
		remedy = cause_remedy(c);
		n = topic_new(&topic_causes, c->word, c->causes);
		topic_set(n, "group", c->group);
		topic_set(n, "remedy", remedy);
		topic_set(n, "source", c->source ? c->source : "docs/reasons.md");
		return n;
	}
	return NULL;
}

const struct topic_sort topic_causes = {"reason of a baseline", causes_each,
                                        causes_describe};
