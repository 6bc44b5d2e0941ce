/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "diagnose/rules/finding.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/diagnosis/diagnosis.h"
#include "report/tree.h"

static struct node *host_node(const struct diagnosis_report *r)
{
	struct node *n = node_new(NODE_MAP);

	if (!r->host)
		return n;
	node_set_text_or_null(n, "name", r->facts ? r->facts->hostname : NULL);
	node_set_text_or_null(n, "instance_type",
	                      r->facts ? r->facts->instance_type : NULL);
	node_set_text(n, "root", *r->host->root ? r->host->root : "/");
	node_set_text(n, "kernel", r->host->release);
	return n;
}

static struct node *evidence_node(const struct evidences *e)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < e->n; i++) {
		struct node *n = node_new(NODE_MAP);

		node_set_text(n, "text", e->list[i].text);
		node_set_text_or_null(n, "where", e->list[i].where);
		node_append(list, n);
	}
	return list;
}

static struct node *finding_node(const struct finding *f)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "reason", f->reason);
	node_set_text(n, "severity", finding_severity_words[f->severity]);
	node_set_text(n, "subject", f->subject);
	node_set_text(n, "message", f->text);
	node_set_text_or_null(n, "why", f->why);
	node_set_text_or_null(n, "remedy", f->remedy);
	node_set_text_or_null(n, "source", f->source);
	if (f->count > 0)
		node_set(n, "count", node_new_uint(f->count));
	node_set(n, "evidence", evidence_node(&f->evidence));
	return n;
}

static struct node *verdict_node(const struct verdict *v)
{
	struct node *n, *next;

	if (!v->reason)
		return node_new_null();
	n = node_new(NODE_MAP);
	next = node_new(NODE_LIST);
	node_set_text(n, "reason", v->reason);
	node_set_text(n, "confidence", confidence_words[v->confidence]);
	node_set_text(n, "message", v->text);
	node_set(n, "evidence", evidence_node(&v->evidence));
	for (size_t i = 0; i < v->n_next; i++)
		node_append(next, node_new_text(v->next[i]));
	node_set(n, "next", next);
	return n;
}

static struct node *summary_node(const struct diagnosis *d)
{
	struct node *n = node_new(NODE_MAP);

	for (enum finding_severity s = 0; s < FINDING_SEVERITIES; s++)
		node_set(n, finding_severity_words[s],
		         node_new_uint(diagnosis_count(d, s)));
	node_set(n, "not_checked", node_new_uint(d->n_unchecked));
	return n;
}

static struct node *served_node(const struct served *s)
{
	struct node *n = node_new(NODE_MAP), *list = node_new(NODE_LIST);

	node_set_text(n, "device", s->device);
	for (size_t i = 0; i < s->interrupts.n; i++) {
		const struct host_interrupt *in = &s->interrupts.list[i];
		_free_ char *cpus = cpuset_list(&in->cpus);
		struct node *one = node_new(NODE_MAP);

		node_set(one, "irq", node_new_uint(in->number));
		node_set_text(one, "name", in->action);
		node_set_text(one, "cpus", cpus);
		node_append(list, one);
	}
	node_set(n, "queues", list);
	return n;
}

static struct node *all_served_node(const struct served_list *l)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < l->n; i++)
		node_append(list, served_node(&l->list[i]));
	return list;
}

void report_diagnosis_json(const struct diagnosis_report *r, FILE *out)
{
	_node_ struct node *doc = node_new(NODE_MAP);
	struct node *findings = node_new(NODE_LIST), *unchecked = node_new(NODE_LIST);

	node_set(doc, "version", node_new_uint(1));
	node_set(doc, "host", host_node(r));
	node_set(doc, "seconds", node_new_uint(r->d->seconds));
	node_set(doc, "verdict", verdict_node(&r->d->verdict));
	for (size_t i = 0; i < r->d->n; i++)
		node_append(findings, finding_node(&r->d->findings[i]));
	node_set(doc, "findings", findings);
	for (size_t i = 0; i < r->d->n_unchecked; i++) {
		struct node *n = node_new(NODE_MAP);

		node_set_text(n, "what", r->d->unchecked[i].what);
		node_set_text(n, "why", r->d->unchecked[i].why);
		node_append(unchecked, n);
	}
	node_set(doc, "not_checked", unchecked);
	node_set(doc, "interrupts", all_served_node(&r->d->served));
	node_set(doc, "summary", summary_node(r->d));
	report_tree_json(doc, out);
}
