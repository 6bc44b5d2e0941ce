/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A Bottlerocket setting, to set back. The API cannot unset one: what was not set before
 * gets a value with the same effect, where there is one, or stays.
 */
#include "bottlerocket/setting.h"
#include "base/mem.h"
#include "base/text/shell.h"
#include "bottlerocket/applier.h"
#include "bottlerocket/form.h"
#include "bottlerocket/secret.h"
#include "bottlerocket/whole.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/persist/wait_applied.h"
#include "engine/plan.h"
#include "engine/undo/revert.h"
#include "engine/undo/undone.h"
#include "host/host.h"
#include "journal/journal.h"
#include "resource/kinds.h"

#include <errno.h>
#include <string.h>

static const struct undone *undone_of(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct undone, r);
}

/* The value to set; NULL: it must stay. */
static const struct node *goal_of(const struct undone *u)
{
	return u->record->previous ? u->record->previous : u->record->instead;
}

/* --- values at their paths -----------------------------------------------------------
 */

static const struct node *value_at(const struct node *tree, char *const *path)
{
	for (size_t i = 1; path[i] && tree; i++)
		tree = node_get(tree, path[i]);
	return tree;
}

static size_t length_of(char *const *path)
{
	size_t n = 0;

	while (path[n])
		n++;
	return n;
}

static bool same(char *const *path, const struct node *a, const struct node *b)
{
	if (!a || !b)
		return a == b;
	return setting_form_same((const char *const *)path + 1, length_of(path) - 1, a,
	                         b);
}

/* For reports: without secrets. NULL: no value. */
static char *shown(char *const *path, const struct node *value)
{
	_node_ struct node *hidden = NULL;

	if (!value)
		return NULL;
	hidden = secret_hide((const char *const *)path + 1, length_of(path) - 1, value);
	return hidden->type == NODE_SCALAR ? mem_dup(hidden->text)
	                                   : node_json_line(hidden);
}

/* The tree that has only this value. */
static void add_at(struct node *tree, char *const *path, const struct node *value)
{
	size_t last = length_of(path) - 1;

	for (size_t i = 1; i < last; i++)
		tree = node_get_map(tree, path[i]);
	node_set(tree, path[last], node_copy(value));
}

/* --- the resource --------------------------------------------------------------------
 */

static int setting_observe(struct resource *r, const struct host *h, struct err *e)
{
	const struct undone *u = undone_of(r);
	_setting_path_ char **path = setting_path_split(r->name, NULL);

	(void)h;
	if (!path || length_of(path) < 2 || strcmp(path[0], "settings") != 0)
		return err_set(e, -EINVAL, "\"%s\": is not the name of a setting",
		               r->name);
	r->seen.now = shown(path, value_at(u->in->persist.live, path));
	mem_set(&r->seen.persisted, mem_dup(r->seen.now));
	return 0;
}

static void diff_without_api(const struct undone *u, struct change *ret)
{
	const struct host *h = u->in->host;

	if (!h->api_socket)
		change_set(ret, STATE_SKIPPED, REASON_API_UNUSED,
		           "the API is not used (%s)",
		           h->no_api ? h->no_api : "--no-api");
	else
		change_set(ret, STATE_FAILED, persist_reason(&u->in->persist), "%s",
		           plan_value(u->in->persist.message, "the API does not answer"));
}

/* `apiclient set --json '{"kernel": ...}'` */
static void remedy(const struct undone *u, char *const *path, struct change *ret)
{
	_node_ struct node *tree = node_new(NODE_MAP);
	_free_ char *json = NULL, *quoted = NULL;

	if (secret_any((const char *const *)path + 1, length_of(path) - 1, goal_of(u)))
		return;
	add_at(tree, path, goal_of(u));
	json = node_json_line(tree);
	quoted = shell_quote(json);
	change_remedy(ret, "apiclient set --json %s", quoted);
}

