/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/prometheus.h"

#include "engine/aside.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "report/audit/audit.h"
#include "report/metric.h"

#include <inttypes.h>

static bool is_off(enum state s)
{
	return s != STATE_OK && s != STATE_CHANGED && s != STATE_SKIPPED;
}

void prometheus_resource(FILE *out, size_t i, const struct resource *r, enum state state,
                         bool waived)
{
	if (i == 0)
		metric_family(
			out, "resource_drift", "gauge",
			"1 if the resource is not in sync with the profile, and not "
			"waived.");
	(void)fputs("hosttune_resource_drift", out);
	metric_label(out, '{', "kind", r->kind->name);
	metric_label(out, ',', "name", r->name);
	metric_label(out, ',', "state", state_word(state));
	(void)fprintf(out, "} %d\n", is_off(state) && !waived);
}

static void counts(FILE *out, const size_t *by_state, size_t waived, bool api_failed)
{
	bool in_sync = !api_failed;

	metric_family(out, "resources", "gauge", "Resources of the profile, by state.");
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++) {
		(void)fprintf(out, "hosttune_resources{state=\"%s\"} %zu\n",
		              state_word(s), by_state[s]);
		in_sync &= !is_off(s) || by_state[s] == 0;
	}
	metric_gauge(out, "resources_waived",
	             "Resources that differ, and that a waiver of the profile covers.",
	             waived);
	metric_gauge(
		out, "in_sync",
		"Whether all resources of the profile are in sync, and the API that it "
		"requires has answered.",
		in_sync);
}

void prometheus_sums(FILE *out, const size_t *by_state, size_t waived,
                     enum persist_state api, bool api_failed, int64_t unix_s)
{
	counts(out, by_state, waived, api_failed);
	if (api_failed || (api != PERSIST_UNUSED && api != PERSIST_ABSENT))
		metric_gauge(
			out, "api_up",
			"Whether the Bottlerocket API answered and accepted the request.",
			api == PERSIST_OK);
	metric_gauge(out, "last_audit_timestamp_seconds",
	             "When the profile was last compared with the host.",
	             (uint64_t)unix_s);
}

void report_prometheus(const struct report *r, FILE *out)
{
	const struct plan *p = r->plan;

	for (size_t i = 0; i < p->n; i++)
		prometheus_resource(out, i, p->resources[i],
		                    p->resources[i]->run.change.state,
		                    aside_is_waived(p->resources[i]));
	prometheus_sums(out, p->counts, p->n_waived, r->persist->state,
	                persist_failed(r->persist), r->now_s);
}
