/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"

#include "engine/profile.h"

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

enum exit_code load_profiles(struct profile *p, const struct options *o)
{
	static const char *const user_data[] = {USER_DATA};
	_problems_ struct problems ps = {0};
	bool given = o->n_profiles > 0;

	*p = (struct profile){0};
	if (!given && access(USER_DATA, F_OK) < 0) {
		(void)fprintf(stderr,
		              "hosttune: no PROFILE given, and no user data at %s "
		              "(\"hosttune profiles\" lists the built-in ones)\n",
		              USER_DATA);
		return EXIT_INVALID;
	}
	if (profile_load(p, given ? o->profiles : user_data, given ? o->n_profiles : 1,
	                 o->profile_dir, &ps) == 0)
		return EXIT_IN_SYNC;
	print_problems(&ps);
	return EXIT_INVALID;
}
