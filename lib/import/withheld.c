/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/withheld.h"

#include "base/macro.h"
#include "base/mem.h"
#include "bottlerocket/secret.h"
#include "bottlerocket/setting.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "import/build.h"

#include <string.h>

struct walk {
	struct import *im;
	const char *path[NODE_YAML_DEPTH_MAX];
	size_t n;
};

static const char secret[] = "may be secret, and is not copied";
static const char identity[] = "belongs to one node";

/* Besides what no report shows. "*" stands for any name. */
static const struct rule {
	const char *path[4];
	const char *reason;
} rules[] = {
	{{"container-registry", "credentials"}, secret},
	{{"kubernetes", "credential-providers", "*", "environment"}, secret},
	{{"network", "hostname"}, identity},
	{{"kubernetes", "hostname-override"}, identity},
	{{"kubernetes", "node-ip"}, identity},
	{{"kubernetes", "provider-id"}, identity},
};

static bool rule_matches(const struct rule *rule, const struct walk *w)
{
	size_t i = 0;

	for (; i < ARRAY_SIZE(rule->path) && rule->path[i]; i++)
		if (i >= w->n || (strcmp(rule->path[i], "*") != 0 &&
		                  strcmp(rule->path[i], w->path[i]) != 0))
			return false;
	return i == w->n;
}

/* A name of a setting that no list has yet. */
static bool sounds_secret(const char *name)
{
	static const char *const words[] = {"password", "secret", "private-key", "token"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

/* "https://user:password@proxy" */
static bool has_password(const char *text)
{
	const char *host = strstr(text, "://");
	const char *at = host ? strchr(host, '@') : NULL;

	return at && memchr(host + 3, ':', (size_t)(at - host - 3));
}

/* The argument of a command sets it: "kubernetes.bootstrap-token=..." */
static bool sets_secret(const char *text)
{
	return strchr(text, '=') && sounds_secret(text);
}

/* Whether a value may be secret, or one in a list, which is withheld as a whole. */
static bool may_be_secret(const struct node *n)
{
	if (n->type == NODE_SCALAR)
		return has_password(n->text) ||
		       (n->key ? sounds_secret(n->key) : sets_secret(n->text));
	node_for_each (item, n)
		if (may_be_secret(item))
			return true;
	return false;
}

static bool runs_hosttune(const struct walk *w, const struct node *n)
{
	const struct node *source = node_get(n, "source");

	if (w->n != 2 || (strcmp(w->path[0], "host-containers") != 0 &&
	                  strcmp(w->path[0], "bootstrap-containers") != 0))
		return false;
	return strstr(w->path[1], "hosttune") || (source && source->type == NODE_SCALAR &&
	                                          strstr(source->text, "hosttune"));
}

/* Why a profile should not have the setting; NULL: it may. */
static const char *reason_to_withhold(const struct walk *w, const struct node *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rule_matches(&rules[i], w))
			return rules[i].reason;
	if (runs_hosttune(w, n))
		return "runs hosttune itself (\"hosttune userdata\" writes it)";
	if (n->type != NODE_MAP && (secret_any(w->path, w->n, n) || may_be_secret(n)))
		return secret;
	/* a condition in a profile, and no setting of Bottlerocket */
	if (w->n == 1 && strcmp(n->key, "when") == 0)
		return "no setting of Bottlerocket";
	return NULL;
}

static bool withhold_one(struct node *n, void *arg)
{
	struct walk *w = arg;
	const char *reason;

	if (w->n == ARRAY_SIZE(w->path))
		return false;
	w->path[w->n++] = n->key;
	reason = reason_to_withhold(w, n);
	if (reason) {
		_import_origin_ struct import_origin o = import_origin_of(n);
		_free_ char *name = setting_path_format(w->path, w->n);

		o.at = o.key_at;
		import_omit(w->im, &o, "setting %s: %s", name, reason);
	} else if (n->type == NODE_MAP) {
		node_filter(n, withhold_one, w);
	}
	w->n--;
	return reason;
}

void withhold(struct import *im, struct node *settings)
{
	struct walk w = {.im = im};

	node_filter(settings, withhold_one, &w);
}
