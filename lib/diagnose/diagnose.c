/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/diagnose.h"

#include "base/deadline.h"
#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/log/log.h"
#include "diagnose/nfs/nfs.h"
#include "diagnose/node/interfaces.h"
#include "diagnose/node/mounts.h"
#include "diagnose/node/node.h"
#include "diagnose/node/queues.h"
#include "diagnose/node/sysctls.h"
#include "diagnose/node/versions.h"
#include "diagnose/pods/pods.h"
#include "diagnose/rules/evaluate.h"
#include "diagnose/rules/verdict_findings.h"
#include "diagnose/rules/verdict_support.h"
#include "host/host.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

/* All sources, in the order in which they are read. */
static const struct diagnose_source *const sources[] = {
	&source_node,
	&source_versions,
	&source_mounts,
	&source_queues,
	&source_interfaces,
	&source_sysctls,
	&source_nfs,
	/* counters */
	&source_clock,
	&source_cpu,
	&source_memory,
	&source_pressure,
	&source_protocol,
	&source_drives,
	&source_space,
	&source_tasks,
	&source_irqs,
	&source_served,
	&source_cards,
	&source_nfsd,
	/* the kernel log */
	&source_log,
	/* volumes of pods */
	&source_pods,
};

static bool takes_part(const struct diagnose_run *run, const struct diagnose_source *s)
{
	return (run->h || !s->needs_host) && !(run->cheap && s->expensive);
}

static void wait_between(const struct diagnose_run *run)
{
	struct deadline end = deadline_in_ms((int64_t)run->seconds * 1000);
	int left;

	while ((left = deadline_left_ms(deadline_earlier(end, run->h->deadline),
	                                INT_MAX)) > 0)
		(void)poll(NULL, 0, left);
}

static struct deadline until(const struct diagnose_run *run)
{
	return run->h ? run->h->deadline : run->log.until;
}

/* A source that was started is ended: it frees what it has, and that is only one reading.
 */
static void end_in_time(struct diagnose_run *run, const struct diagnose_source *s,
                        void *first)
{
	_free_ char *part = NULL;

	if (!takes_part(run, s))
		return;
	if (first || !run->h || !deadline_expired(until(run))) {
		s->end(run, first);
		return;
	}
	part = mem_format("of the node: %s", s->name);
	unchecked_add(run->d, part, deadline_reason(until(run)));
}

int diagnose(struct diagnose_run *run)
{
	void *first[ARRAY_SIZE(sources)] = {NULL};

	for (size_t i = 0; run->seconds > 0 && i < ARRAY_SIZE(sources); i++)
		if (takes_part(run, sources[i]) && sources[i]->begin &&
		    !deadline_expired(until(run)))
			first[i] = sources[i]->begin(run);
	if (run->seconds > 0)
		wait_between(run);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		end_in_time(run, sources[i], first[i]);
	run->d->seconds = run->seconds;
	/* a log alone has no measures */
	if (run->h)
		rules_evaluate(run->rules, &run->measures, run->d);
	diagnosis_sort(run->d);
	verdict_add_support(run->rules, run->d);
	verdict_of_findings(run->rules, run->d);
	measures_done(&run->measures);
	return deadline_expired(until(run)) ? -ETIME : 0;
}

void diagnose_record(const struct host *h)
{
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	const struct rules none = {0};
	struct diagnose_run run = {.h = h, .rules = &none, .d = &d};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (!deadline_expired(h->deadline))
			sources[i]->end(&run, NULL);
	measures_done(&run.measures);
}
