/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/group.h"

#include "base/mem.h"
#include "base/num.h"
#include "diagnose/rules/drive_name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Subjects of one rule: further ones are counted with the last of them. */
#define SUBJECTS_MAX 64

char *log_event_where(const struct log_event *e, const char *file)
{
	return mem_format("%s:%" PRIu64, file, e->line);
}

char *log_event_line(const struct log_event *e)
{
	_free_ char *time = log_time_format(&e->time);

	return mem_format("%s%s%s", time ? time : "", time ? " " : "", e->text);
}

/* The drive that it names, or the device of a file system; "": none. */
static const char *drive_of(const struct log_event *e)
{
	const char *drive = log_fields_get(&e->fields, "drive", 5);
	const char *device = log_fields_get(&e->fields, "device", 6);

	return drive ? drive : device ? device : "";
}

bool log_events_of_different_drives(const struct log_event *a, const struct log_event *b)
{
	return drive_names_differ(drive_of(a), drive_of(b));
}

void log_event_done(struct log_event *e)
{
	log_fields_done(&e->fields);
	free(e->subject);
	free(e->text);
	*e = (struct log_event){0};
}

static struct log_event copy_of(const struct log_event *e)
{
	struct log_event copy = *e;

	copy.subject = mem_dup(e->subject);
	copy.text = mem_dup(e->text);
	for (size_t i = 0; i < e->fields.n; i++)
		copy.fields.list[i].value = mem_dup(e->fields.list[i].value);
	return copy;
}

/*
 * Of two numbers, keep the larger one: a lockup is reported again while it lasts. Of two
 * drives, keep none: an array can lose several.
 */
static void merge_fields(struct log_fields *into, const struct log_fields *from)
{
	for (size_t i = 0; i < into->n; i++) {
		struct log_field *f = &into->list[i];
		const char *other = log_fields_get(from, f->name, strlen(f->name));
		uint64_t a, b;

		if (other && num_u64(f->value, &a) == 0 && num_u64(other, &b) == 0 &&
		    b > a)
			mem_set(&f->value, mem_dup(other));
		if (other && strcmp(f->name, "drive") == 0 &&
		    drive_names_differ(f->value, other))
			mem_set(&f->value, mem_dup("several"));
	}
}

static void count_boot(struct log_group *g, const struct log_event *e)
{
	struct group_boot *b;

	if (g->n_boots == 0 || g->last_boot != e->boot)
		g->n_boots++;
	if (g->n_boots > GROUP_BOOTS_MAX)
		return;
	b = &g->boots[g->n_boots - 1];
	if (b->count++ == 0) {
		b->boot = e->boot;
		b->first = e->time;
	}
	b->last = e->time;
}

static void count(struct log_group *g, const struct log_event *e)
{
	count_boot(g, e);
	g->count++;
	g->last = e->time;
	g->last_boot = e->boot;
	g->first.stacks |= e->stacks;
	g->first.has_stack |= e->has_stack;
}

void log_groups_add(struct log_groups *g, const struct log_event *e)
{
	struct log_group *same = NULL;
	size_t subjects = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->list[i].first.rule != e->rule)
			continue;
		subjects++;
		same = &g->list[i];
		if (strcmp(same->first.subject, e->subject) == 0) {
			merge_fields(&same->first.fields, &e->fields);
			count(same, e);
			return;
		}
	}
	if (subjects >= SUBJECTS_MAX || g->n >= g->max) {
		g->merged++;
		if (same)
			count(same, e);
		return;
	}
	g->list = mem_grow(g->list, &g->cap, g->n, sizeof(*g->list));
	g->list[g->n] = (struct log_group){.first = copy_of(e)};
	count(&g->list[g->n++], e);
}

void log_groups_done(struct log_groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		log_event_done(&g->list[i].first);
	free(g->list);
	g->list = NULL;
	g->n = g->cap = 0;
}
