/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A Bottlerocket setting: one leaf of the settings tree, a list being one leaf.
 *
 * This kind writes nothing to the host. It only says what the API should hold and whether
 * a value is in effect; engine/ compares, and sends all settings in one transaction.
 */
#include "base/mem.h"
#include "bottlerocket/form.h"
#include "bottlerocket/secret.h"
#include "bottlerocket/setting.h"
#include "bottlerocket/withheld.h"
#include "doc/json.h"
#include "doc/node.h"
#include "resource/kinds.h"
#include "settings/check.h"
#include "settings/effect.h"
#include "sysctl/key.h"
#include "sysctl/persisted.h"

#include <stdlib.h>
#include <string.h>

struct setting {
	struct resource r;
	char **path; /* without "settings" */
	enum setting_form form;
	struct node *want;
	struct node *live; /* in effect on the host, where that can be read */
	bool write_only;   /* nobody can read it */
};

/* The segments without "settings", since the API's trees start below it. */
static char **split_name(const char *name)
{
	const char *const top = "settings.";
	bool whole = strncmp(name, top, strlen(top)) == 0;

	return setting_path_split(whole ? name + strlen(top) : name, NULL);
}

static char *setting_text_of(const struct node *n)
{
	return n->type == NODE_SCALAR ? mem_dup(n->text) : node_json_line(n);
}

static size_t segments(const struct setting *s)
{
	size_t n = 0;

	while (s->path[n])
		n++;
	return n;
}

static const char *last_segment(const struct setting *s)
{
	return s->path[segments(s) - 1];
}

/* The value for reports: without secrets. */
static char *setting_shown(const struct setting *s)
{
	_node_ struct node *hidden =
		secret_hide((const char *const *)s->path, segments(s), s->want);

	return setting_text_of(hidden);
}

/* The sysctl section, or another spelling of the key, may set the same. */
static void claim_sysctl(struct setting *s, const struct node *n,
                         struct diagnostics *diag)
{
	_free_ char *key = sysctl_key_canonical(last_segment(s));

	s->r.spec.unique = mem_format("setting kernel.sysctl of %s", key);
	if (n->type != NODE_SCALAR)
		diag_error(diag, n->at, "setting %s: is %s, must be a string", s->r.name,
		           node_type_name(n));
}

/* A path for a name that is none, so that the other hooks need not check. */
static char **no_path(void)
{
	return setting_path_split("\"\"", NULL);
}

/* One setting may have two names, which the API refuses together. */
static char *unique_name(const struct setting *s)
{
	_free_ char *path = NULL;

	if (s->form == SETTING_BOOT)
		return mem_format("setting boot.%s of %s", s->path[1], s->path[2]);
	path = setting_path_format((const char *const *)s->path, segments(s));
	return mem_format("setting %s", path);
}

static bool setting_parse(struct resource *r, const struct node *n,
                          struct diagnostics *diag)
{
	struct setting *s = CONTAINER_OF(r, struct setting, r);
	const char *fault = NULL;

	s->path = split_name(r->name);
	if (!s->path) {
		s->path = no_path();
		fault = "is not the name of a setting";
	}
	s->form = setting_form_of(s->path);
	if (!fault)
		fault = setting_name_fault(s->path, s->form, r->name);
	if (fault)
		diag_error(diag, n->key_at, "setting %s: %s", r->name, fault);
	setting_value_check(&(const struct setting_at){r->name, s->path, s->form}, n,
	                    diag);
	s->want = setting_form_value(s->form, node_copy(n));
	if (s->form == SETTING_SYSCTL)
		claim_sysctl(s, n, diag);
	else
		r->spec.unique = unique_name(s);
	r->spec.want = setting_shown(s);
	return true;
}

static int setting_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct setting *s = CONTAINER_OF(r, struct setting, r);
	int code;

	node_free(TAKE_PTR(s->live));
	code = withheld_check(h, s->path, e);
	if (code == 0)
		code = setting_effect_read(s->form, last_segment(s), h, &s->live, e);
	s->write_only = code > 0;
	r->seen.now = s->live ? setting_text_of(s->live) : NULL;
	return code < 0 ? code : 0;
}

static void setting_diff(const struct resource *r, struct change *ret)
{
	(void)r;
	(void)ret;
}

/* Never called: setting_diff() never reports drift. */
static int setting_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                         struct err *e)
{
	(void)r;
	(void)h;
	(void)ret_reason;
	(void)e;
	return 0;
}

static void setting_persist(const struct resource *r, const struct node *live,
                            struct node *wanted)
{
	const struct setting *s = CONST_CONTAINER_OF(r, struct setting, r);

	setting_form_add(s->form, s->path, s->want, live, wanted);
}

static bool setting_is_unknown(const struct node *n)
{
	bool found = n->unknown;

	node_for_each (item, n)
		found |= setting_is_unknown(item);
	return found;
}

static const char *setting_varies(const struct resource *r)
{
	const struct setting *s = CONST_CONTAINER_OF(r, struct setting, r);

	return setting_is_unknown(s->want) ? VARIES_FORMULA : NULL;
}

static void setting_attribute(const struct resource *r, const struct persistence *p,
                              struct change *c)
{
	const struct setting *s = CONST_CONTAINER_OF(r, struct setting, r);
	const char *now = r->seen.now ? r->seen.now : "nothing";

	if (p->state != PERSISTED_SAME || c->state != STATE_OK)
		return;
	if (s->write_only) {
		change_set(c, STATE_OK, REASON_WRITE_ONLY,
		           "persisted, but a write-only key: whether it took effect "
		           "cannot be read");
		return;
	}
	if (setting_effect_has(s->form, s->want, s->live))
		return;
	if (s->form == SETTING_BOOT) {
		change_set(c, STATE_PENDING, REASON_PENDING_REBOOT,
		           "persisted, takes effect after a reboot: booted with %s", now);
		change_remedy(c, "reboot the node");
		return;
	}
	change_set(c, STATE_DRIFT, REASON_PERSISTED_OVERRIDDEN,
	           "persisted, but the kernel has %s: it was changed at run time, or "
	           "the kernel refused it",
	           now);
	change_remedy(
		c,
		"move it to the section `sysctl:`: hosttune writes those and reads them back");
}

static void setting_done(struct resource *r)
{
	struct setting *s = CONTAINER_OF(r, struct setting, r);

	node_free(s->live);
	setting_path_free(s->path);
	node_free(s->want);
}

/* The socket of the API is a file of root. */
static uint64_t setting_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return 0;
}

const struct kind kind_setting = {
	.name = "setting",
	.section = "settings",
	.doc = "Bottlerocket settings, as \"apiclient get settings\" shows them",
	.page = "docs/persistence.md",
	.shape = SECTION_TREE,
	.size = sizeof(struct setting),
	/* the API cannot unset a setting, so a new one stays */
	.flags = KIND_IRREVERSIBLE,
	.parse = setting_parse,
	.observe = setting_observe,
	.diff = setting_diff,
	.capabilities = setting_capabilities,
	.apply = setting_apply,
	.persist = setting_persist,
	.varies = setting_varies,
	.attribute = setting_attribute,
	.done = setting_done,
};
