/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/persisted.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "bottlerocket/rendered.h"
#include "doc/node.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/sysctl_d.h"

#include <string.h>

static bool sysctl_persist_breaks(const char *text)
{
	return text[strcspn(text, RENDERED_BREAKS)];
}

void sysctl_persist_check(const char *key, const struct sysctl_value *v,
                          struct diagnostics *diag)
{
	for (size_t i = 0; i < v->n; i++)
		if (sysctl_persist_breaks(v->words[i].text))
			diag_error(
				diag, v->words[i].at,
				"sysctl %s: a value with a double quote or a backslash "
				"would break all sysctls of a Bottlerocket node (add "
				"`persist: false` to set it without persisting it)",
				key);
}

/* --- what to store -------------------------------------------------------------------
 */

/* NULL: there are none, or they are not a map. */
static const struct node *all_sysctls(const struct node *settings)
{
	const struct node *all = node_get(node_get(settings, "kernel"), "sysctl");

	return all && all->type == NODE_MAP ? all : NULL;
}

static bool is_spelling_of(const struct node *stored, const char *key)
{
	_free_ char *dotted = sysctl_key_canonical(stored->key);

	return strcmp(dotted, key) == 0;
}

static void sysctl_persisted_want(const struct sysctl_value *v, const char *spelling,
                                  const char *from, struct node *wanted)
{
	_free_ char *text = sysctl_value_resolve(v, from);

	node_set(node_get_map(node_get_map(wanted, "kernel"), "sysctl"), spelling,
	         node_new_text(text));
}

void sysctl_persist_want(const struct resource *r, const struct sysctl_value *v,
                         const struct node *live, struct node *wanted)
{
	const struct node *all = all_sysctls(live);
	bool found = false;

	for (size_t i = 0; all && i < all->n; i++) {
		const struct node *stored = all->items[i];
		_free_ char *collapsed = NULL;

		if (!is_spelling_of(stored, r->name))
			continue;
		if (stored->type == NODE_SCALAR)
			collapsed = words_collapse(stored->text);
		sysctl_persisted_want(v, stored->key, collapsed ? collapsed : r->seen.now,
		                      wanted);
		found = true;
	}
	if (found || (r->run.change.state == STATE_OK && sysctl_value_has_bound(v)))
		return;
	sysctl_persisted_want(v, r->name, r->seen.now, wanted);
}

void sysctl_persist_want_module(const char *module, struct node *wanted)
{
	struct node *modules = node_get_map(node_get_map(wanted, "kernel"), "modules");
	struct node *members = node_get_map(modules, module);

	node_set(members, "allowed", node_new_bool(true));
	node_set(members, "autoload", node_new_bool(true));
}

void sysctl_persist_unwant_module(const char *module, struct node *wanted)
{
	struct node *modules = node_get_map(node_get_map(wanted, "kernel"), "modules");

	node_set(node_get_map(modules, module), "autoload", node_new_bool(false));
}

/* --- why it differs ------------------------------------------------------------------
 */

static const struct node *find_persisted(const struct node *settings, const char *key)
{
	const struct node *all = all_sysctls(settings);

	for (size_t i = 0; all && i < all->n; i++)
		if (is_spelling_of(all->items[i], key))
			return all->items[i];
	return NULL;
}

/* Both would be written at boot, in an undefined order. */
static bool attribute_pair(const struct resource *r, const struct persistence *p,
                           struct change *c)
{
	const struct sysctl_known *known = sysctl_known_find(r->name);
	const struct node *other = known && known->excludes
	                                   ? find_persisted(p->settings, known->excludes)
	                                   : NULL;

	/* the host writes nothing for an empty text, so the value does not change */
	if (p->state == PERSISTED_NOTHING || !other || other->type != NODE_SCALAR ||
	    !*other->text)
		return false;
	change_set(c, STATE_FAILED, REASON_PERSISTED_CONFLICT,
	           "the Bottlerocket settings hold %s (%s), which excludes this key and "
	           "cannot be unset",
	           other->key, other->text);
	change_remedy(
		c,
		"set %s instead, add `persist: false`, or empty the stored one: apiclient set "
		"--json '{\"kernel\":{\"sysctl\":{\"%s\":\"\"}}}'",
		known->excludes, other->key);
	return true;
}

static bool is_now(const struct resource *r, const char *text)
{
	return r->seen.now && text && strcmp(r->seen.now, text) == 0;
}

/* Whether the line is in the file that persists the value. */
static bool is_own(const struct persistence *p, const struct sysctl_d_entry *e)
{
	return p->file ? strcmp(e->file, p->file) == 0 : e->settings;
}

static const char *store_name(const struct persistence *p)
{
	return p->file ? p->file : "the Bottlerocket settings";
}

/* The stored value is right, the live value is not. */
static void attribute_overridden(const struct resource *r, const struct persistence *p,
                                 const struct sysctl_d_entry *e, struct change *c)
{
	if (e && !is_own(p, e) && is_now(r, e->value)) {
		change_set(c, STATE_DRIFT, REASON_PERSISTED_OVERRIDDEN,
		           "is %s, should be %s, which is persisted: %s:%u overrides it",
		           r->seen.now, r->spec.want, e->file, e->line);
		change_remedy(c, "remove it from %s, then run: hosttune apply", e->file);
		return;
	}
	change_set(
		c, STATE_DRIFT, REASON_PERSISTED_OVERRIDDEN,
		"is %s, should be %s, which is persisted: it was changed at run time, or "
		"the kernel refused it at boot",
		r->seen.now, r->spec.want);
	change_remedy(
		c,
		"run: hosttune apply (it reports a value that the kernel refuses); if it "
		"succeeds, find the process that changes the value");
}

