/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "reverting.h"

#include "base/stop.h"
#include "engine/undo/revert.h"
#include "host/facts.h"
#include "host/host.h"
#include "profile/profile.h"
#include "report/audit/audit.h"
#include "report/revert/revert.h"

#include <time.h>

void reverting_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct reverting *r = ctx;
	const struct revert_report text = {.revert = r->revert,
	                                   .acted = r->acted,
	                                   .quiet = r->o->quiet,
	                                   .verbose = r->o->verbose};
	struct host_facts facts;
	const struct profile none = {0};

	(void)log;
	if (f == FORMAT_TEXT) {
		report_revert_text(&text, out);
		return;
	}
	host_facts_read(r->host, &facts);
	report_json(&(struct report){.host = r->host,
	                             .facts = &facts,
	                             .profile = &none,
	                             .plan = &r->revert->plan,
	                             .persist = &r->revert->persist,
	                             .applied = r->acted,
	                             .now_s = (int64_t)time(NULL)},
	            out);
	host_facts_done(&facts);
}

enum exit_code reverting_exit_code(const struct revert *v, bool acted)
{
	if (v->plan.expired)
		return stop_signal() ? EXIT_SIGNAL : EXIT_DEADLINE;
	if (v->plan.counts[STATE_FAILED] && v->persist.state != PERSIST_UNUSED &&
	    v->persist.state != PERSIST_OK)
		return EXIT_API;
	if (v->plan.counts[STATE_FAILED])
		return EXIT_FAILED;
	return !acted && v->plan.counts[STATE_DRIFT] ? EXIT_DRIFT : EXIT_IN_SYNC;
}
