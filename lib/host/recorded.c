/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/recorded.h"

#include "base/mem.h"
#include "base/num.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/host.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS "answers"

bool recorded_or_live(const struct host *h)
{
	return h->live || h->bundle;
}

static const struct node *recorded_find(const struct host *h, const char *what,
                                        const char *subject)
{
	const struct bundle *b = h->bundle ? h->bundle : h->record;

	return b ? node_get(node_get(node_get(b->manifest, ANSWERS), what), subject)
	         : NULL;
}

bool recorded_has(const struct host *h, const char *what, const char *subject)
{
	return recorded_find(h, what, subject) != NULL;
}

int recorded_get(const struct host *h, const char *what, const char *subject,
                 const struct node **ret, struct err *e)
{
	_free_ char *name = NULL;

	*ret = recorded_find(h, what, subject);
	if (*ret && bundle_failed(*ret, e) < 0)
		return e->code;
	if (*ret || !h->bundle)
		return *ret != NULL;
	name = mem_format("%s%s%s", what, *subject ? " " : "", subject);
	(void)bundle_lacks(h->bundle, e, name);
	return err_hint(e, "to collect it, name this profile: hosttune collect FILE "
	                   "PROFILE");
}

int recorded_put(const struct host *h, const char *what, const char *subject, int r,
                 const struct err *e, struct node *answer)
{
	if (h->record)
		node_set(node_get_map(bundle_part(h->record, ANSWERS), what), subject,
		         r < 0    ? bundle_error(e)
		         : answer ? TAKE_PTR(answer)
		                  : node_new(NODE_MAP));
	node_free(answer);
	return r;
}

char *recorded_text(const struct node *answer, const char *key)
{
	const struct node *n = node_get(answer, key);
	char *text = n && n->type == NODE_SCALAR ? mem_dup(n->text) : NULL;

	for (char *p = text; p && *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
			*p = '?';
	return text;
}

uint64_t recorded_number(const struct node *answer, const char *key, uint64_t max)
{
	const struct node *n = node_get(answer, key);
	uint64_t value = 0;

	if (!n || n->type != NODE_SCALAR || num_u64(n->text, &value) < 0 || value > max)
		return 0;
	return value;
}

bool recorded_flag(const struct node *answer, const char *key)
{
	const struct node *n = node_get(answer, key);

	return n && n->type == NODE_SCALAR && strcmp(n->text, "true") == 0;
}

int recorded_word(const struct host *h, const char *what, const char *subject,
                  int (*ask)(const struct host *h, const char *subject, char **ret,
                             struct err *e),
                  char **ret, struct err *e)
{
	const struct node *known;
	struct node *answer = NULL;
	int r = recorded_get(h, what, subject, &known, e);

	*ret = NULL;
	if (r == 0) {
		r = ask(h, subject, ret, e);
		if (r >= 0 && h->record) {
			answer = node_new(NODE_MAP);
			node_set_text(answer, "text", *ret);
		}
		return recorded_put(h, what, subject, r, e, answer);
	}
	if (r > 0)
		*ret = recorded_text(known, "text");
	return r < 0 ? r : 0;
}
