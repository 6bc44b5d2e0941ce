/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/secret.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 5

/* So many characters of a secret are a part of it, not a coincidence. */
#define PART_MIN 6

/* "*": any segment. Lists are transparent: their items have the path of the list. */
static const struct secret {
	const char *path[SEGMENTS_MAX];
	bool with_login; /* only a URL that has a user name */
} secrets[] = {
	/* registry passwords, in both of the forms that the server accepts */
	{{"container-registry", "credentials", "password"}, false},
	{{"container-registry", "credentials", "auth"}, false},
	{{"container-registry", "credentials", "identitytoken"}, false},
	{{"container-registry", "credentials", "*", "password"}, false},
	{{"container-registry", "credentials", "*", "auth"}, false},
	{{"container-registry", "credentials", "*", "identitytoken"}, false},
	{{"container-registry", "creds", "password"}, false},
	{{"container-registry", "creds", "auth"}, false},
	{{"container-registry", "creds", "identitytoken"}, false},
	{{"container-registry", "creds", "*", "password"}, false},
	{{"container-registry", "creds", "*", "auth"}, false},
	{{"container-registry", "creds", "*", "identitytoken"}, false},
	/* files of AWS, base64 */
	{{"aws", "credentials"}, false},
	{{"aws", "config"}, false},
	/* joins any node to the cluster; the kubelet's private key */
	{{"kubernetes", "bootstrap-token"}, false},
	{{"kubernetes", "server-key"}, false},
	{{"kubernetes", "credential-providers", "*", "environment", "*"}, false},
	/* base64 of anything: containers get their keys there */
	{{"bootstrap-containers", "*", "user-data"}, false},
	{{"host-containers", "*", "user-data"}, false},
	/* https://user:password@host */
	{{"network", "https-proxy"}, true},
	{{"container-registry", "mirrors", "endpoint"}, true},
	{{"container-registry", "mirrors", "*"}, true},
};

/* The place of a value: the segments above it, from the last to the first. */
struct at {
	const struct at *above; /* NULL: the top */
	const char *segment;
	size_t depth; /* from 1 */
};

static bool has_path(const struct secret *s, const struct at *at)
{
	size_t n = 0;

	while (n < SEGMENTS_MAX && s->path[n])
		n++;
	if (!at || at->depth != n)
		return false;
	for (; at && n > 0; at = at->above, n--)
		if (strcmp(s->path[n - 1], "*") != 0 &&
		    strcmp(s->path[n - 1], at->segment) != 0)
			return false;
	return true;
}

static bool is_secret(const struct at *at, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		if (has_path(&secrets[i], at) &&
		    (!secrets[i].with_login || strchr(text, '@')))
			return true;
	return false;
}

/* Call f for each secret text at or below `n`. */
static void visit(const struct at *at, struct node *n,
                  void (*f)(struct node *secret, void *arg), void *arg)
{
	if (n->type == NODE_SCALAR && n->text && is_secret(at, n->text))
		f(n, arg);
	node_for_each (item, n) {
		const struct at below = {at, item->key, at ? at->depth + 1 : 1};

		visit(n->type == NODE_MAP ? &below : at, item, f, arg);
	}
}

/* The same for a value at a path. */
static void visit_path(const struct at *above, const char *const *path, size_t n,
                       struct node *value, void (*f)(struct node *secret, void *arg),
                       void *arg)
{
	const struct at at = {above, n > 0 ? *path : NULL, above ? above->depth + 1 : 1};

	if (n == 0)
		visit(above, value, f, arg);
	else
		visit_path(&at, path + 1, n - 1, value, f, arg);
}

static void hide(struct node *secret, void *arg)
{
	(void)arg;
	mem_set(&secret->text, mem_dup(SECRET_TEXT));
	mem_set(&secret->formula, NULL);
	secret->plain = false;
	if (secret->overrode)
		hide(secret->overrode, NULL);
}

struct node *secret_hide(const char *const *path, size_t n, const struct node *value)
{
	struct node *copy = node_copy(value);

	visit_path(NULL, path, n, copy, hide, NULL);
	return copy;
}

static void note(struct node *secret, void *arg)
{
	bool *found = arg;

	(void)secret;
	*found = true;
}

bool secret_any(const char *const *path, size_t n, const struct node *value)
{
	_node_ struct node *copy = node_copy(value);
	bool found = false;

	visit_path(NULL, path, n, copy, note, &found);
	return found;
}

/* --- texts that quote them ------------------------------------------------------------
 */

struct secrets {
	const char **list; /* borrowed from a tree */
	size_t n, cap;
	bool escaped; /* one has a character that a text may quote in another form */
};

static void collect(struct node *secret, void *arg)
{
	struct secrets *all = arg;

	for (const char *p = secret->text; *p; p++)
		all->escaped |= *p < ' ' || *p > '~' || *p == '"' || *p == '\\';
	all->list = mem_grow((void *)all->list, &all->cap, all->n, sizeof(*all->list));
	all->list[all->n++] = secret->text;
}

/* The length of the longest secret that the text begins with; 0: with none. */
static size_t longest_at(const struct secrets *all, const char *text)
{
	size_t longest = 0;

	for (size_t i = 0; i < all->n; i++) {
		size_t len = strlen(all->list[i]);

		if (len > longest && strncmp(text, all->list[i], len) == 0)
			longest = len;
	}
	return longest;
}

/* Whether the text begins with a part of a secret: it may be quoted cut short. */
static bool begins_with_part(const struct secrets *all, const char *text)
{
	if (strnlen(text, PART_MIN) < PART_MIN)
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (memmem(all->list[i], strlen(all->list[i]), text, PART_MIN))
			return true;
	return false;
}

/* NULL: what the text quotes is not certain. */
static char *without(const struct secrets *all, const char *text)
{
	_buf_ struct buf b = {0};

	if (all->escaped)
		return NULL;
	while (*text) {
		size_t len = longest_at(all, text);

		if (len == 0 && begins_with_part(all, text))
			return NULL;
		if (len > 0)
			buf_add(&b, SECRET_TEXT);
		else
			buf_add_n(&b, text, 1);
		text += len > 0 ? len : 1;
	}
	return buf_take(&b);
}

char *secret_scrub(const char *text, const struct node *tree)
{
	_node_ struct node *copy = node_copy(tree);
	struct secrets all = {0};
	char *clean;

	visit(NULL, copy, collect, &all);
	clean = without(&all, text);
	free((void *)all.list);
	return clean ? clean : mem_dup(SECRET_UNSHOWN);
}
