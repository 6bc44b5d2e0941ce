/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "screen.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/shell.h"
#include "cmd.h"
#include "doc/node.h"
#include "option.h"
#include "profile/profile.h"
#include "report/wrap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MAX 1000

unsigned screen_width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = {0};
	uint64_t width = 0;

	if (!isatty(fd))
		return REPORT_WIDTH;
	/* set by hand: shells do not export it */
	if ((!columns || num_u64(columns, &width) < 0 || width == 0) &&
	    ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0)
		width = REPORT_WIDTH;
	if (width < REPORT_WIDTH_MIN)
		width = REPORT_WIDTH_MIN;
	return (unsigned)(width > WIDTH_MAX ? WIDTH_MAX : width);
}

char *screen_name(const struct options *o, const struct profile *p)
{
	const struct node *name = node_get(p->tree, "name");
	_buf_ struct buf names = {0};

	if (o->n_profiles <= 1 && name && name->type == NODE_SCALAR)
		return mem_dup(name->text);
	for (size_t i = 0; i < o->n_profiles; i++)
		buf_join(&names, " + ",
		         strcmp(o->profiles[i], "-") == 0 ? "standard input"
		                                          : o->profiles[i]);
	return names.len > 0 ? buf_take(&names) : mem_dup("user data");
}

struct words {
	char **list;
	size_t n, cap;
};

static void add_word(struct words *w, char *word)
{
	w->list = mem_grow(w->list, &w->cap, w->n, sizeof(*w->list));
	w->list[w->n++] = word;
}

/* An option and its argument stay together. */
static void add_option(struct words *w, enum option_id id, const char *value)
{
	const struct option_def *d = &option_defs[id];
	_free_ char *arg = d->arg ? shell_quote(value) : mem_dup("");

	add_word(w, mem_format("--%s%s%s", d->name, d->arg ? " " : "", arg));
}

static void add_values(struct words *w, enum option_id id, const char **values)
{
	for (; values && *values; values++)
		add_option(w, id, *values);
}

char **screen_repeated(const struct options *o)
{
	/* what decides the result; --allow-wipe follows, for each drive */
	static const enum option_id ids[] = {OPTION_ROOT, OPTION_API_SOCKET,
	                                     OPTION_NO_API, OPTION_PROFILE_DIR,
	                                     OPTION_DEADLINE};
	struct words w = {0};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (o->value[ids[i]])
			add_option(&w, ids[i], o->value[ids[i]]);
	add_values(&w, OPTION_ALLOW_WIPE, o->may_wipe);
	add_values(&w, OPTION_ONLY, o->only);
	add_values(&w, OPTION_SKIP, o->skip);
	for (size_t i = 0; i < o->n_profiles; i++)
		add_word(&w, shell_quote(o->profiles[i]));
	add_word(&w, NULL);
	return w.list;
}
