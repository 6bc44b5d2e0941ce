/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/log.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/log/episode.h"
#include "diagnose/log/reader.h"
#include "diagnose/log/scan.h"
#include "diagnose/rules/template.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KERNEL_LOG "/dev/kmsg"
#define WHAT       "kernel log"

/* Findings of one log. */
#define GROUPS_MAX 1024

struct reading {
	const char *file;
	struct log_groups groups;
	struct episode episode;
};

static void take_event(const struct log_event *e, void *arg)
{
	struct reading *r = arg;

	log_groups_add(&r->groups, e);
	episode_add(&r->episode, e);
}

/* --- findings ------------------------------------------------------------------------
 */

struct filling {
	const struct rules *rules;
	const struct log_event *e;
};

static char *value_of(const char *name, size_t len, const void *arg)
{
	const struct filling *f = arg;
	const char *value = log_fields_get(&f->e->fields, name, len);

	if (len == strlen(LOG_RULE_STACK) && strncmp(name, LOG_RULE_STACK, len) == 0)
		return mem_dup(f->e->has_stack
		                       ? stack_class_name(&f->rules->stacks, f->e->stacks)
		                       : "unknown");
	if (len == strlen(PLACEHOLDER_SUBJECT) &&
	    strncmp(name, PLACEHOLDER_SUBJECT, len) == 0)
		return mem_dup(*f->e->subject ? f->e->subject : "the node");
	return mem_dup(value ? value : "unknown");
}

/* "3 times from [  120.000000] to [ 8123.456789]" */
static char *count_line(uint64_t count, const struct log_time *first,
                        const struct log_time *last)
{
	_free_ char *from = log_time_format(first), *to = log_time_format(last);

	if (!from || count == 1)
		return mem_format("%" PRIu64 " time%s%s%s", count, count == 1 ? "" : "s",
		                  from ? " at " : "", from ? from : "");
	return mem_format("%" PRIu64 " times from %s to %s", count, from, to);
}

static void add_counts(const struct log_group *g, struct evidences *out)
{
	size_t n = g->n_boots < GROUP_BOOTS_MAX ? (size_t)g->n_boots : GROUP_BOOTS_MAX;

	if (g->count == 1)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct group_boot *b = &g->boots[i];
		_free_ char *line = count_line(b->count, &b->first, &b->last);

		evidence_add(out,
		             g->n_boots > 1
		                     ? mem_format("boot %" PRIu64 ": %s", b->boot, line)
		                     : mem_dup(line),
		             NULL);
	}
	if (g->n_boots > n)
		evidence_add(out,
		             mem_format("and in %" PRIu64 " more boots", g->n_boots - n),
		             NULL);
}

static void add_finding(const struct diagnose_run *run, const struct log_group *g,
                        const char *file)
{
	const struct log_event *e = &g->first;
	const struct filling f = {run->rules, e};
	struct finding *new =
		finding_add(run->d, e->rule->severity, e->rule->name, e->subject);
	_free_ char *where = log_event_where(e, file);

	new->text = template_fill(e->rule->text, value_of, &f);
	new->why = template_fill(e->rule->why, value_of, &f);
	new->remedy = template_fill(e->rule->remedy, value_of, &f);
	new->source = mem_dup(e->rule->source);
	new->count = g->count;
	evidence_add(&new->evidence, log_event_line(e), where);
	if (e->has_stack)
		evidence_add(&new->evidence,
		             mem_format("stack: %s",
		                        stack_class_name(&run->rules->stacks, e->stacks)),
		             NULL);
	add_counts(g, &new->evidence);
}

/* --- reading -------------------------------------------------------------------------
 */

static bool is_older(const struct log_record *record, int64_t since_us)
{
	return record->time.clock == LOG_CLOCK_BOOT && record->time.usec < since_us;
}

static int read_records(struct log_reader *in, struct log_scan *scan, int64_t since_us,
                        struct err *e)
{
	struct log_record record;
	int n;

