/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "complain.h"
#include "files.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/text/display.h"
#include "bundle/bundle.h"
#include "bundle/load.h"
#include "host/open.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "progress.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void print_diagnostics(const struct diagnostics *diag, enum severity most, FILE *log)
{
	for (size_t i = 0; i < diag->n; i++) {
		const struct diagnostic *p = &diag->list[i];
		_free_ char *file = NULL, *text = NULL, *line = NULL;

		if (p->severity > most)
			continue;
		/* either may hold any text */
		file = display_text(p->file);
		text = display_text(p->text);
		/* one write: stderr has no buffer */
		line = mem_format("%s:%u:%u: %s%s\n", file, p->line, p->col,
		                  severity_prefix(p->severity), text);
		(void)fputs(line, log);
	}
}

/* Notes are for checking a profile (no host); each run would repeat them. */
enum severity reported_severity(const struct options *o, const struct host *h)
{
	if (o->quiet)
		return SEVERITY_ERROR;
	return o->verbose && !h ? SEVERITY_NOTE : SEVERITY_WARNING;
}

struct deadline deadline_of(const struct options *o)
{
	return o->deadline_s ? deadline_in_ms((int64_t)o->deadline_s * 1000)
	                     : (struct deadline){0};
}

/* A signal that ends the run on the host ends reading, too. */
static struct deadline reading_until(const struct options *o, const struct host *h)
{
	struct deadline until = o->until;

	until.until_signal = h && h->deadline.until_signal;
	return until;
}

enum exit_code exit_unread(struct deadline until, const struct diagnostics *diag)
{
	if (!deadline_expired(until))
		return diag->failed ? EXIT_FAILED : EXIT_INVALID;
	return until.until_signal && stop_signal() ? EXIT_SIGNAL : EXIT_DEADLINE;
}

/* The default socket is that of this machine: a captured tree has none. */
static void open_host_api(struct host *h, const struct options *o)
{
	const char *given = o->value[OPTION_API_SOCKET];

	if (o->value[OPTION_NO_API]) {
		mem_set(&h->api_socket, NULL);
		h->no_api = "--no-api";
	} else if (h->bundle)
		return;
	else if (!given && !h->live)
		h->no_api = "a captured root has none; --api-socket names one";
	else {
		h->api_socket = mem_dup(given ? given : HOST_API_SOCKET);
		h->api_named = given != NULL;
	}
}

static int open_bundle(struct host *h, const char *file, struct err *e)
{
	struct bundle *b = NULL;
	int r = bundle_load(file, &b, e);

	if (r < 0)
		return r;
	r = host_open_bundle(h, b, e);
	if (r < 0)
		host_close(h);
	return r < 0 ? err_wrap(e, "%s", file) : 0;
}

/* Whether the machine is to blame, and not the name. */
static bool is_of_machine(int code)
{
	return code == -EIO || code == -EMFILE || code == -ENFILE || code == -ENOMEM;
}

enum exit_code open_host(struct host *h, const struct options *o)
{
	const char *bundle = o->value[OPTION_BUNDLE];
	struct err e = {0};
	int r = bundle ? open_bundle(h, bundle, &e)
	               : host_open(h, o->value[OPTION_ROOT], &e);

	if (r < 0) {
		complain("%s", e.text);
		return is_of_machine(r) ? EXIT_FAILED : EXIT_INVALID;
	}
	h->namespaces = o->namespaces;
	open_host_api(h, o);
	h->may_wipe = o->may_wipe;
	if (!o->quiet)
		progress_print();
	h->deadline = o->until;
	return EXIT_IN_SYNC;
}

void close_host(struct host *h)
{
	for (size_t i = 0; h->bundle && i < h->bundle->n_lacked; i++) {
		_free_ char *what = display_text(h->bundle->lacked[i]);

		complain("the bundle lacks %s", what);
	}
	host_close(h);
}

static int get_facts(struct facts *f, const struct options *o, const struct host *h,
                     struct diagnostics *diag)
{
	if (o->value[OPTION_FACTS])
		return facts_load(f, o->value[OPTION_FACTS], reading_until(o, h), diag);
	if (h)
		facts_read(f, h);
	else
		*f = (struct facts){.unknown = true};
	return 0;
}

/* Return the default profile: the user data of our container. NULL, printed: none. */
static const char *find_user_data(const struct host *h)
{
	const char *file = access(USER_DATA_OF_HOST_CONTAINER, F_OK) == 0
	                           ? USER_DATA_OF_HOST_CONTAINER
	                           : USER_DATA;

	/* it is meant for this machine, and a captured tree is another */
	if (h && !h->live)
		complain("no PROFILE given (a %s has no default PROFILE)",
		         h->bundle ? "bundle" : "captured root");
	else if (access(file, F_OK) < 0)
		complain("no PROFILE given, and no user data at %s "
		         "(\"hosttune profiles\" lists the built-in profiles)",
		         USER_DATA);
	else
		return file;
	return NULL;
}

/*
 * A result must not replace a file that the profile includes, or the default profile.
 * Return: whether one would, as printed.
 */
static bool replaces_source(const struct profile *p, const struct options *o)
{
	for (size_t i = 0; i < p->n_sources; i++) {
		const struct source *s = &p->sources[i];
		_free_ char *by = s->built_in ? NULL : files_replaced_by(o, s->file);

		if (!by)
			continue;
		complain("%s: " FILES_READ, by);
		return true;
	}
	return false;
}

/* Those of the host itself: not of --facts, whose `h` is NULL. */
static void take_host_facts(struct host_facts *ret, struct facts *f)
{
	if (!f->h)
		return;
	*ret = f->host;
	f->host = (struct host_facts){0};
}

enum exit_code read_profiles(struct profile *p, const struct options *o,
                             const struct host *h, struct host_facts *ret,
                             struct diagnostics *diag)
{
	const char *const *names = o->profiles;
	size_t n_names = o->n_profiles;
	const struct source_from from = {.dir = o->value[OPTION_PROFILE_DIR],
	                                 .until = reading_until(o, h)};
	const char *user_data = NULL;
	struct facts facts = {0};
	int r;

	*p = (struct profile){0};
	if (n_names == 0) {
		user_data = find_user_data(h);
		if (!user_data)
			return EXIT_INVALID;
		names = &user_data;
		n_names = 1;
	}
	r = get_facts(&facts, o, h, diag);
	if (r == 0)
		r = profile_load(p, names, n_names, &from, &facts, diag);
	if (ret)
		take_host_facts(ret, &facts);
	facts_done(&facts);
	if (replaces_source(p, o)) {
		/* a usage error: there are no results, which might go there */
		diag_done(diag);
		return EXIT_INVALID;
	}
	return r == 0 ? EXIT_IN_SYNC : exit_unread(from.until, diag);
}

enum exit_code load_profiles(struct profile *p, const struct options *o,
                             const struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	enum exit_code code = read_profiles(p, o, h, NULL, &diag);

	print_diagnostics(&diag, reported_severity(o, h), stderr);
	return code;
}
