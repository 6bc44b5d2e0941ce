/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/check_node.h"

#include "base/macro.h"
#include "host/facts.h"
#include "sysctl/check.h"
#include "sysctl/known/component.h"
#include "sysctl/known/known.h"

#include <inttypes.h>
#include <string.h>

enum host_kind {
	HOST_UNKNOWN, /* no facts, or a host whose os-release cannot be read */
	HOST_OTHER,   /* not Bottlerocket */
	HOST_BOTTLEROCKET,
	HOST_KUBERNETES, /* Bottlerocket, a variant for Kubernetes */
};

static enum host_kind host_kind_of(const struct host_facts *facts)
{
	if (!facts || !facts->variant)
		return HOST_UNKNOWN;
	if (!*facts->variant)
		return HOST_OTHER;
	return strstr(facts->variant, "k8s") ? HOST_KUBERNETES : HOST_BOTTLEROCKET;
}

/* Warn about a value below the default of a Bottlerocket node. */
static void check_floors(const struct sysctl_wanted *w, struct diagnostics *diag)
{
	const struct sysctl_known *known = sysctl_known_find(w->key);
	int64_t x;

	for (size_t i = 0; known && i < w->value->n && i < ARRAY_SIZE(known->floor);
	     i++) {
		const struct sysctl_word *word = &w->value->words[i];

		if (!sysctl_check_at_most(word, &x) || x >= known->floor[i] ||
		    (known->why && x < known->min)) /* an error */
			continue;
		diag_warn(diag, word->at,
		          "sysctl %s \"%s\": is lower than the default of a "
		          "Bottlerocket node (use {min: %" PRId64 "})",
		          w->key, word->upper ? word->upper : word->text,
		          known->floor[i]);
	}
}

/* --- programs of the node -------------------------------------------------------------
 */

/* Whether the value can be the one that the program requires or sets. */
static bool agrees(const struct sysctl_component *c, const struct sysctl_word *w)
{
	int64_t x;

	if (w->unknown)
		return true;
	if (sysctl_check_at_most(w, &x) && x < c->value)
		return false;
	return c->claim == CLAIM_RAISES || !sysctl_check_at_least(w, &x) || x <= c->value;
}

static void report_requires(const struct sysctl_component *c,
                            const struct sysctl_wanted *w, enum host_kind node,
                            struct diagnostics *diag)
{
	const struct sysctl_word *word = &w->value->words[0];
	bool error = node == HOST_KUBERNETES || (node == HOST_UNKNOWN && w->persist);

	if (error)
		diag_error(
			diag, word->at,
			"sysctl %s \"%s\": must be %" PRId64
			": with another value %s of a Bottlerocket node does not start",
			w->key, word->text, c->value, c->who);
	else
		diag_warn(
			diag, word->at,
			"sysctl %s \"%s\": on a Kubernetes node of Bottlerocket it must "
			"be %" PRId64 ": with another value %s does not start",
			w->key, word->text, c->value, c->who);
}

static void check_component(const struct sysctl_component *c,
                            const struct sysctl_wanted *w, enum host_kind node,
                            struct diagnostics *diag)
{
	const struct sysctl_word *word = &w->value->words[0];

	if (c->claim == CLAIM_REQUIRES)
		report_requires(c, w, node, diag);
	else if (node != HOST_OTHER && node != HOST_BOTTLEROCKET)
		diag_warn(diag, word->at,
		          "sysctl %s \"%s\": %s %s it to %" PRId64 " when it starts",
		          w->key, word->text, c->who,
		          c->claim == CLAIM_RAISES ? "raises" : "sets", c->value);
}

static void check_components(const struct sysctl_wanted *w, enum host_kind node,
                             struct diagnostics *diag)
{
	const struct sysctl_component *c = NULL;

	if (w->value->n != 1)
		return;
	while ((c = sysctl_component_next(w->key, c)))
		if (!agrees(c, &w->value->words[0]))
			check_component(c, w, node, diag);
}

void sysctl_check_node(const struct sysctl_wanted *w, const struct host_facts *facts,
                       struct diagnostics *diag)
{
	enum host_kind node = host_kind_of(facts);

	if (node != HOST_OTHER)
		check_floors(w, diag);
	check_components(w, node, diag);
}
