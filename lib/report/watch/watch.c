/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The metrics of the watch. */
#include "report/watch/watch.h"

#include "base/macro.h"
#include "profile/profile.h"
#include "report/audit/prometheus.h"
#include "report/diagnosis/diagnosis.h"
#include "report/metric.h"
#include "watch/counters.h"
#include "watch/watch.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static void remediation(FILE *out, const struct remediation *m)
{
	metric_family(out, "audits_total", "counter", "Audits that finished, by result.");
	(void)fprintf(out,
	              "hosttune_audits_total{result=\"done\"} %" PRIu64 "\n"
	              "hosttune_audits_total{result=\"failed\"} %" PRIu64 "\n",
	              m->audits - m->failed, m->failed);
	metric_counter(out, "mended_total", "Drifted resources that were fixed.",
	               m->remediated);
	if (!m->known)
		return;
	for (size_t i = 0; i < m->n; i++)
		prometheus_resource(out, i, m->profile->resources[i], m->states[i],
		                    m->waived[i]);
	prometheus_sums(out, m->counts, m->n_waived, m->api, m->api_failed,
	                m->finished_s);
}

static void enforcement(FILE *out, const struct enforcement *p)
{
	bool first = true;

	metric_gauge(out, "nfsd_threads_wanted",
	             "Threads that the profile sets for each NFS server; 0: not set.",
	             p->wanted);
	/* a number that cannot be read is unknown, not 0 */
	if (!p->uncounted)
		metric_gauge(
			out, "nfsd_threads_node",
			"Threads of all NFS servers of the node, counted by the kernel.",
			p->threads);
	metric_gauge(out, "nfsd_threads_unreached",
	             "Those of them in network namespaces that cannot be entered.",
	             p->unreached);
	for (size_t i = 0; i < p->places.n; i++) {
		if (p->places.list[i].threads == 0)
			continue;
		if (first)
			metric_family(
				out, "nfsd_threads", "gauge",
				"Threads of the NFS server in a network namespace.");
		first = false;
		(void)fprintf(out, "hosttune_nfsd_threads{netns=\"%" PRIu64 "\"} %u\n",
		              p->places.list[i].ns.ino, p->places.list[i].threads);
	}
	metric_counter(out, "nfsd_pins_total", "Changes of a server's number of threads.",
	               p->enforced);
	metric_counter(out, "nfsd_pin_failures_total",
	               "Changes of a server's number of threads that failed.", p->failed);
	metric_counter(out, "watch_looks_total",
	               "Searches for NFS servers after a change.", p->scans);
	metric_counter(out, "watch_namespaces_entered_total",
	               "Network namespaces entered by these searches.", p->entered);
}

static void softnet(FILE *out, const struct softnet *s)
{
	static const struct {
		const char *name, *help;
		size_t offset;
	} columns[] = {
		{"softnet_processed_total", "Packets received.",
	         offsetof(struct softnet_cpu, processed)},
		{"softnet_dropped_total",
	         "Packets dropped because net.core.netdev_max_backlog was full.",
	         offsetof(struct softnet_cpu, dropped)},
		{"softnet_times_squeezed_total",
	         "Times that net.core.netdev_budget or its time limit ran out.",
	         offsetof(struct softnet_cpu, squeezed)},
	};

	for (size_t c = 0; c < ARRAY_SIZE(columns) && s->n > 0; c++) {
		metric_family(out, columns[c].name, "counter", columns[c].help);
		for (size_t i = 0; i < s->n; i++) {
			const char *row = (const char *)&s->list[i];
			uint32_t value;

			memcpy(&value, row + columns[c].offset, sizeof(value));
			(void)fprintf(out,
			              "hosttune_%s{cpu=\"%" PRIu32 "\"} %" PRIu32 "\n",
			              columns[c].name, s->list[i].cpu, value);
		}
	}
}

static void nfsd(FILE *out, const struct nfsd_stats *s)
{
	if (s->has_rpc) {
		metric_counter(out, "nfsd_rpc_calls_total",
		               "NFS calls in the host's network namespace.", s->calls);
		metric_counter(out, "nfsd_connections_total", "TCP connections accepted.",
		               s->connections);
	}
	if (!s->has_pools)
		return;
	metric_counter(out, "nfsd_pool_packets_arrived_total", "Requests that arrived.",
	               s->arrived);
	metric_counter(out, "nfsd_pool_sockets_enqueued_total",
	               "Requests that found no idle thread.", s->enqueued);
	metric_counter(out, "nfsd_pool_threads_woken_total",
	               "Requests that woke a thread.", s->woken);
}

static void diagnoses(FILE *out, const struct findings *f)
{
	const struct diagnosis_report report = {.d = &f->last, .now_s = f->finished_s};

	metric_family(out, "diagnoses_total", "counter",
	              "Diagnoses that finished, by result.");
	(void)fprintf(out,
	              "hosttune_diagnoses_total{result=\"done\"} %" PRIu64 "\n"
	              "hosttune_diagnoses_total{result=\"failed\"} %" PRIu64 "\n",
	              f->diagnoses - f->failed, f->failed);
	if (f->known)
		report_diagnosis_prometheus(&report, out);
}

void report_prometheus_watch(const struct watch *w, const struct watch_counters *f,
                             FILE *out)
{
	enforcement(out, &w->enforcement);
	metric_gauge(out, "last_look_timestamp_seconds",
	             "When hosttune last searched for NFS servers.",
	             (uint64_t)w->scanned_s);
	remediation(out, &w->remediation);
	diagnoses(out, &w->findings);
	metric_family(out, "reloads_total", "counter",
	              "Profile reloads on SIGHUP, by result.");
	(void)fprintf(out,
	              "hosttune_reloads_total{result=\"loaded\"} %" PRIu64 "\n"
	              "hosttune_reloads_total{result=\"refused\"} %" PRIu64 "\n",
	              w->reloads, w->bad_reloads);
	nfsd(out, &f->nfsd);
	softnet(out, &f->softnet);
}
