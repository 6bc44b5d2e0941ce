/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_KIND_H
#define RESOURCE_KIND_H

/*
 * Every managed thing is a resource of a kind. A kind is one file with the interface
 * below, and one line in kinds.c. A kind knows nothing of whole profiles, audit or apply,
 * rollback or reports: engine/ does.
 *
 * A resource has three values, as text: the wanted one, the one before apply (`had`,
 * frozen by the engine), and the current one. Reports show the text, and simple kinds
 * need nothing more. Other kinds embed struct resource first in their own struct and add
 * typed state.
 */

#include "base/diagnostics.h"
#include "base/err.h"
#include "resource/difference.h"
#include "resource/field.h"
#include "resource/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct host_facts;
struct node;
struct undo;
struct waiver;

enum state {
	STATE_OK,      /* in sync */
	STATE_DRIFT,   /* differs, and apply would fix it */
	STATE_PENDING, /* waits for a dependency (WAITS), a reboot or the user */
	STATE_CHANGED, /* changed by this run */
	STATE_REFUSED, /* not safe: nothing at all is changed */
	STATE_FAILED,  /* cannot be read or changed */
	STATE_SKIPPED, /* not applicable on this node, which is fine */
};

/* The result of diff for a resource. message and remedy are owned, may be NULL. */
struct change {
	enum state state;
	enum reason reason;
	char *message; /* for people, without the object's name */
	char *remedy;  /* what the user can do */
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
	const struct waiver *waiver; /* borrowed; the last to expire; NULL: none */
	bool excluded;   /* its condition is false: only reported, never observed */
	bool optional;   /* may be absent on this kernel */
	bool no_persist; /* the profile says persist: false */
	bool no_setting; /* what its kind stores as settings, none can hold */
	bool interrupts; /* changing it interrupts traffic: the watch only reports it */
};

/* What was seen of it on the host and in the Bottlerocket settings. Texts are for
 * reports. */
struct resource_seen {
	char *had, *now;      /* before the act, and now; NULL: absent or unknown */
	char *at_start;       /* when the run began to change things */
	char *device;         /* host path of the block device this is; NULL: unknown */
	char *claims;         /* devices it needs for itself, joined by " "; NULL: none */
	bool creates;         /* its step creates the device, with nothing on it */
	char *persisted;      /* value in the Bottlerocket settings; NULL: none */
	struct node *disks;   /* disks that cannot be used, for reports; owned */
	struct node *details; /* from the kind's details(); owned */
};

/* What the engine is doing with it. */
struct resource_run {
	const struct resource *waits;       /* for this one, which is in drift; or NULL */
	const struct waiver *waived;        /* in force, so it is not changed; or NULL */
	char *unselected;                   /* not part of the run, and why; or NULL */
	const struct resource *required_by; /* selected only because of this; or NULL */
	bool aside;                         /* not part of the run: not observed again */
	bool begun;                         /* `had` is frozen, apply() was called */
	bool acting;                        /* apply() succeeded, finish() is due */
	bool storing;                       /* part of the change to the settings */
	bool observed;                      /* by this plan, at least once */
	bool unread;                        /* by the last observe(): `now` is unknown */
	bool elsewhere;   /* observe() returned -EREMOTE: it is not visible here */
	bool by_settings; /* then the Bottlerocket settings decide what it is */
	bool moved;       /* after its step, something changed it again */
	bool not_back;    /* its rollback failed, as reported */
	const struct resource *moved_by; /* its write did; NULL: unknown */
	struct change change;
};

struct resource {
	const struct kind *kind;
	char *name;
	struct resource_spec spec;
	struct resource_seen seen;
	struct resource_run run;
};

/* The form of a section of the profile, and what becomes one resource. */
enum section_shape {
	SECTION_NAMES,  /* list of names: one resource each; parse gets the name's node */
	SECTION_VALUES, /* mapping: one resource per key; parse gets the value */
	SECTION_ITEMS,  /* list of "name" mappings: one resource per item and kind */
	SECTION_OBJECT, /* one mapping: one resource */
	SECTION_TREE,   /* mapping of any depth: one resource per leaf */
};

