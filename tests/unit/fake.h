/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_FAKE_H
#define UNIT_FAKE_H

/*
 * Fake kinds for tests of the engine: their resources fail as a table says. The "host" is
 * one text per resource; each change is logged.
 */

#include "engine/apply.h"
#include "engine/plan.h"
#include "engine/settle.h"
#include "host/host.h"
#include "profile/profile.h"
#include "resource/kind.h"

enum fault {
	FINE,
	UNREADABLE,       /* cannot be observed */
	UNREADABLE_LATER, /* except the first time */
	UNREADABLE_AFTER, /* after the write */
	REFUSED,          /* diff refuses */
	BUSY,             /* diff reports a failure */
	FOR_OTHERS,       /* differs, and waits for something outside the plan */
	APPLY_FAILS,      /* before any change */
	APPLY_HALF,       /* after a partial change */
	NOT_KEPT,         /* the write succeeds, another value reads back */
	GONE,             /* the write succeeds, the value is absent */
	REVERT_FAILS,
	HALF_FOR_EVER,  /* APPLY_HALF and REVERT_FAILS */
	BREAKS_LATER,   /* after apply, diff reports a failure */
	FINISH_FAILS,   /* SLOW: apply starts, finish fails */
	STAYS,          /* cannot be rolled back, though its kind can */
	TAKES_LONG,     /* the deadline is exceeded during apply */
	SIGNALLED,      /* a signal arrives during apply */
	TIMES_OUT,      /* apply ends at the deadline: fails with -ETIMEDOUT */
	STUCK,          /* apply starts a child that cannot be killed: -ETIME */
	REVERT_IGNORED, /* the rollback succeeds, and changes nothing */
	REFUSED_AFTER,  /* diff refuses after the write, until it is rolled back */
	REFUSED_LATER,  /* the same, but not before the plan settles */
	REFUSED_THEN,   /* diff refuses, except the first time */
	STAYS_HALF,     /* APPLY_HALF and STAYS */
	LOST_AFTER,     /* cannot be observed once it was rolled back */
};

/*
 * In this order: reversible; irreversible; reversible and after KEEP; irreversible with
 * finish(); reversible and KIND_RESET; KIND_READ_ONLY.
 */
enum { KEEP, ONCE, LATE, SLOW, SET, LOOK, KINDS };

#define PARTS_MAX 6

/* The current and the wanted state of one resource. */
struct part {
	const char *name;
	int kind;
	const char *live; /* NULL: absent */
	const char *want;
	enum fault fault;
	const char *comes; /* absent until all KEEP are in sync; then this value */
	const char *takes; /* once observed */
	const char *moves; /* each write of it sets the part of this name ... */
	const char *to;    /* ... to this value */
};

#define PART(n, k, l, w) .name = (n), .kind = (k), .live = (l), .want = (w)

struct fake {
	struct resource r;
	const struct part *part;
	char *live;
	unsigned observed;
	bool broken, reverted;
};

extern struct fake *fakes[PARTS_MAX];
extern struct profile fake_profile;
extern struct plan fake_plan;
extern struct host fake_host;

/* Make a profile of the parts, up to the first without a name, and a plan. */
void fake_make(const struct part *parts);
void fake_free(void);

/* Return what was done since fake_make() or fake_forget(): "apply a;revert b;". */
const char *fake_log(void);
void fake_forget(void);

/*
 * Return "a changed Applied 2;" for each resource, with its final value. Kept until the
 * test ends.
 */
const char *fake_states(void);

#endif
