/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/diagnose.h"

#include "base/deadline.h"
#include "base/macro.h"
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

static int wait_between(const struct diagnose_run *run)
{
	struct deadline end = deadline_in_ms((int64_t)run->seconds * 1000);
	int left;

	while ((left = deadline_left_ms(deadline_earlier(end, run->h->deadline),
	                                INT_MAX)) > 0)
		(void)poll(NULL, 0, left);
	return deadline_expired(run->h->deadline) ? -ETIME : 0;
}

int diagnose(struct diagnose_run *run)
{
	void *first[ARRAY_SIZE(sources)] = {NULL};
	int r = 0;

	for (size_t i = 0; run->seconds > 0 && i < ARRAY_SIZE(sources); i++)
		if (takes_part(run, sources[i]) && sources[i]->begin)
			first[i] = sources[i]->begin(run);
	if (run->seconds > 0)
		r = wait_between(run);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (takes_part(run, sources[i]))
			sources[i]->end(run, first[i]);
	run->d->seconds = run->seconds;
	if (!run->h && deadline_expired(run->log.until))
		r = -ETIME;
	/* a log alone has no measures */
	if (run->h)
		rules_evaluate(run->rules, &run->measures, run->d);
	diagnosis_sort(run->d);
	verdict_add_support(run->rules, run->d);
	verdict_of_findings(run->rules, run->d);
	measures_done(&run->measures);
	return r;
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