enum kind_flags {
	KIND_IRREVERSIBLE = 1 << 0, /* no revert: its changes stay, which is reported */
	KIND_RESET = 1 << 1,        /* the host writes it again when settings change */
	KIND_READ_ONLY = 1 << 2,    /* read-only check: no apply, no revert, no drift */
	KIND_ENFORCED = 1 << 3,   /* the watch enforces it at its own, shorter interval */
	KIND_HOST_NETNS = 1 << 4, /* the watch changes it only in the host's netns */
	KIND_APART = 1 << 5, /* no other kind of its item depends on it, nor it on them */
};

/* How the Bottlerocket settings compare with a resource. */
enum persisted_state {
	PERSISTED_NOTHING, /* the resource persists nothing */
	PERSISTED_SAME,
	PERSISTED_ABSENT,
	PERSISTED_OTHER, /* another value */
};

/* What is known about the persistence of a resource. */
struct persistence {
	enum persisted_state state;
	const char *lacks; /* the missing setting, if the main one is stored; or NULL */
	const struct node *settings; /* all settings; NULL: no API */
	const char *file;    /* where it persists instead of the settings; NULL: there */
	const void *origins; /* from read_origins() of the kind; NULL: not read */
};

/*
 * Facts that a kind offers to formulas and conditions. What they count depends on the
 * item of its section that asks.
 */
struct kind_facts {
	/*
	 * Ended by NULL. A name that is a fact of the host, such as "nic_gbps", has
	 * another value in an item of the section.
	 */
	const char *const *names;

	/*
	 * Read their values, in the order of `names`, into `ret`, which is zeroed: for
	 * `item`; else for all items of `section`; else (both NULL) for an empty item.
	 * KIND_FACT_NONE: the item selects nothing that has such a value; a formula with
	 * it is not computed, and the item has to do without the result.
	 * Return: 0; -errno with `e` set and all values 0.
	 */
	int (*read)(const struct host *h, const struct node *section,
	            const struct node *item, int64_t *ret, struct err *e);

	/*
	 * The path of keys, NULL-terminated, to the part of an item that decides what is
	 * counted. Its formulas are computed before all others; `selecting` says why
	 * they cannot use these facts. NULL: no such part.
	 */
	const char *const *selector;
	const char *selecting;

	const char *outside; /* why a condition outside of an item cannot use them */
	bool items_only;     /* neither can a formula */
	bool may_lack;       /* a file of facts may lack them: they are then unknown */
};

#define KIND_FACT_NONE (-1)

struct kind {
	const char *name;    /* in reports: "sysctl" */
	const char *section; /* key of the profile; kinds may share SECTION_ITEMS */
	const char *title;   /* SECTION_OBJECT, in reports: "nfsd threads" */
	const char *doc;     /* of the section, one line; only in its first kind */
	const char *page;    /* that documents it: "docs/nfsd.md"; likewise, or NULL */
	enum section_shape shape;
	/*
	 * Keys of an item or object, ended by {0}; resource_free() frees their texts.
	 *
	 * SECTION_VALUES: keys of a value that is a mapping; any other value is read as
	 * the first field.
	 */
	const struct field *fields;
	/*
	 * SECTION_ITEMS: a key of an item whose value is a list of names. Each name
	 * becomes a resource of that name; parse gets the item. NULL: one resource per
	 * item.
	 */
	const char *each;
	const char *after; /* name of a kind that, if in drift, explains an absence */
	size_t size;       /* of the kind's own struct */
	unsigned flags;

	/*
	 * Return the canonical spelling of a name that has several ("a/b" and "a.b"),
	 * owned by the caller. NULL: names have one spelling.
	 */
	char *(*canonical)(const char *name);

	/* Only the first kind that reads the section has this; NULL: none. */
	const struct kind_facts *facts;

	/*
	 * While a bundle is collected: ask the host for what resources of any profile may
	 * ask, so that the answers are kept (host/recorded.h). Only reads. NULL: nothing,
	 * or other kinds ask it.
	 */
	void (*record)(const struct host *h);

	/*
	 * SECTION_ITEMS: replace items in the list `section` with several each, before
	 * they become resources. `h` is NULL without a node. Only the first kind that
	 * reads the section has this; NULL: items stay as they are.
	 */
	void (*expand)(struct node *section, const struct host *h,
	               struct diagnostics *diag);

