/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A value of the running host, to restore. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/plan.h"
#include "engine/undo/revert.h"
#include "engine/undo/undone.h"
#include "journal/journal.h"
#include "resource/kinds.h"
#include "resource/undo.h"

#include <errno.h>
#include <string.h>

static struct undone *undone_of(struct resource *r)
{
	return CONTAINER_OF(r, struct undone, r);
}

static const struct undone *undone_of_const(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct undone, r);
}

/* The text of a value that is a line; NULL: there is none. */
static const char *text_of(const struct node *n)
{
	return n ? n->text : NULL;
}

static bool is_restorable(const struct undone *u)
{
	return u->of && u->of->undo && u->in->same_boot && u->record->previous;
}

static enum undone_owner judge(const struct undone *u, const char *now)
{
	const char *desired = text_of(u->record->desired);

	/* the run did not end: nobody knows what the kernel made of it */
	if (!desired || !now || plan_same_value(now, desired) ||
	    plan_same_value(now, text_of(u->record->previous)))
		return UNDONE_OURS;
	return UNDONE_FOREIGN;
}

static int value_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct undone *u = undone_of(r);
	int code = 0;

	if (is_restorable(u))
		code = u->of->undo->read(h, u->record->object, &r->seen.now, e);
	if (code == 0 && u->owner == UNDONE_UNKNOWN)
		u->owner = judge(u, r->seen.now);
	return code;
}

/* Whether the run made the change, and no reboot came after it. */
static bool is_certain(const struct undone *u)
{
	return u->in->same_boot && u->in->journal->state != JOURNAL_APPLYING;
}

static void diff_fixed(const struct undone *u, struct change *ret)
{
	const char *desired = plan_value(text_of(u->record->desired), "changed");

	if (!u->of)
		change_set(ret, STATE_FAILED, REASON_FAILED,
		           "this version of hosttune has no kind \"%s\"",
		           u->record->kind);
	else if (!u->of->undo)
		change_set(ret, STATE_SKIPPED, REASON_REMAINS, "%s %s: %s",
		           is_certain(u) ? "remains" : "may remain", desired,
		           plan_value(u->of->stays, "it is not undone"));
	else if (!u->in->same_boot)
		change_set(ret, STATE_SKIPPED, REASON_OTHER_BOOT,
		           "was set to %s before the last reboot, which undid it",
		           desired);
	else
		change_set(ret, STATE_SKIPPED, REASON_REMAINS,
		           "remains %s: its value before is unknown", desired);
}

static void value_diff(const struct resource *r, struct change *ret)
{
	const struct undone *u = undone_of_const(r);
	const char *previous = text_of(u->record->previous);
	_free_ char *command = NULL;

	if (!is_restorable(u)) {
		diff_fixed(u, ret);
		return;
	}
	if (!r->seen.now) {
		change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
		           "does not exist any more");
		return;
	}
	if (u->later) {
		undone_later(u, ret);
		return;
	}
	command = u->of->undo->command(u->in->host, u->record->object, previous);
	if (u->owner == UNDONE_FOREIGN && !plan_same_value(r->seen.now, previous))
		change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
		           "is %s: hosttune set %s, and it was %s before", r->seen.now,
		           text_of(u->record->desired), previous);
	else if (!plan_same_value(r->seen.now, previous))
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "is %s, was %s before",
		           r->seen.now, previous);
	/* also of what is as before: the commands before it may move it */
	if (command)
		change_remedy(ret, "%s", command);
}

static int value_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	const struct undone *u = undone_of(r);

	*ret_reason = REASON_REFUSED_BY_KERNEL;
	return u->of->undo->write(h, u->record->object, text_of(u->record->previous), e);
}

static int value_revert(struct resource *r, struct host *h, struct err *e)
{
	const struct undone *u = undone_of(r);

	if (!r->seen.had)
		return 1;
	return u->of->undo->write(h, u->record->object, r->seen.had, e);
}

void undone_later(const struct undone *u, struct change *ret)
{
	change_set(ret, STATE_SKIPPED, REASON_CHANGED_SINCE,
	           "is %s: journal %u changed it again, and is not reverted",
	           plan_value(u->r.seen.now, "not set"), u->later);
	change_remedy(ret, "hosttune revert %u", u->later);
}

struct resource *undone_value(struct revert *v, const struct journal_record *record,
                              struct place at)
{
	struct undone *u = mem_new(1, sizeof(*u));

	u->of = kinds_named(record->kind);
	u->in = v;
	u->record = record;
	u->kind = (struct kind){.name = record->kind,
	                        .section = u->of ? u->of->section : record->kind,
	                        .shape = SECTION_VALUES,
	                        .flags = u->of ? u->of->flags & KIND_RESET : 0,
	                        .size = sizeof(*u),
	                        .observe = value_observe,
	                        .diff = value_diff,
	                        .capabilities = u->of ? u->of->capabilities : NULL,
	                        .apply = value_apply,
	                        .revert = value_revert};
	u->r.kind = &u->kind;
	u->r.name = mem_dup(record->object);
	u->r.spec.at = at;
	u->r.spec.want = mem_dup(text_of(record->previous));
	return &u->r;
}
