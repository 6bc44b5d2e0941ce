/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/deadline.h"
#include "base/diagnostics.h"
#include "host/host.h"
#include "option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output;

/* Part of the contract with callers; `hosttune --help` lists them. */
enum exit_code {
	EXIT_IN_SYNC = 0,  /* in sync, or applied */
	EXIT_DRIFT = 1,    /* differs (audit, dry run) */
	EXIT_INVALID = 2,  /* usage error or invalid profile: nothing was changed */
	EXIT_FAILED = 3,   /* part of the plan failed */
	EXIT_API = 4,      /* the Bottlerocket API is unreachable or refused the change */
	EXIT_REFUSED = 5,  /* refused for safety: nothing was changed */
	EXIT_LOCKED = 6,   /* another run holds the lock */
	EXIT_DEADLINE = 7, /* deadline exceeded */
	EXIT_SIGNAL = 8,   /* ended by a signal: what could be rolled back was */
};

/* The parsed command line. Texts are borrowed from argv. */
struct options {
	/* as given, by option: NULL: not given; "": given, without an argument */
	const char *value[OPTIONS];
	struct output *outputs; /* of each -o, in order; owned (output.h) */
	size_t n_outputs;
	bool dry_run, quiet, verbose, color;
	bool acts; /* apply, no dry run: success is that of the host, whoever reads */
	struct host_namespaces namespaces; /* compared with all capabilities */
	const char *program;               /* as the user called it: argv[0] */
	unsigned deadline_s;               /* 0: none */
	struct deadline until;             /* the run ends then */
	unsigned lock_wait_s;              /* if OPTION_LOCK_WAIT is given */
	unsigned try_s;                    /* if OPTION_TRY is given */
	unsigned seconds;                  /* if OPTION_SECONDS is given */
	const char **may_wipe;      /* serials, NULL-terminated; owned; NULL: none */
	const char **only, **skip;  /* selectors, likewise: see engine/select.h */
	const char **rules;         /* files, likewise */
	const char **pods, **files; /* of a baseline, likewise */
	const char *const *profiles;
	size_t n_profiles;
	const char *replaces; /* the one of them that the run replaces; NULL: none */
};

/* What it does, with examples, is in cmd/help/NAME.txt. */
struct cmd {
	const char *name;
	const char *args;    /* for the help: "[PROFILE...]" */
	const char *takes;   /* values of its arguments (completion.h); NULL: none */
	const char *summary; /* one line */
	const char *exits;   /* its exit codes, joined by " " */
	const char *see;     /* commands and pages, joined by ", " */
	bool offline;        /* it only reads files, and asks no host */
	bool acts;           /* it changes the host, unless it is a dry run */
	bool plans;          /* it gives up itself what its plan does not need */
	bool inspects;       /* it looks into other processes */
	/* the argument that it replaces; NULL: none */
	const char *(*replaces)(const struct options *o);
	/* an argument may be a directory: whether it reads this file in it */
	bool (*reads_below)(const char *name);
	const char *formats; /* names of what -o accepts, joined by " "; NULL: none */
	int (*run)(const struct options *o);
};

/* All commands, in the order of the help: the only list. */
#define COMMANDS(C)   \
	C(apply)      \
	C(revert)     \
	C(confirm)    \
	C(unpersist)  \
	C(audit)      \
	C(diagnose)   \
	C(validate)   \
	C(show)       \
	C(profiles)   \
	C(schema)     \
	C(capture)    \
	C(facts)      \
	C(collect)    \
	C(baseline)   \
	C(import)     \
	C(userdata)   \
	C(watch)      \
	C(explain)    \
	C(report)     \
	C(completion) \
	C(help)       \
	C(version)

#define C(name) extern const struct cmd cmd_##name;
COMMANDS(C)
#undef C

/* Where host-ctr puts the user data of the bootstrap container that runs hosttune. */
#define USER_DATA "/.bottlerocket/bootstrap-containers/current/user-data"
/* The same for a host container, which keeps running: its default command is watch. */
#define USER_DATA_OF_HOST_CONTAINER "/.bottlerocket/host-containers/current/user-data"

struct host;
struct host_facts;
struct profile;

/*
 * Load the profiles of the command line, or the user data if none is given, and print
 * their problems: with -q only errors, with -v and no host also notes.
 *
 * `h`: host whose facts the formulas use, unless --facts names a file; NULL: no host,
 * formulas are only checked.
 * Return: EXIT_IN_SYNC, or that of exit_unread(). Call profile_done() in any case.
 */
enum exit_code load_profiles(struct profile *p, const struct options *o,
                             const struct host *h);

/*
 * The same, with the problems added to `diag` instead of printed. `facts`: NULL, or
 * cleared; gets the facts of the host, if they were read for it.
 */
enum exit_code read_profiles(struct profile *p, const struct options *o,
                             const struct host *h, struct host_facts *facts,
                             struct diagnostics *diag);

/* That many seconds from now: --deadline. */
struct deadline deadline_of(const struct options *o);

/*
 * The exit code after a file was not read, or is invalid: EXIT_INVALID, EXIT_FAILED (this
 * machine could not read it, see diag_fail()), EXIT_DEADLINE or EXIT_SIGNAL.
 */
enum exit_code exit_unread(struct deadline until, const struct diagnostics *diag);

/* Print the problems up to the severity `most`. */
void print_diagnostics(const struct diagnostics *diag, enum severity most, FILE *log);

/* Return the least severe problem to print, by -q and -v. `h`: as above. */
enum severity reported_severity(const struct options *o, const struct host *h);

/*
 * Open the host of the command line.
 *
 * Return: EXIT_IN_SYNC; EXIT_INVALID or, if this machine could not read it, EXIT_FAILED,
 * after printing the error. Call close_host() after success: it prints what a bundle
 * lacks.
 */
enum exit_code open_host(struct host *h, const struct options *o);
void close_host(struct host *h);

#endif
