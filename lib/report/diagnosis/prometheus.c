/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A diagnosis as metrics, of hosttune diagnose and of the watch. */
#include "diagnose/rules/finding.h"
#include "report/diagnosis/diagnosis.h"
#include "report/metric.h"

#include <inttypes.h>
#include <string.h>

/* Whether an earlier finding has the same labels: a metric has each set of them once. */
static bool is_repeated(const struct diagnosis *d, size_t i)
{
	const struct finding *f = &d->findings[i];

	for (size_t j = 0; j < i; j++)
		if (d->findings[j].severity == f->severity &&
		    strcmp(d->findings[j].reason, f->reason) == 0 &&
		    strcmp(d->findings[j].subject, f->subject) == 0)
			return true;
	return false;
}

static void findings(const struct diagnosis *d, FILE *out)
{
	if (d->n > 0)
		metric_family(out, "finding", "gauge",
		              "1 for each finding of the last diagnosis.");
	for (size_t i = 0; i < d->n; i++) {
		const struct finding *f = &d->findings[i];

		if (is_repeated(d, i))
			continue;
		(void)fputs("hosttune_finding", out);
		metric_label(out, '{', "reason", f->reason);
		metric_label(out, ',', "severity", finding_severity_words[f->severity]);
		metric_label(out, ',', "subject", f->subject);
		(void)fputs("} 1\n", out);
	}
	metric_family(out, "findings", "gauge",
	              "Findings of the last diagnosis, by severity.");
	for (enum finding_severity s = 0; s < FINDING_SEVERITIES; s++)
		(void)fprintf(out, "hosttune_findings{severity=\"%s\"} %zu\n",
		              finding_severity_words[s], diagnosis_count(d, s));
}

static void verdict(const struct verdict *v, FILE *out)
{
	if (!v->reason)
		return;
	metric_family(out, "verdict", "gauge", "1 for the verdict over all findings.");
	(void)fputs("hosttune_verdict", out);
	metric_label(out, '{', "reason", v->reason);
	metric_label(out, ',', "confidence", confidence_words[v->confidence]);
	(void)fputs("} 1\n", out);
}

void report_diagnosis_prometheus(const struct diagnosis_report *r, FILE *out)
{
	findings(r->d, out);
	verdict(&r->d->verdict, out);
	metric_gauge(out, "diagnosis_unchecked",
	             "Rules and measures that the last diagnosis could not check.",
	             r->d->n_unchecked);
	metric_gauge(out, "last_diagnosis_timestamp_seconds",
	             "When the node was last diagnosed.", (uint64_t)r->now_s);
}