	while ((n = log_reader_next(in, &record, e)) > 0)
		if (!is_older(&record, since_us))
			log_scan_record(scan, &record);
	log_scan_end(scan);
	return n;
}

/* What is wrong with the log itself. */
static void note_gaps(const struct diagnose_run *run, const struct log_reader *in,
                      uint64_t merged)
{
	_free_ char *lost = mem_format("the kernel overwrote %" PRIu64
	                               " records before they were read",
	                               in->lost);
	_free_ char *cut = mem_format("%" PRIu64 " lines are longer than %u bytes",
	                              in->lines.skipped, LINE_MAX_LEN);
	_free_ char *damaged =
		mem_format("%" PRIu64 " entries cannot be read", in->damaged);

	_free_ char *many =
		mem_format("%" PRIu64 " events concern more than is listed, "
	                   "and are counted with another finding or not at all",
	                   merged);

	if (merged > 0)
		unchecked_add(run->d, WHAT, many);
	if (in->lost > 0)
		unchecked_add(run->d, WHAT, lost);
	if (in->lines.skipped > 0)
		unchecked_add(run->d, WHAT, cut);
	if (in->damaged > 0)
		unchecked_add(run->d, WHAT, damaged);
}

/*
 * In the order of the log: the report of a lockup is complete only behind its stack. Of
 * one line, in the order of the rules.
 */
static int compare_lines(const void *a, const void *b)
{
	const struct log_event *x = &((const struct log_group *)a)->first,
			       *y = &((const struct log_group *)b)->first;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return strcmp(x->subject, y->subject);
}

/* Return: 0, or -errno with `e` set. */
static int read_log(struct diagnose_run *run, int fd, const char *file, struct err *e)
{
	struct reading r = {.file = file, .groups.max = GROUPS_MAX};
	struct log_reader in;
	struct log_scan scan;
	int n;

	log_reader_begin(&in, fd, run->log.name && run->log.journal,
	                 run->h ? run->h->deadline : run->log.until);
	in.wants = log_scan_wants;
	in.wants_arg = &scan;
	log_scan_begin(&scan, run->rules, take_event, &r);
	episode_begin(&r.episode, run->rules, file);
	n = read_records(&in, &scan, run->log.since_us, e);
	if (n == 0 && in.known == 0 && r.groups.n == 0 && run->log.name)
		n = err_set(e, -EINVAL, "%s: has no record of a kernel log%s", file,
		            run->log.journal
		                    ? " (--journal reads journalctl -o export or -o json)"
		                    : " (--kmsg reads what dmesg printed, --journal a "
		                      "journal)");
	else if (n < 0)
		(void)err_wrap(e, "%s", file);
	run->d->n_rules += scan.n_rules;
	if (r.groups.n > 0)
		qsort(r.groups.list, r.groups.n, sizeof(*r.groups.list), compare_lines);
	for (size_t i = 0; i < r.groups.n; i++)
		add_finding(run, &r.groups.list[i], file);
	episode_end(&r.episode, &run->d->verdict);
	note_gaps(run, &in, r.groups.merged);
	log_groups_done(&r.groups);
	log_scan_done(&scan);
	log_reader_done(&in);
	return n;
}

static void log_end(struct diagnose_run *run, void *first)
{
	struct err e = {0};

	(void)first;
	if (run->rules->n == 0)
		return;
	if (run->log.name) {
		/* what was read until then is diagnosed */
		if (read_log(run, run->log.fd, run->log.name, &run->error) == -ETIME) {
			unchecked_add(run->d, WHAT, run->error.text);
			run->error = (struct err){0};
		}
	} else if (run->h) {
		_close_ int fd = host_file_open(run->h, KERNEL_LOG, O_NONBLOCK, &e);

		if (fd < 0 || read_log(run, fd, KERNEL_LOG, &e) < 0)
			unchecked_add_code(run->d, WHAT, e.text, e.code);
	}
}

const struct diagnose_source source_log = {.name = "log", .end = log_end};