	/*
	 * SECTION_ITEMS: append items that name all that the node has, for a capture
	 * without a profile; their values do not matter. Only the first kind that reads
	 * the section has this; what cannot be listed is reported in `diag`, as notes.
	 * NULL: only what a profile names is captured.
	 */
	void (*survey)(struct node *section, const struct host *h,
	               struct diagnostics *diag);

	/*
	 * SECTION_ITEMS: a number that differs once the host has other devices that items
	 * can select, so that the watch expands them again; 0: unknown. Only the first
	 * kind that reads the section has this; NULL: the watch never does.
	 */
	uint64_t (*devices)(const struct host *h);

	/*
	 * Fill the resource from its node; kind, name, spec.at and spec.depends_on are
	 * set. No host access.
	 *
	 * Problems are added to `ps`. Return: false if there is nothing to manage (an
	 * item without this kind's keys).
	 */
	bool (*parse)(struct resource *r, const struct node *n, struct diagnostics *diag);

	/*
	 * Check the `n` parsed resources of this kind in a profile against each other,
	 * and against the facts of the node (NULL: unknown). No host access. NULL:
	 * nothing to check.
	 */
	void (*check_all)(struct resource *const *list, size_t n,
	                  const struct host_facts *facts, struct diagnostics *diag);

	/*
	 * Read the host and set `now` (the engine cleared it). Absent is a valid state.
	 *
	 * Return: 0, or -errno with `e` if the state cannot be read. -EREMOTE: this
	 * process has another one than the host, but what persist() stores sets the host.
	 */
	int (*observe)(struct resource *r, const struct host *h, struct err *e);

	/* Compare. Pure: reads only the resource, fills *ret (zeroed: STATE_OK). */
	void (*diff)(const struct resource *r, struct change *ret);

	/*
	 * Add the parts that differ, for the columns of reports. Pure; called after diff
	 * for a resource in drift. Nothing is added: only the message explains it. NULL:
	 * `now` and `want` say it all.
	 */
	void (*differences)(const struct resource *r, struct differences *ret);

	/*
	 * The same of what was changed: the parts of `had` and `now`, which are set.
	 * NULL: they say it all.
	 */
	void (*changes)(const struct resource *r, struct differences *ret);

	/*
	 * Whether `other`, of the kind `after` and in drift, brings this resource, which
	 * is absent. NULL: any does.
	 */
	bool (*comes_with)(const struct resource *r, const struct resource *other);

	/*
	 * Whether `a` must be applied before `b`, whichever the profile names first. Both
	 * are of this kind and were observed. NULL: any order is right.
	 */
	bool (*precedes)(const struct resource *a, const struct resource *b);

	/* Whether there can be a `b` that `a` precedes: pairs take long. NULL: there can.
	 */
	bool (*precedes_any)(const struct resource *a);

	/*
	 * Return the files below /sys that the resource sets, joined by "\n" and owned by
	 * the caller; NULL: none. Called after observe, for paths without links.
	 *
	 * `h` NULL: called after parse, for what the profile alone says: paths, or
	 * patterns of glob(7). The function is NULL: no other kind can set its files.
	 */
	char *(*files)(const struct resource *r, const struct host *h);
	bool compares_files; /* check_all() accepts what sets one file with one value */

	/*
	 * Return the capabilities (CAPABILITY() of host/process/capabilities.h) without
	 * which observe() of the resource of that name fails on some node or, if it
	 * `acts`, apply(), finish(), revert() or undo. NULL: of any resource of the kind.
	 * Files of other users need not be named. Every kind has this.
	 */
	uint64_t (*capabilities)(const char *name, bool acts);

	/*
	 * Set the wanted value. Called only in STATE_DRIFT, right after observe and diff.
	 *
	 * Return: 0 or -errno; for -errno it may replace *ret_reason, which is
	 * REASON_FAILED.
	 */
	int (*apply)(struct resource *r, struct host *h, enum reason *ret_reason,
	             struct err *e);