static void diff_set(const struct undone *u, char *const *path, struct change *ret)
{
	const struct journal_record *record = u->record;
	const struct node *now = value_at(u->in->persist.live, path);
	_free_ char *was = shown(path, record->previous),
		    *set = shown(path, record->desired), *goal = shown(path, goal_of(u));
	const char *is = plan_value(u->r.seen.now, "not set");

	if (same(path, now, record->previous))
		return;
	if (record->instead && !record->previous && same(path, now, record->instead)) {
		change_set(ret, STATE_OK, REASON_CANNOT_UNSET,
		           "the API cannot unset it: %s has the same effect", goal);
	} else if (!same(path, now, record->desired)) {
		change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
		           "is %s: hosttune set %s, and it was %s before", is,
		           plan_value(set, "nothing"), plan_value(was, "not set"));
	} else if (!goal) {
		change_set(ret, STATE_SKIPPED, REASON_CANNOT_UNSET,
		           "remains %s: it was not set before, and the API cannot unset "
		           "a setting",
		           is);
	} else {
		change_set(ret, STATE_DRIFT, REASON_PERSISTED_DIFFERS,
		           "is %s, was %s before", is, plan_value(was, "not set"));
	}
	if (goal && ret->state != STATE_OK)
		remedy(u, path, ret);
}

static void setting_diff(const struct resource *r, struct change *ret)
{
	const struct undone *u = undone_of(r);
	_setting_path_ char **path = setting_path_split(r->name, NULL);

	if (!u->in->persist.live)
		diff_without_api(u, ret);
	else if (u->later)
		undone_later(u, ret);
	else if (path)
		diff_set(u, path, ret);
}

/* finish() of the first sends all. */
static int setting_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                         struct err *e)
{
	(void)h;
	(void)ret_reason;
	(void)e;
	undone_of(r)->in->due = true;
	return 0;
}

/* --- sending -------------------------------------------------------------------------
 */

static void add_due(struct node *tree, const struct resource *r)
{
	_setting_path_ char **path = setting_path_split(r->name, NULL);
	struct change now = {0};

	setting_diff(r, &now);
	if (path && now.state == STATE_DRIFT)
		add_at(tree, path, goal_of(undone_of(r)));
	change_clear(&now);
}

/* What this run sets back, unless another process has just changed it. */
static struct node *collect_due(const struct revert *v)
{
	struct node *tree = node_new(NODE_MAP);

	for (size_t i = 0; i < v->plan.n; i++)
		if (v->plan.resources[i]->kind == &v->stored &&
		    v->plan.resources[i]->run.begun)
			add_due(tree, v->plan.resources[i]);
	return tree;
}

static void send_due(struct revert *v)
{
	struct applier before;

	v->due = false;
	if (sending_begin(&v->sending) < 0)
		return;
	node_free(v->change);
	v->change = collect_due(v);
	whole_reduce(v->change, v->persist.live);
	if (v->change->n == 0)
		return;
	applier_observe(v->host, &before);
	sending_run(&v->sending, v->change);
	/* the host writes its sysctls again: what this run restores comes after that */
	if (sending_wakes_applier(&v->sending, v->change))
		(void)wait_applied(&v->plan, v->host, &before);
}

static int setting_finish(struct resource *r, struct host *h, enum reason *ret_reason,
                          struct err *e)
{
	struct revert *v = undone_of(r)->in;
	_setting_path_ char **path = setting_path_split(r->name, NULL);
	const char *why;

	(void)h;
	if (v->due)
		send_due(v);
	why = path ? sending_why(&v->sending, path[1]) : NULL;
	*ret_reason = persist_reason(&v->persist);
	if (why)
		return err_set(e, v->sending.code, "%s", why);
	return path && value_at(v->change, path) ? 0 : 1;
}

struct kind undone_setting_kind(void)
{
	const struct kind *of = kinds_shaped(SECTION_TREE);

	return (struct kind){.name = of->name,
	                     .section = of->section,
	                     .shape = SECTION_TREE,
	                     .flags = KIND_IRREVERSIBLE,
	                     .size = sizeof(struct undone),
	                     .observe = setting_observe,
	                     .diff = setting_diff,
	                     .apply = setting_apply,
	                     .finish = setting_finish};
}

struct resource *undone_setting(struct revert *v, const struct journal_record *record,
                                struct place at)
{
	struct undone *u = mem_new(1, sizeof(*u));
	_setting_path_ char **path = setting_path_split(record->object, NULL);

	u->in = v;
	u->record = record;
	u->r.kind = &v->stored;
	u->r.name = mem_dup(record->object);
	u->r.spec.at = at;
	u->r.spec.want = path && length_of(path) > 1 ? shown(path, goal_of(u)) : NULL;
	return &u->r;
}
