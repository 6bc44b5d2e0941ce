/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>

/* The contract with callers; `hosttune --help` prints it. */
enum exit_code {
	EXIT_IN_SYNC = 0,  /* in sync, or applied */
	EXIT_DRIFT = 1,    /* differs (audit, dry run) */
	EXIT_INVALID = 2,  /* wrong usage or invalid profile: nothing was touched */
	EXIT_FAILED = 3,   /* some of the plan failed */
	EXIT_API = 4,      /* the Bottlerocket API could not be reached or refused */
	EXIT_REFUSED = 5,  /* refused for safety: nothing was touched */
	EXIT_LOCKED = 6,   /* another run holds the lock */
	EXIT_DEADLINE = 7, /* the deadline passed */
};

enum output { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_PROMETHEUS };

#define CMD_OPTIONS_MAX 12

/* An option that only one command has; it stands behind the command. */
struct cmd_option {
	const char *name; /* "interval"; NULL ends the table */
	const char *arg;  /* what it takes, for the help: "SECONDS"; NULL: nothing */
	const char *doc;  /* for the help, one or several lines */
};

/* What the command line says; texts are borrowed from argv. */
struct options {
	const char *root;        /* NULL: find it */
	const char *api_socket;  /* NULL: --no-api */
	const char *profile_dir; /* NULL: none */
	const char *facts;       /* file with the facts of a node; NULL: of the host */
	enum output output;
	bool dry_run, quiet, verbose, color;
	unsigned deadline_s; /* 0: none */
	/* the command's own, in the order of its table; NULL: not given, "": given */
	const char *own[CMD_OPTIONS_MAX];
	const char **may_wipe; /* serials, ended by NULL; owned; NULL: none */
	const char *const *profiles;
	size_t n_profiles;
};

struct cmd {
	const char *name;
	const char *args;    /* for the help: "[PROFILE...]" */
	const char *summary; /* one line */
	const char *help;    /* what "COMMAND --help" tells besides; NULL: nothing */
	const struct cmd_option
		*options; /* of its own, at most CMD_OPTIONS_MAX; or NULL */
	bool prometheus;  /* takes -o prometheus */
	int (*run)(const struct options *o);
};

extern const struct cmd cmd_apply, cmd_audit, cmd_validate, cmd_show, cmd_profiles,
	cmd_schema, cmd_capture, cmd_userdata, cmd_watch;

/* Where host-ctr puts the user data of the bootstrap container we run in. */
#define USER_DATA "/.bottlerocket/bootstrap-containers/current/user-data"
/* The same of a host container, which stays: there the command is watch. */
#define USER_DATA_OF_HOST_CONTAINER "/.bottlerocket/host-containers/current/user-data"

struct host;
struct profile;

/*
 * Load the profiles of the command line, or the user data if there are none; print
 * what is wrong with them: with -q only errors, with -v and no host also notes.
 * Formulas are computed over the facts of --facts, else of `h`; without a host (NULL)
 * they are only checked.
 * Return: EXIT_IN_SYNC or EXIT_INVALID. profile_done() in any case.
 */
enum exit_code load_profiles(struct profile *p, const struct options *o,
                             const struct host *h);

/*
 * Open the host of the command line.
 * Return: EXIT_IN_SYNC, or EXIT_INVALID, told. host_close() after success.
 */
enum exit_code open_host(struct host *h, const struct options *o);

#endif
