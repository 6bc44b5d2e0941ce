/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_KIND_H
#define RESOURCE_KIND_H

/*
 * Every managed thing is a resource of a kind; every kind is one file with the
 * interface below, and one line in kinds.c. A kind knows nothing of profiles as a
 * whole, of audit or apply, of rolling back or of reports: engine/ does.
 *
 * A resource has three states, as text: what is wanted, what was there before the
 * act (`had`, frozen by the engine), and what is there now. Text is what reports
 * show, and all that simple kinds need; others embed struct resource first in a
 * struct of their own and keep more there.
 */

#include "base/diagnostics.h"
#include "base/err.h"
#include "resource/field.h"
#include "resource/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct host_facts;
struct node;

enum state {
	STATE_OK,      /* as wanted */
	STATE_DRIFT,   /* differs, and apply would mend it */
	STATE_PENDING, /* depends on something not there yet (WAITS), or not ours to do */
	STATE_CHANGED, /* mended by this run */
	STATE_REFUSED, /* not safe: nothing at all is touched */
	STATE_FAILED,  /* cannot be read or mended */
	STATE_SKIPPED, /* not applicable on this node, and that is fine */
};

/* What diff says of a resource. message and remedy are owned, may be NULL. */
struct change {
	enum state state;
	enum reason reason;
	char *message; /* in words, without the object's name */
	char *remedy;  /* what a person can do */
};

/* What the profile says of a resource: set while the profile is read, then constant. */
struct resource_spec {
	struct place at;             /* where the profile names it */
	char *want;                  /* as text; NULL: see the kind */
	struct resource *depends_on; /* of the same item, one kind earlier; NULL: none */
	const char
		*needs; /* names, joined by " ": each of kind->after brings it; or NULL */
	const char *when; /* borrowed: its undecided condition; NULL: none */
	char *unique;     /* what only one resource may have, in words, or NULL */
	bool excluded;    /* its condition is false: only reported, never observed */
	bool optional;    /* may be absent on this kernel */
	bool no_persist;  /* the profile says persist: false */
};

/* What was seen of it on the host and in the Bottlerocket settings. Texts are for
 * reports. */
struct resource_seen {
	char *had, *now;      /* before the act, and now; NULL: absent or unknown */
	char *device;         /* host path of the block device this is; NULL: unknown */
	char *claims;         /* devices it needs for itself, joined by " "; NULL: none */
	char *persisted;      /* value in the Bottlerocket settings; NULL: none */
	struct node *disks;   /* disks that cannot be used, for reports; owned */
	struct node *details; /* from the kind's details(); owned */
};

/* What the engine is doing with it. */
struct resource_run {
	bool waits;   /* what it depends on is in drift */
	bool begun;   /* `had` is frozen, apply() was called */
	bool acting;  /* apply() succeeded, finish() is due */
	bool storing; /* part of the change to the settings */
	struct change change;
};

struct resource {
	const struct kind *kind;
	char *name;
	struct resource_spec spec;
	struct resource_seen seen;
	struct resource_run run;
};

/* What a section of the profile looks like, and so what one resource comes from. */
enum section_shape {
	SECTION_NAMES,  /* list of names: one each; parse gets the name's node */
	SECTION_VALUES, /* mapping: one a key; parse gets the value */
	SECTION_ITEMS,  /* list of mappings with a "name": one each and kind */
	SECTION_OBJECT, /* one mapping: one resource */
	SECTION_TREE,   /* mapping of any depth: one a leaf */
};

enum kind_flags {
	KIND_IRREVERSIBLE = 1 << 0, /* no revert: what it did stays, and is told */
	KIND_RESET = 1 << 1,        /* the host writes it anew once settings change */
	KIND_READ_ONLY = 1 << 2,    /* never in drift: has neither apply nor revert */
	KIND_ENFORCED = 1 << 3,   /* the watch enforces it at its own, shorter interval */
	KIND_HOST_NETNS = 1 << 4, /* the watch changes it in the host's netns alone */
};

/* What the Bottlerocket settings hold of a resource. */
enum persisted_state {
	PERSISTED_NOTHING, /* nothing is to be there */
	PERSISTED_SAME,
	PERSISTED_ABSENT,
	PERSISTED_OTHER, /* another value */
};

/* What is known of how a resource is kept over a reboot. */
struct persistence {
	enum persisted_state state;
	const char *lacks; /* the main setting is stored, this one is not; NULL: it is */
	const struct node *settings; /* all of them; NULL: no API */
	const void *origins;         /* from read_origins() of the kind; NULL: not read */
};

/*
 * Facts that a kind offers to formulas and conditions. What they count depends on the
 * item of its section that asks.
 */
struct kind_facts {
	const char *const *names; /* ended by NULL */

	/*
	 * Read their values, in the order of `names` and 0 to begin with: for `item`,
	 * else for all items of `section`, else (both NULL) for an item that says
	 * nothing.
	 */
	void (*read)(const struct host *h, const struct node *section,
	             const struct node *item, int64_t *ret);

	const char *outside; /* why a condition outside an item cannot ask for them */
};

struct kind {
	const char *name;    /* in reports: "sysctl" */
	const char *section; /* key of the profile; kinds may share SECTION_ITEMS */
	const char *doc;     /* of the section, one line; only the first that reads it */
	enum section_shape shape;
	/*
	 * Keys of an item or object, ended by {0}: resource_free() frees their texts.
	 * SECTION_VALUES: of a value that is a mapping; another is as the first says.
	 */
	const struct field *fields;
	/*
	 * SECTION_ITEMS: the key of an item whose value is a list of names: one resource
	 * each, called by that name; parse gets the item. NULL: one an item.
	 */
	const char *each;
	const char *after; /* name of a kind: its resource in drift explains an absence */
	size_t size;       /* of the kind's own struct */
	unsigned flags;

