/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "collect/mounts.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The end of a line of mountinfo. */
struct file_system {
	unsigned major;
	char type[64], source[4096];
	const char *options;
};

static bool parse(const char *line, const char *dash, struct file_system *ret)
{
	ret->options = strrchr(line, ' ') + 1;
	return sscanf(line, "%*d %*d %u:", &ret->major) == 1 &&
	       sscanf(dash, " - %63s %4095s", ret->type, ret->source) == 2;
}

/* "server:/export", "//server/share"; sshfs and others have the user before it. */
static bool names_peer(const struct file_system *f)
{
	return strncmp(f->source, "//", 2) == 0 || strstr(f->source, ":/") ||
	       strncmp(f->type, "fuse.", strlen("fuse.")) == 0 ||
	       strstr(f->options, "addr=") || strstr(f->options, "user=") ||
	       strstr(f->options, "username=");
}

static void add_line(struct buf *b, const char *line, bool all)
{
	const char *dash = strstr(line, " - ");
	struct file_system f;

	if (!dash || !parse(line, dash, &f) || f.major != 0 || !(all || names_peer(&f))) {
		buf_addf(b, "%s\n", line);
		return;
	}
	buf_add_n(b, line, (size_t)(dash - line));
	buf_addf(b, " - %s none %s%s\n", f.type,
	         words_have(f.options, ',', "ro") ? "ro" : "rw",
	         words_have(f.options, ',', "sync") ? ",sync" : "");
}

static char *reduce(const char *table, bool all)
{
	_free_ char *copy = mem_dup(table);
	_buf_ struct buf b = {0};
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			add_line(&b, line, all);
	return buf_take(&b);
}

char *collect_mounts_reduce(const char *table)
{
	return reduce(table, false);
}

char *collect_mounts_reduce_all(const char *table)
{
	return reduce(table, true);
}
