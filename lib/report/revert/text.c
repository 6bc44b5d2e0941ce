/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/revert/revert.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "report/revert/journals.h"
#include "report/wrap.h"

#include <string.h>

/* --- for people ----------------------------------------------------------------------
 */

enum group { FAILED, CHANGED_SINCE, REMAIN, OTHER_BOOT, UNUSED, TO_DO, DONE, AS_BEFORE };

static enum group group_of(const struct resource *r)
{
	const struct change *c = &r->run.change;

	if (c->reason == REASON_CHANGED_SINCE)
		return CHANGED_SINCE;
	if (c->reason == REASON_REMAINS || c->reason == REASON_CANNOT_UNSET)
		return REMAIN;
	if (c->reason == REASON_OTHER_BOOT)
		return OTHER_BOOT;
	if (c->state == STATE_SKIPPED)
		return UNUSED;
	if (c->state == STATE_CHANGED)
		return DONE;
	if (c->state == STATE_OK)
		return AS_BEFORE;
	return c->state == STATE_DRIFT ? TO_DO : FAILED;
}

static const struct group_words {
	const char *count, *heading;
} groups[] = {
	[FAILED] = {"failed", "failed"},
	[CHANGED_SINCE] = {"changed since", "changed since, not restored"},
	[REMAIN] = {"remain", "remains"},
	[OTHER_BOOT] = {"undone by the reboot", "undone by the reboot"},
	[UNUSED] = {"skipped", "skipped"},
	[TO_DO] = {"to restore", "to restore"},
	[DONE] = {"restored", "restored"},
	[AS_BEFORE] = {"as before", "as before"},
};

/* Of what unpersist removes. */
static const struct group_words removed[] = {
	[FAILED] = {"failed", "failed"},
	[CHANGED_SINCE] = {"edited", "edited, not removed"},
	[TO_DO] = {"to remove", "to remove"},
	[DONE] = {"removed", "removed"},
	[AS_BEFORE] = {"absent", "absent"},
};

/* A journal without a number is no run to undo. */
static const struct group_words *words_of(const struct revert *v, enum group g)
{
	return v->journal->id || !removed[g].count ? &groups[g] : &removed[g];
}

static size_t count(const struct revert *v, enum group g)
{
	size_t n = 0;

	for (size_t i = 0; i < v->plan.n; i++)
		n += group_of(v->plan.resources[i]) == g;
	return n;
}

static char *revert_title(const struct revert *v)
{
	static const enum group order[] = {DONE,          TO_DO,  AS_BEFORE,  FAILED,
	                                   CHANGED_SINCE, REMAIN, OTHER_BOOT, UNUSED};
	const struct journal *j = v->journal;
	_buf_ struct buf b = {0};
	char at[64];

	report_journal_time(j->time_s, at, sizeof(at));
	if (j->id)
		buf_addf(&b, "journal %u (%s %s, %s)", j->id, j->command, j->profile, at);
	else
		buf_add(&b, "files for the next boot");
	for (size_t i = 0, n = 0; i < ARRAY_SIZE(order); i++)
		if (count(v, order[i]))
			buf_addf(&b, "%s%zu %s", n++ ? ", " : ": ", count(v, order[i]),
			         words_of(v, order[i])->count);
	return display_text(b.text);
}

static bool revert_shows(const struct revert_report *r, enum group g)
{
	if (r->quiet)
		return g == FAILED;
	/* what unpersist removes is what it is about */
	if (!r->revert->journal->id && g == DONE)
		return true;
	return r->verbose || (g != DONE && g != AS_BEFORE && g != OTHER_BOOT);
}

static void print_wrapped(const char *text, size_t at, size_t indent, FILE *out)
{
	_buf_ struct buf b = {0};

	display_wrap(&b, text, at, indent, REPORT_WIDTH);
	(void)fprintf(out, "%*s%s\n", (int)at, "", b.text);
}

/* A command is not wrapped, so that it can be pasted. */
static void print_object(const struct resource *r, FILE *out)
{
	const struct change *c = &r->run.change;
	_free_ char *text =
		mem_format("%s %s%s%s", r->kind->name, r->name, c->message ? ": " : "",
	                   c->message ? c->message : "");
	_free_ char *printed = display_text(text), *fix = display_text(c->remedy);

	print_wrapped(printed, 2, 4, out);
	if (fix && (c->state == STATE_DRIFT || c->reason == REASON_CHANGED_SINCE))
		(void)fprintf(out, "    fix: %s\n", fix);
}

void report_revert_text(const struct revert_report *r, FILE *out)
{
	const struct revert *v = r->revert;
	_free_ char *title = revert_title(v);

	if (!r->quiet || count(v, FAILED))
		print_wrapped(title, 0, 2, out);
	for (enum group g = FAILED; g <= AS_BEFORE; g++) {
		if (!count(v, g) || !revert_shows(r, g))
			continue;
		(void)fprintf(out, "\n%s\n", words_of(v, g)->heading);
		for (size_t i = 0; i < v->plan.n; i++)
			if (group_of(v->plan.resources[i]) == g)
				print_object(v->plan.resources[i], out);
	}
}

/* --- for a shell ---------------------------------------------------------------------
 */

/*
 * Whether a command before it may move a value that is as before: a sysctl sets those of
 * interfaces, too. They come after it.
 */
static bool may_be_moved(const struct revert *v, size_t at)
{
	const struct resource *r = v->plan.resources[at];

	for (size_t i = 0;
	     r->run.change.state == STATE_OK && r->run.change.remedy && i < at; i++) {
		const struct resource *before = v->plan.resources[i];

		if (before->run.change.state == STATE_DRIFT &&
		    strcmp(before->kind->name, r->kind->name) == 0)
			return true;
	}
	return false;
}

void report_revert_commands(const struct revert *v, FILE *out)
{
	_free_ char *title = revert_title(v);

	(void)fprintf(out, "# %s\n", title);
	for (size_t i = 0; i < v->plan.n; i++) {
		const struct resource *r = v->plan.resources[i];
		const struct change *c = &r->run.change;
		_free_ char *text = mem_format("%s %s: %s", r->kind->name, r->name,
		                               c->message ? c->message : "as before");
		_free_ char *comment = display_text(text);

		(void)fprintf(out, "# %s\n", comment);
		if (c->state == STATE_DRIFT || may_be_moved(v, i))
			(void)fprintf(out, "%s\n",
			              c->remedy ? c->remedy
			                        : "# no command for it: hosttune revert "
			                          "restores it");
	}
}
