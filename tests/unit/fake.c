/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fake.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/text/buf.h"
#include "test.h"

#include <errno.h>
#include <signal.h>

struct fake *fakes[PARTS_MAX];
static struct resource *resources[PARTS_MAX];
struct profile fake_profile = {.resources = resources};
struct plan fake_plan;
struct host fake_host;
static struct buf writes;

static struct fake *fake_of(struct resource *r)
{
	return CONTAINER_OF(r, struct fake, r);
}

static const struct kind kinds_of_test[KINDS];

static bool all_kept(void)
{
	for (size_t i = 0; i < fake_profile.n; i++)
		if (fakes[i]->part->kind == KEEP &&
		    (!fakes[i]->live ||
		     strcmp(fakes[i]->live, fakes[i]->r.spec.want) != 0))
			return false;
	return true;
}

static int observe(struct resource *r, const struct host *h, struct err *e)
{
	struct fake *f = fake_of(r);

	assert_ptr_equal(h, &fake_host);
	assert_null(r->seen.now); /* the engine cleared it */
	f->observed++;
	if (f->part->fault == UNREADABLE ||
	    (f->part->fault == UNREADABLE_LATER && f->observed > 1) ||
	    (f->part->fault == LOST_AFTER && f->reverted) ||
	    (f->part->fault == UNREADABLE_AFTER && f->observed > 2))
		return err_set(e, -EIO, "read %s: bad", r->name);
	if (!f->live && f->part->comes && all_kept())
		f->live = mem_dup(f->part->comes);
	r->seen.now = mem_dup(f->live);
	mem_set(&r->seen.claims, mem_dup(f->part->takes));
	return 0;
}

static void diff(const struct resource *r, struct change *ret)
{
	const struct fake *f = CONST_CONTAINER_OF(r, struct fake, r);

	if (f->part->fault == REFUSED ||
	    (f->part->fault == REFUSED_AFTER && f->observed >= 3 && !f->reverted) ||
	    (f->part->fault == REFUSED_LATER && f->observed >= 4 && !f->reverted) ||
	    (f->part->fault == REFUSED_THEN && f->observed >= 2))
		change_set(ret, STATE_REFUSED, REASON_DISK_REFUSED, "not ours");
	else if (f->part->fault == BUSY || f->broken)
		change_set(ret, STATE_FAILED, REASON_NFSD_BUSY, "busy");
	else if (f->part->fault == FOR_OTHERS)
		change_set(ret, STATE_PENDING, REASON_NFSD_BUSY, "differs");
	else if (!r->seen.now && f->part->comes)
		change_set(ret, r->run.waits ? STATE_PENDING : STATE_FAILED,
		           r->run.waits ? REASON_WAITS : REASON_NO_SUCH_KEY, "absent");
	else if (!r->seen.now || strcmp(r->seen.now, r->spec.want) != 0)
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "differs");
}

/* Write a value, and the one of another part that this write moves. */
static void fake_write(struct fake *f, char *value)
{
	mem_set(&f->live, value);
	for (size_t i = 0; f->part->moves && i < fake_profile.n; i++)
		if (strcmp(fakes[i]->part->name, f->part->moves) == 0)
			mem_set(&fakes[i]->live, mem_dup(f->part->to));
}

static int apply(struct resource *r, struct host *h, enum reason *ret_reason,
                 struct err *e)
{
	struct fake *f = fake_of(r);
	enum fault fault = f->part->fault;

	assert_ptr_equal(h, &fake_host);
	assert_int_equal(*ret_reason, REASON_FAILED);
	assert_int_equal(r->run.change.state, STATE_DRIFT);
	buf_addf(&writes, "apply %s;", r->name);
	if (fault == APPLY_HALF || fault == HALF_FOR_EVER || fault == STAYS_HALF)
		mem_set(&f->live, mem_dup("half"));
	if (fault == APPLY_FAILS || fault == APPLY_HALF || fault == HALF_FOR_EVER ||
	    fault == STAYS_HALF) {
		*ret_reason = REASON_REFUSED_BY_KERNEL;
		return err_set(e, -EPERM, "write %s: no", r->name);
	}
	f->broken = fault == BREAKS_LATER;
	if (fault == TAKES_LONG || fault == TIMES_OUT)
		fake_host.deadline.at_ms = 1;
	if (fault == SIGNALLED)
		stop_note(SIGTERM);
	if (fault == TIMES_OUT || fault == STUCK)
		return err_set(e, fault == STUCK ? -ETIME : -ETIMEDOUT, "too late");
	fake_write(f, fault == GONE
	                      ? NULL
	                      : mem_dup(fault == NOT_KEPT ? "other" : r->spec.want));
	return 0;
}

