/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/secret.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 5

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

static void scrub(struct node *secret, void *arg)
{
	char **text = arg;
	size_t len = strlen(secret->text);
	_buf_ struct buf b = {0};
	const char *rest = *text, *at;

	while (len > 0 && (at = strstr(rest, secret->text))) {
		buf_addf(&b, "%.*s%s", (int)(at - rest), rest, SECRET_TEXT);
		rest = at + len;
	}
	buf_add(&b, rest);
	mem_set(text, buf_take(&b));
}

char *secret_scrub(const char *text, const struct node *tree)
{
	_node_ struct node *copy = node_copy(tree);
	char *clean = mem_dup(text);

	visit(NULL, copy, scrub, &clean);
	return clean;
}
