/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fleet/record.h"

#include "doc/node.h"
#include "engine/persist/persist.h"

#include <errno.h>
#include <string.h>

#define VERSION "1"

const char *fleet_text(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR && !n->plain ? n->text : NULL;
}

bool fleet_is_true(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR && n->plain && strcmp(n->text, "true") == 0;
}

int fleet_text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a ? 1 : 0) - (b ? 1 : 0);
	return strcmp(a, b);
}

static bool is_null(const struct node *n)
{
	return n->type == NODE_SCALAR && n->plain && strcmp(n->text, "null") == 0;
}

static bool find_state(const char *word, enum state *ret)
{
	for (enum state s = STATE_OK; word && s <= STATE_SKIPPED; s++) {
		*ret = s;
		if (strcmp(word, state_word(s)) == 0)
			return true;
	}
	return false;
}

/* Return: the value of a key; NULL: it has none, or null. */
static const struct node *given(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && !is_null(n) ? n : NULL;
}

static int check_record(const struct node *record, size_t i, struct err *e)
{
	static const char *const required[] = {"kind", "name", "state"};
	static const char *const optional[] = {"reason", "wanted", "live"};
	const struct node *waived = given(record, "waived");
	enum state ignored;

	for (size_t k = 0; k < ARRAY_SIZE(required); k++)
		if (!fleet_text(record, required[k]))
			return err_set(e, -EBADMSG, "resources[%zu]: has no \"%s\"", i,
			               required[k]);
	for (size_t k = 0; k < ARRAY_SIZE(optional); k++)
		if (given(record, optional[k]) && !fleet_text(record, optional[k]))
			return err_set(e, -EBADMSG,
			               "resources[%zu]: \"%s\" is not a text", i,
			               optional[k]);
	if (waived && waived->type != NODE_MAP)
		return err_set(e, -EBADMSG, "resources[%zu]: \"waived\" is not an object",
		               i);
	if (!find_state(fleet_text(record, "state"), &ignored))
		return err_set(e, -EBADMSG, "resources[%zu]: state \"%.40s\": unknown", i,
		               fleet_text(record, "state"));
	return 0;
}

static int check_version(const struct node *report, struct err *e)
{
	const struct node *version = node_get(report, "version");

	if (!version || version->type != NODE_SCALAR)
		return err_set(e, -EBADMSG,
		               "not a report of hosttune: has no \"version\"");
	if (!version->plain || strcmp(version->text, VERSION) != 0)
		return err_set(e, -EBADMSG,
		               "version %s%.40s%s: not supported (this program reads "
		               "version " VERSION ")",
		               version->plain ? "" : "\"", version->text,
		               version->plain ? "" : "\"");
	return 0;
}

static bool is_boolean(const struct node *n)
{
	return n->type == NODE_SCALAR && n->plain &&
	       (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0);
}

static bool find_api_state(const char *word, enum persist_state *ret)
{
	for (*ret = PERSIST_UNUSED; word && persist_state_word(*ret); ++*ret)
		if (strcmp(word, persist_state_word(*ret)) == 0)
			return true;
	return false;
}

static int check_api(const struct node *report, struct err *e)
{
	const struct node *api = given(report, "api"), *needed;
	const char *state = fleet_text(api, "state");
	enum persist_state ignored;

	if (!api)
		return 0;
	if (api->type != NODE_MAP || !state)
		return err_set(e, -EBADMSG, "api: has no \"state\"");
	if (!find_api_state(state, &ignored))
		return err_set(e, -EBADMSG, "api: state \"%.40s\": unknown", state);
	/* older reports do not have it */
	needed = node_get(api, "needed");
	return needed && !is_boolean(needed)
	               ? err_set(e, -EBADMSG, "api: \"needed\" is not true or false")
	               : 0;
}

static int check_host(const struct node *report, struct err *e)
{
	const struct node *host = given(report, "host");

	if (host && host->type != NODE_MAP)
		return err_set(e, -EBADMSG, "\"host\" is not an object");
	if (given(host, "name") && !fleet_text(host, "name"))
		return err_set(e, -EBADMSG, "host: \"name\" is not a text");
	return 0;
}

int fleet_report_check(const struct node *report, struct err *e)
{
	const struct node *resources = node_get(report, "resources");
	int r = 0;

	if (report->type == NODE_LIST)
		return err_set(e, -EBADMSG,
		               "a list, not a report (jq -c '.[]' prints its items)");
	r = check_version(report, e);
	if (r == 0)
		r = check_host(report, e);
	if (r == 0)
		r = check_api(report, e);
	if (r < 0)
		return r;
	if (!resources || resources->type != NODE_LIST)
		return err_set(e, -EBADMSG,
		               "has no list \"resources\" (it is not from audit or "
		               "apply -o json)");
	for (size_t i = 0; i < resources->n && r == 0; i++)
		r = check_record(resources->items[i], i, e);
	return r;
}

const char *fleet_api_reason(const struct node *report)
{
	const struct node *api = node_get(report, "api");
	struct persist s = {.needed = fleet_is_true(api, "needed")};

	if (!find_api_state(fleet_text(api, "state"), &s.state) || !persist_failed(&s))
		return NULL;
	return reason_word(persist_reason(&s));
}

struct fleet_record fleet_record_read(const struct node *record)
{
	struct fleet_record r = {
		.kind = fleet_text(record, "kind"),
		.name = fleet_text(record, "name"),
		.reason = fleet_text(record, "reason"),
		.wanted = fleet_text(record, "wanted"),
		.live = fleet_text(record, "live"),
	};

	(void)find_state(fleet_text(record, "state"), &r.state);
	r.waived = given(record, "waived");
	if (r.waived)
		r.state = STATE_SKIPPED;
	return r;
}