static int revert(struct resource *r, struct host *h, struct err *e)
{
	struct fake *f = fake_of(r);

	assert_ptr_equal(h, &fake_host);
	/* a rollback has its own deadline, and no signal ends it */
	assert_false(deadline_expired(h->deadline));
	assert_int_not_equal(h->deadline.at_ms, 0);
	buf_addf(&writes, "revert %s;", r->name);
	if (f->part->fault == REVERT_FAILS || f->part->fault == HALF_FOR_EVER)
		return err_set(e, -EIO, "write %s: still no", r->name);
	if (f->part->fault == STAYS || f->part->fault == STAYS_HALF)
		return 1;
	f->reverted = true;
	if (f->part->fault != REVERT_IGNORED)
		fake_write(f, mem_dup(r->seen.had));
	return 0;
}

static int finish(struct resource *r, struct host *h, enum reason *ret_reason,
                  struct err *e)
{
	struct fake *f = fake_of(r);

	assert_ptr_equal(h, &fake_host);
	assert_int_equal(*ret_reason, REASON_FAILED);
	buf_addf(&writes, "finish %s;", r->name);
	if (f->part->fault != FINISH_FAILS)
		return 0;
	mem_set(&f->live, mem_dup("half"));
	return err_set(e, -EIO, "%s: ended badly", r->name);
}

static const struct kind kinds_of_test[KINDS] = {
	[KEEP] = {.name = "keep",
                  .size = sizeof(struct fake),
                  .observe = observe,
                  .diff = diff,
                  .apply = apply,
                  .revert = revert},
	[ONCE] = {.name = "once",
                  .size = sizeof(struct fake),
                  .flags = KIND_IRREVERSIBLE,
                  .observe = observe,
                  .diff = diff,
                  .apply = apply},
	[SLOW] = {.name = "slow",
                  .size = sizeof(struct fake),
                  .flags = KIND_IRREVERSIBLE,
                  .observe = observe,
                  .diff = diff,
                  .apply = apply,
                  .finish = finish},
	[LATE] = {.name = "late",
                  .after = "keep",
                  .size = sizeof(struct fake),
                  .observe = observe,
                  .diff = diff,
                  .apply = apply,
                  .revert = revert},
	[SET] = {.name = "set",
                 .size = sizeof(struct fake),
                 .flags = KIND_RESET,
                 .observe = observe,
                 .diff = diff,
                 .apply = apply,
                 .revert = revert},
	[LOOK] = {.name = "look",
                  .size = sizeof(struct fake),
                  .flags = KIND_READ_ONLY,
                  .observe = observe,
                  .diff = diff},
};

void fake_make(const struct part *parts)
{
	fake_host = (struct host){.root_fd = -1};
	for (fake_profile.n = 0; fake_profile.n < PARTS_MAX && parts[fake_profile.n].name;
	     fake_profile.n++) {
		const struct part *part = &parts[fake_profile.n];
		struct fake *f = mem_new(1, sizeof(*f));

		f->part = part;
		f->live = mem_dup(part->live);
		f->r.kind = &kinds_of_test[part->kind];
		f->r.name = mem_dup(part->name);
		f->r.spec.want = mem_dup(part->want);
		fakes[fake_profile.n] = f;
		resources[fake_profile.n] = &f->r;
	}
	plan_init(&fake_plan, &fake_profile);
}

void fake_free(void)
{
	for (size_t i = 0; i < fake_profile.n; i++) {
		struct resource *r = resources[i];

		free(r->name);
		free(r->spec.want);
		free(r->seen.had);
		free(r->seen.at_start);
		free(r->seen.now);
		free(r->seen.claims);
		free(r->run.unselected);
		change_clear(&r->run.change);
		free(fakes[i]->live);
		free(fakes[i]);
	}
	fake_profile.n = 0;
	stop_note(0);
	fake_forget();
}

const char *fake_states(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < fake_profile.n; i++) {
		const struct resource *r = resources[i];

		buf_addf(&b, "%s %s %s %s;", r->name, state_word(r->run.change.state),
		         reason_word(r->run.change.reason),
		         fakes[i]->live ? fakes[i]->live : "-");
	}
	return keep_text(buf_take(&b));
}

const char *fake_log(void)
{
	return writes.text ? writes.text : "";
}

void fake_forget(void)
{
	buf_done(&writes);
}
