/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"

#include "base/mem.h"
#include "engine/formula.h"
#include "engine/profile.h"
#include "host/host.h"

#include <stdio.h>
#include <unistd.h>

/* Quoted from a file that may come from anywhere: nothing that a terminal acts on. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

static void print_problems(const struct problems *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		make_printable(ps->list[i].text);
		(void)fprintf(stderr, "%s:%u:%u: %s\n", ps->list[i].file,
		              ps->list[i].line, ps->list[i].col, ps->list[i].text);
	}
}

enum exit_code open_host(struct host *h, const struct options *o)
{
	struct err e = {0};

	if (host_open(h, o->root, &e) < 0) {
		(void)fprintf(stderr, "hosttune: %s\n", e.text);
		return EXIT_INVALID;
	}
	h->api_socket = mem_dup(o->api_socket);
	host_set_deadline(h, o->deadline_s);
	return EXIT_IN_SYNC;
}

/* Facts that cannot be read are no reason to stop: most profiles ask for none. */
static int get_facts(struct facts *f, const struct options *o, const struct host *h,
                     struct problems *ps)
{
	struct err e = {0};

	if (o->facts)
		return facts_load(f, o->facts, ps);
	if (!h)
		*f = (struct facts){.unknown = true};
	else if (facts_read(f, h, &e) < 0)
		*f = (struct facts){.h = h, .missing = mem_dup(e.text)};
	return 0;
}

enum exit_code load_profiles(struct profile *p, const struct options *o,
                             const struct host *h)
{
	static const char *const user_data[] = {USER_DATA};
	_problems_ struct problems ps = {0};
	bool given = o->n_profiles > 0;
	struct facts facts = {0};
	int r;

	*p = (struct profile){0};
	if (!given && access(USER_DATA, F_OK) < 0) {
		(void)fprintf(stderr,
		              "hosttune: no PROFILE given, and no user data at %s "
		              "(\"hosttune profiles\" lists the built-in ones)\n",
		              USER_DATA);
		return EXIT_INVALID;
	}
	r = get_facts(&facts, o, h, &ps);
	if (r == 0)
		r = profile_load(p, given ? o->profiles : user_data,
		                 given ? o->n_profiles : 1, o->profile_dir, &facts, &ps);
	facts_done(&facts);
	if (r == 0)
		return EXIT_IN_SYNC;
	print_problems(&ps);
	return EXIT_INVALID;
}
