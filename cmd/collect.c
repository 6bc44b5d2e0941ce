/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/collect.h"
#include "base/mem.h"
#include "base/stop.h"
#include "bundle/bundle.h"
#include "bundle/save.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "doc/node.h"
#include "host/live.h"
#include "host/open.h"
#include "host/process/signals.h"
#include "profile/builtin.h"
#include "profile/profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A profile that does not load here does not matter: its audit fails everywhere. */
static void collect_builtin(const struct options *o, const char *name,
                            const struct host *h)
{
	_diagnostics_ struct diagnostics ignored = {0};
	struct options one = *o;
	struct profile p;

	one.profiles = &name;
	one.n_profiles = 1;
	one.value[OPTION_PROFILE_DIR] = NULL;
	if (read_profiles(&p, &one, h, NULL, &ignored) == EXIT_IN_SYNC)
		collect_profile(h, &p);
	profile_done(&p);
}

/* The profiles after FILE, which must be valid. */
static enum exit_code collect_given(const struct options *o, const struct host *h)
{
	enum exit_code code = EXIT_IN_SYNC;
	struct options given = *o;
	struct profile p;

	given.profiles++;
	given.n_profiles--;
	if (given.n_profiles == 0)
		return EXIT_IN_SYNC;
	code = load_profiles(&p, &given, h);
	if (code == EXIT_IN_SYNC)
		collect_profile(h, &p);
	profile_done(&p);
	return code;
}

static void print_result(const struct bundle *b, const char *file)
{
	const struct node *incomplete = node_get(b->manifest, "incomplete");

	if (strcmp(file, "-") == 0)
		complain("%zu files, %zu KiB", b->n, b->bytes / 1024);
	else
		(void)printf("%s: %zu files, %zu KiB\n", file, b->n, b->bytes / 1024);
	if (incomplete)
		complain("the bundle is not complete: %s (its manifest.json "
		         "lists what it lacks)",
		         incomplete->text);
	if (geteuid() != 0)
		complain("only root can collect everything");
}

/* "-" is standard output, as for tar. */
static int save(struct bundle *b, const char *file, struct err *e)
{
	return strcmp(file, "-") == 0 ? bundle_save_stream(b, STDOUT_FILENO, e)
	                              : bundle_save(b, file, e);
}

static int check(const char *file, struct err *e)
{
	if (strcmp(file, "-") != 0)
		return bundle_save_check(file, e);
	return isatty(STDOUT_FILENO)
	               ? err_set(e, -EINVAL,
	                         "standard output is a terminal (hosttune collect - "
	                         ">node.tar)")
	               : 0;
}

static enum exit_code collect_all(const struct options *o, struct host *h,
                                  const char *file)
{
	enum exit_code code;
	struct err e = {0};

	collect_begin(h, HOSTTUNE_VERSION);
	code = collect_given(o, h);
	if (code != EXIT_IN_SYNC)
		return code;
	for (const struct builtin *b = builtins();
	     b->name && !deadline_expired(h->deadline); b++)
		collect_builtin(o, b->name, h);
	if (collect_end(h, &e) < 0 || save(h->record, file, &e) < 0) {
		complain("collect: %s", e.text);
		return stop_signal() ? EXIT_SIGNAL : EXIT_FAILED;
	}
	print_result(h->record, file);
	return deadline_expired(h->deadline) ? EXIT_DEADLINE : EXIT_IN_SYNC;
}

static const char *replaced_file(const struct options *o)
{
	return o->n_profiles > 0 ? o->profiles[0] : NULL;
}

static int cmd_collect_run(const struct options *o)
{
	_bundle_ struct bundle *b = NULL;
	enum exit_code code;
	struct err e = {0};
	struct host h;

	if (o->n_profiles == 0) {
		complain("collect: needs a FILE.tar.zst, a FILE.tar, - or a "
		         "directory to write");
		return EXIT_INVALID;
	}
	if (check(o->profiles[0], &e) < 0) {
		complain("collect: %s", e.text);
		return EXIT_INVALID;
	}
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	if (host_live_check(&h, &e) < 0) {
		complain("collect: %s", e.text);
		code = EXIT_INVALID;
	} else {
		signals_catch();
		h.deadline.until_signal = true;
		b = bundle_new();
		h.record = b;
		code = collect_all(o, &h, o->profiles[0]);
	}
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_collect = {
	.name = "collect",
	.args = "FILE [PROFILE...]",
	.summary = "write a bundle of this node, to audit elsewhere",
	.takes = VALUES_FILE,
	.exits = "0 2 3 7 8",
	.see = "audit, facts, capture",
	.inspects = true,
	.replaces = replaced_file,
	.run = cmd_collect_run,
};
