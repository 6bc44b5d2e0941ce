/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/capture/capture.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "complain.h"
#include "completion.h"
#include "host/host.h"
#include "output.h"
#include "profile/builtin.h"
#include "profile/condition.h"
#include "profile/facts.h"
#include "profile/profile.h"
#include "report/profiles/profiles.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Capture ignores the values in a profile, so formulas need no facts. A captured tree has
 * none.
 */
static enum exit_code cmd_capture_load(struct profile *p, const struct options *o,
                                       const struct host *h)
{
	_cleanup_(host_facts_done) struct host_facts facts;
	const struct host_size *size;
	struct err ignored;

	host_facts_read(h, &facts);
	return load_profiles(p, o,
	                     host_facts_size(&facts, &size, &ignored) == 0 ? h : NULL);
}

/* Load each profile separately: the built-in ones are not meant to be merged. */
static enum exit_code load_builtins(struct profile *list, const struct options *o,
                                    const struct host *h)
{
	enum exit_code code = EXIT_IN_SYNC;
	size_t i = 0;

	for (const struct builtin *b = builtins();
	     b->name && !deadline_expired(h->deadline); b++) {
		struct options one = *o;

		one.profiles = &b->name;
		one.n_profiles = 1;
		one.value[OPTION_PROFILE_DIR] = NULL;
		if (code == EXIT_IN_SYNC)
			code = cmd_capture_load(&list[i++], &one, h);
	}
	return code;
}

static void cmd_capture_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	(void)log;
	/* comments would not be JSON */
	if (f == FORMAT_JSON)
		report_capture_json(ctx, out, stderr);
	else
		report_capture(ctx, out);
}

/* With -v: why a key that the user looks for is missing, if no value was read. */
static void print_scope(const struct profile *list, size_t n, const struct options *o)
{
	_buf_ struct buf names = {0};

	for (size_t i = 0; i < o->n_profiles; i++)
		buf_join(&names, " ", o->profiles[i]);
	for (const struct builtin *b = builtins(); b->name && !o->n_profiles; b++)
		buf_join(&names, " ", b->name);
	complain(
		"captured is what these profiles name: %s%s", names.text,
		o->n_profiles
			? ""
			: ", the interfaces that have a device, and queues of drives that "
			  "are not as the kernel set them");
	complain("to capture other keys, name a PROFILE that has them, with any values");
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < list[i].excluded.n; j++) {
			const struct excluded *x = &list[i].excluded.list[j];

			complain("not captured: %s %s: condition \"%s\" is "
			         "false on this node (%s:%u)",
			         excluded_kind(x), x->name, x->when, x->at.file,
			         x->at.line);
		}
	}
}

static enum exit_code too_late(const struct host *h)
{
	complain("capture: %s: nothing was captured", deadline_reason(h->deadline));
	return EXIT_DEADLINE;
}

static enum exit_code cmd_capture_capture(const struct options *o,
                                          const struct profile *list, size_t n,
                                          const struct host *h)
{
	enum exit_code code = EXIT_IN_SYNC;
	struct capture c;

	capture_read(&c, list, n, o->n_profiles == 0, h);
	/* a part of the node would pass for all of it */
	if (deadline_expired(h->deadline)) {
		capture_done(&c);
		return too_late(h);
	}
	code = outputs_write(o, code, cmd_capture_print, &c);
	if (o->verbose)
		print_scope(list, n, o);
	/* without an API there is nothing to capture */
	if (c.api == PERSIST_UNREACHABLE || c.api == PERSIST_LOCKED) {
		complain("%s", c.api_message);
		code = EXIT_API;
	}
	capture_done(&c);
	return code;
}

static int cmd_capture_run(const struct options *o)
{
	struct profile *list;
	enum exit_code code;
	struct host h;
	size_t n;

	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	for (n = 0; builtins()[n].name; n++)
		;
	n = o->n_profiles ? 1 : n;
	list = mem_new(n, sizeof(*list));
	code = o->n_profiles ? cmd_capture_load(list, o, &h) : load_builtins(list, o, &h);
	if (code == EXIT_IN_SYNC)
		code = deadline_expired(h.deadline) ? too_late(&h)
		                                    : cmd_capture_capture(o, list, n, &h);
	for (size_t i = 0; i < n; i++)
		profile_done(&list[i]);
	free(list);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_capture = {
	.name = "capture",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "print this node's current values as a profile",
	.exits = "0 2 3 4 7",
	.see = "audit, facts, docs/operations.md",
	.formats = "text json",
	.run = cmd_capture_run,
};