/* Whether a file of sysctl.d is read after another, wherever the two lie. */
static bool comes_later(const char *file, const char *other)
{
	return strcmp(strrchr(file, '/'), strrchr(other, '/')) > 0;
}

/* Explain a live value that differs. */
static void attribute_drift(const struct resource *r, const struct persistence *p,
                            const struct sysctl_d_entry *e, struct change *c)
{
	if (p->state == PERSISTED_SAME) {
		attribute_overridden(r, p, e, c);
		return;
	}
	if (p->lacks && !p->file)
		change_set(
			c, STATE_DRIFT, REASON_NOT_PERSISTED,
			"is %s, should be %s, which is persisted but cannot be set at boot: %s is "
			"missing or different",
			r->seen.now, r->spec.want, p->lacks);
	else if (p->state == PERSISTED_OTHER && is_now(r, r->seen.persisted))
		change_set(c, STATE_DRIFT, REASON_PERSISTED_DIFFERS,
		           "is %s, as set in %s, should be %s", r->seen.now,
		           store_name(p), r->spec.want);
	else if (e && !is_own(p, e) && is_now(r, e->value))
		change_set(c, STATE_DRIFT, REASON_LIVE_DIFFERS,
		           "is %s, as set by %s:%u, should be %s", r->seen.now, e->file,
		           e->line, r->spec.want);
	else
		return;
	if (p->settings || !e || (p->file && !comes_later(e->file, p->file)))
		change_remedy(c, "hosttune apply");
	else if (p->file)
		change_remedy(c, "change it in %s, then run: hosttune apply", e->file);
	else
		change_remedy(c, "change it in %s, or run hosttune apply at each boot",
		              e->file);
}

/* Whether a value satisfies the profile. */
static bool satisfies(const struct sysctl_value *v, const char *text)
{
	_free_ char *resolved = sysctl_value_resolve(v, text);

	return strcmp(resolved, text) == 0;
}

/* The line that sets the key, or one that excludes it, at each boot after ours. */
static bool finds_winner(const struct resource *r, const struct sysctl_value *v,
                         const struct persistence *p, struct sysctl_d_entry *ret)
{
	const struct sysctl_known *known = sysctl_known_find(r->name);
	struct sysctl_d_entry own, other;

	if (!sysctl_d_at_boot(p->origins, r->name, &own))
		return false;
	*ret = own;
	if (!is_own(p, &own) && (!own.value || !satisfies(v, own.value)))
		return p->file || (own.beats && own.value);
	if (!known || !known->excludes || !p->file ||
	    !sysctl_d_at_boot(p->origins, known->excludes, &other) || !other.value ||
	    other.rank < own.rank || strcmp(other.value, "0") == 0)
		return false;
	*ret = other;
	return true;
}

/* The value is right, here and where it persists: does it last? */
static void attribute_boot(const struct resource *r, const struct sysctl_value *v,
                           const struct persistence *p, struct change *c)
{
	const char *unknown = sysctl_d_unknown(p->origins);
	struct sysctl_d_entry e;

	if (p->file && unknown) {
		change_set(c, STATE_FAILED, REASON_NOT_READABLE,
		           "in sync, but it is unknown what the next boot sets: %s",
		           unknown);
	} else if (finds_winner(r, v, p, &e)) {
		change_set(
			c, STATE_DRIFT, REASON_PERSISTED_OVERRIDDEN,
			e.value ? "%s:%u sets %s at each boot, after %s"
				: "%s:%u excludes the key%s: no boot sets it, nor does %s",
			e.file, e.line, e.value ? e.value : "", store_name(p));
		change_remedy(c, "remove it from %s", e.file);
	}
}

/* Another file may already set the value that hosttune would store. */
static bool is_set_anyway(const struct resource *r, const struct sysctl_value *v,
                          const struct persistence *p)
{
	struct sysctl_d_entry e;

	return p->file && p->state == PERSISTED_ABSENT && !p->lacks &&
	       !sysctl_d_unknown(p->origins) &&
	       sysctl_d_at_boot(p->origins, r->name, &e) && e.value &&
	       satisfies(v, e.value);
}

void sysctl_persist_attribute(const struct resource *r, const struct sysctl_value *v,
                              const struct persistence *p, struct change *c)
{
	struct sysctl_d_entry found, *e = NULL;

	if (c->state != STATE_OK && c->state != STATE_DRIFT)
		return;
	if (attribute_pair(r, p, c))
		return;
	if (p->origins && sysctl_d_find(p->origins, r->name, &found))
		e = &found;
	if (c->reason == REASON_LIVE_DIFFERS)
		attribute_drift(r, p, e, c);
	else if (c->state == STATE_OK && p->state == PERSISTED_SAME && p->origins)
		attribute_boot(r, v, p, c);
	else if (c->reason == REASON_NOT_PERSISTED && p->origins &&
	         is_set_anyway(r, v, p))
		change_clear(c);
}