	/*
	 * The one spelling of a name that has several ("a/b" and "a.b"), owned by the
	 * caller. NULL: names are taken as they stand.
	 */
	char *(*canonical)(const char *name);

	/* Only the first kind that reads the section has this; NULL: none. */
	const struct kind_facts *facts;

	/*
	 * SECTION_ITEMS: replace items by several in the list `section`, before resources
	 * are made of them. `h` is NULL where no node is at hand. Only the first kind
	 * that reads the section has this; NULL: items stay as they are.
	 */
	void (*expand)(struct node *section, const struct host *h,
	               struct diagnostics *diag);

	/*
	 * Fill the resource from its node; kind, name, at and on are set. No host.
	 * Problems are added to `ps`. Return: false if there is nothing to manage
	 * (an item without this kind's keys).
	 */
	bool (*parse)(struct resource *r, const struct node *n, struct diagnostics *diag);

	/*
	 * Check the `n` resources of this kind of a profile, all parsed, against each
	 * other, and against the node (NULL: not known). No host. NULL: nothing to check.
	 */
	void (*check_all)(struct resource *const *list, size_t n,
	                  const struct host_facts *facts, struct diagnostics *diag);

	/*
	 * Look at the host and set `now` (the engine cleared it); absent is a state.
	 * Return: 0, or -errno with `e` if it cannot be known.
	 */
	int (*observe)(struct resource *r, const struct host *h, struct err *e);

	/* Compare. Pure: reads the resource, fills *ret (zeroed: STATE_OK). */
	void (*diff)(const struct resource *r, struct change *ret);

	/*
	 * Make it as wanted; only called in STATE_DRIFT, right after observe and diff.
	 * May set *ret_reason, which is REASON_FAILED, for a return of -errno.
	 */
	int (*apply)(struct resource *r, struct host *h, enum reason *ret_reason,
	             struct err *e);

	/*
	 * The second half of an apply() that only begins what takes long; NULL: apply()
	 * does all. The engine begins all resources of the kind that stand in a row
	 * before it finishes the first: they run side by side. Called once after each
	 * apply() that succeeded, whatever became of the others.
	 */
	int (*finish)(struct resource *r, struct host *h, enum reason *ret_reason,
	              struct err *e);

	/*
	 * Put `had` back. NULL if KIND_IRREVERSIBLE. Return: 0; 1 if it has to stay, as
	 * something stands upon it that cannot be put back; -errno.
	 */
	int (*revert)(struct resource *r, struct host *h, struct err *e);

	/*
	 * Add what keeps this over a reboot to `wanted`, a tree of Bottlerocket settings
	 * ("kernel" at its top); `live` is the whole tree as the API gave it. NULL:
	 * nothing does. Called after observe and diff.
	 */
	void (*persist)(const struct resource *r, const struct node *live,
	                struct node *wanted);

	/*
	 * Say in `section`, of the type that the shape has, what a profile would say for
	 * what is there, whatever is wanted. Called after observe and diff. What cannot
	 * be said is told in `ps`, as notes. Return: false if nothing was said and the
	 * change tells why. NULL: cannot be captured, but the engine knows SECTION_TREE.
	 */
	bool (*capture)(const struct resource *r, const struct host *h,
	                struct node *section, struct diagnostics *diag);

	/*
	 * Why persist() would say something else on each node, after parse() alone; NULL:
	 * it would not. The function is NULL: never.
	 */
	const char *(*varies)(const struct resource *r);

	/*
	 * Say why the host differs from what is wanted or stored (r->persisted), or will
	 * after the next boot. Refines *c, the change of diff. Pure. NULL: nothing to
	 * say.
	 */
	void (*attribute)(const struct resource *r, const struct persistence *p,
	                  struct change *c);

	/*
	 * Read what else sets resources of this kind on the host (files, say), once for
	 * all of them: attribute() gets it. Both NULL: nothing does.
	 */
	void *(*read_origins)(const struct host *h);
	void (*free_origins)(void *origins);

	/*
	 * What else is to be seen of it, for reports that tell all: a tree, owned by the
	 * caller, or NULL. What people are told of it is under "text". Called after
	 * observe; NULL: nothing.
	 */
	struct node *(*details)(const struct resource *r, const struct host *h);

	/* Free what the kind's own struct owns beside `fields`. NULL: nothing. */
	void (*done)(struct resource *r);
};

/* What varies() says of a formula that could not be computed. */
#define VARIES_FORMULA "a formula, and no facts of the node are given"

/* Fill a change; message and remedy are formatted and owned by it. */
void change_set(struct change *c, enum state state, enum reason reason, const char *fmt,
                ...) _printf_(4, 5);
void change_remedy(struct change *c, const char *fmt, ...) _printf_(2, 3);
void change_clear(struct change *c);

/*
 * The device that a resource stands upon, however far below; NULL: not known yet, or
 * none. Borrowed.
 */
const char *resource_device(const struct resource *r);

/*
 * The devices, joined by " ", that what it stands upon has for itself, or will have;
 * NULL: not known yet, or none. Borrowed.
 */
const char *resource_takes(const struct resource *r);

/* Free a resource and what its kind owns of it. */
void resource_free(struct resource *r);

/* "drift": the word of a state in reports. */
const char *state_word(enum state s);

#endif