	/*
	 * Finish an apply() that only starts something slow; NULL: apply() does
	 * everything.
	 *
	 * The engine starts all consecutive resources of the kind before it finishes the
	 * first: they run in parallel. It calls finish once after each apply() that
	 * succeeded, even if others failed.
	 *
	 * Return: 0; 1 if nothing was changed after all, and diff() says why; -errno.
	 */
	int (*finish)(struct resource *r, struct host *h, enum reason *ret_reason,
	              struct err *e);

	/*
	 * Restore `had`. NULL if KIND_IRREVERSIBLE.
	 *
	 * Return: 0; 1 if the change must stay, because a dependent cannot be rolled
	 * back; -errno.
	 */
	int (*revert)(struct resource *r, struct host *h, struct err *e);

	/*
	 * How `hosttune revert` restores what apply() changed. NULL: it never does, and
	 * `stays` says why; both NULL: the kind changes nothing on the host itself.
	 */
	const struct undo *undo;
	const char *stays;

	/*
	 * Add the settings that persist this across reboots to `wanted`, a tree of
	 * Bottlerocket settings ("kernel" at its top). NULL: the kind is not persisted.
	 *
	 * `live`: the whole tree as the API returned it. Called after observe and diff.
	 */
	void (*persist)(const struct resource *r, const struct node *live,
	                struct node *wanted);

	/*
	 * Add the settings that have the effect of persisting nothing, since the API
	 * cannot unset any: the value before apply(), say. NULL: there are none.
	 */
	void (*unpersist)(const struct resource *r, struct node *wanted);

	/*
	 * Write the current state to `section`, as a profile would name it.
	 *
	 * `section` has the type of the shape. Called after observe and diff. What cannot
	 * be written is reported in `ps`, as notes.
	 * Return: false if nothing was written and the change says why. NULL: cannot be
	 * captured, except SECTION_TREE, which the engine captures.
	 */
	bool (*capture)(const struct resource *r, const struct host *h,
	                struct node *section, struct diagnostics *diag);

	/*
	 * Return why persist() would give another result on each node, after parse()
	 * alone; NULL: it would not. The function is NULL: never.
	 */
	const char *(*varies)(const struct resource *r);

	/*
	 * Explain why the host differs from the wanted or persisted value (r->persisted),
	 * or will after the next boot.
	 *
	 * Refines *c, the change of diff. Pure. NULL: nothing to explain.
	 */
	void (*attribute)(const struct resource *r, const struct persistence *p,
	                  struct change *c);

	/*
	 * Read what else sets resources of this kind on the host, such as files, once for
	 * all of them, for attribute(). Both NULL: nothing does.
	 */
	void *(*read_origins)(const struct host *h);
	void (*free_origins)(void *origins);

	/*
	 * Return further evidence for detailed reports: a tree, owned by the caller, or
	 * NULL. The text for people is under "text". Called after observe; NULL: none.
	 */
	struct node *(*details)(const struct resource *r, const struct host *h);

	/* Free what the kind's own struct owns in addition to `fields`. NULL: nothing. */
	void (*done)(struct resource *r);
};

/* What varies() returns for a formula that could not be computed. */
#define VARIES_FORMULA "a formula, and no facts of the node are given"

/* Fill a change; message and remedy are formatted and owned by it. */
void change_set(struct change *c, enum state state, enum reason reason, const char *fmt,
                ...) _printf_(4, 5);
void change_remedy(struct change *c, const char *fmt, ...) _printf_(2, 3);
void change_clear(struct change *c);

/* Replace a change by `from`, which is cleared. */
void change_move(struct change *c, struct change *from);

/*
 * Find the device that a resource depends on, at any depth; NULL: unknown yet, or none.
 * Borrowed.
 */
const char *resource_device(const struct resource *r);

/*
 * Find the devices, joined by " ", that its dependency uses exclusively, or will use;
 * NULL: unknown yet, or none. Borrowed.
 */
const char *resource_takes(const struct resource *r);

/* What messages call it: "sysctl vm.swappiness", "memory thp". Owned by the caller. */
char *resource_words(const struct resource *r);

/* Free a resource and everything it owns. */
void resource_free(struct resource *r);

/* The word for a state in reports: "drift". */
const char *state_word(enum state s);

#endif
