/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_FAKE_H
#define UNIT_FAKE_H

/*
 * Kinds of the tests' own, for the engine: their resources fail as a table says. What
 * they change of the "host" is one text each, and noted in a log.
 */

#include "engine/plan.h"
#include "host/host.h"
#include "profile/profile.h"
#include "resource/kind.h"

enum fault {
	FINE,
	UNREADABLE,       /* cannot be observed */
	UNREADABLE_LATER, /* but for the first time */
	UNREADABLE_AFTER, /* the write */
	REFUSED,          /* diff refuses */
	BUSY,             /* diff says that it will fail */
	FOR_OTHERS,       /* differs, and waits for what this plan does not bring */
	APPLY_FAILS,      /* before it changed anything */
	APPLY_HALF,       /* with something changed already */
	NOT_KEPT,         /* the write is taken, something else is there */
	GONE,             /* the write is taken, nothing is there */
	REVERT_FAILS,
	HALF_FOR_EVER, /* APPLY_HALF and REVERT_FAILS */
	BREAKS_LATER,  /* after apply diff says it failed */
	FINISH_FAILS,  /* SLOW: begun, and ends badly */
	STAYS,         /* cannot be put back, though its kind can */
	TAKES_LONG,    /* the deadline passes while it is applied */
};

/*
 * Reversible; irreversible; reversible and after KEEP; irreversible and in two halves;
 * reversible and KIND_RESET; KIND_READ_ONLY.
 */
enum { KEEP, ONCE, LATE, SLOW, SET, LOOK, KINDS };

#define PARTS_MAX 6

/* What one resource is, and is to be. */
struct part {
	const char *name;
	int kind;
	const char *live; /* NULL: absent */
	const char *want;
	enum fault fault;
	const char *comes; /* absent until all KEEP are as wanted; then this */
	const char *takes; /* once observed */
};

#define PART(n, k, l, w) .name = (n), .kind = (k), .live = (l), .want = (w)

struct fake {
	struct resource r;
	const struct part *part;
	char *live;
	unsigned observed;
	bool broken;
};

extern struct fake *fakes[PARTS_MAX];
extern struct profile fake_profile;
extern struct plan fake_plan;
extern struct host fake_host;

/* Make the resources of a profile, up to the first part without a name, and a plan. */
void fake_make(const struct part *parts);
void fake_free(void);

/* "apply a;revert b;": what was done since fake_make() or fake_forget(). */
const char *fake_log(void);
void fake_forget(void);

/* "a changed Applied 2;" for each resource, with what is there in the end. Kept. */
const char *fake_states(void);

#endif
