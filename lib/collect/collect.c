/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/collect.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "bundle/bundle.h"
#include "collect/files.h"
#include "diagnose/diagnose.h"
#include "doc/node.h"
#include "engine/persist/change.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "host/open.h"
#include "profile/profile.h"
#include "resource/kinds.h"

#include <errno.h>
#include <time.h>

/* In UTC, as RFC 3339 has it. */
static void note_time(struct node *manifest)
{
	time_t now = time(NULL);
	struct tm utc;
	char text[32] = "";

	if (gmtime_r(&now, &utc))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	node_set_text(manifest, "time", text);
}

void collect_begin(const struct host *h, const char *version)
{
	struct node *manifest = h->record->manifest;

	node_set(manifest, "version", node_new_uint(BUNDLE_VERSION));
	node_set_text(manifest, "hosttune", version);
	note_time(manifest);
	host_describe(h);
	collect_files(h);
}

void collect_profile(const struct host *h, const struct profile *p)
{
	struct persist persist = {0};
	struct plan plan;

	if (deadline_expired(h->deadline))
		return;
	plan_init(&plan, p);
	plan_observe(&plan, h);
	persist_observe(&persist, &plan, p, h);
	persist_ask_services(&persist, &plan);
	plan_gather_details(&plan, h);
	persist_done(&persist);
}

/* The settings, whether or not a profile names one. */
static void collect_settings(const struct host *h)
{
	_node_ struct node *settings = NULL, *services = NULL;
	struct api *api = NULL;
	struct err ignored;

	if (api_open(h, &api, &ignored) < 0)
		return;
	if (api_settings(api, &settings, &ignored) == 0)
		(void)api_services(api, settings, &services, &ignored);
	api_free(api);
}

int collect_end(const struct host *h, struct err *e)
{
	struct host_facts facts;
	const char *twice;
	struct err ignored;
	int64_t gbps;

	host_facts_read(h, &facts);
	host_facts_done(&facts);
	(void)host_nic_gbps(h, &gbps, &ignored);
	if (!deadline_expired(h->deadline))
		collect_settings(h);
	for (size_t i = 0; kinds[i]; i++)
		if (kinds[i]->record && !deadline_expired(h->deadline))
			kinds[i]->record(h);
	diagnose_record(h);
	if (deadline_expired(h->deadline))
		node_set_text(h->record->manifest, "incomplete",
		              deadline_reason(h->deadline));
	twice = bundle_seal(h->record);
	return twice ? err_set(e, -EEXIST, "%s: is in the bundle twice", twice) : 0;
}
