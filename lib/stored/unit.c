/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stored/unit.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/packed.h"
#include "host/file.h"
#include "host/host.h"
#include "stored/stored.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKAGED_PROGRAM "/usr/bin/hosttune"
#define WANTS            "/etc/systemd/system/multi-user.target.wants"
#define PATH_LETTERS                                           \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789_-./+"

/* Whoever can change it would be root at the next boot. */
static bool is_safe_program(const struct host *h, const char *path)
{
	struct err ignored;
	struct stat st;

	return host_file_stat(h, path, &st, &ignored) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_mode & 0100) && st.st_uid == 0 &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

char *unit_program(const struct host *h, struct err *e)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *const places[] = {self, PACKAGED_PROGRAM, "/usr/local/bin/hosttune"};

	self[n > 0 ? n : 0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (*places[i] == '/' && !places[i][strspn(places[i], PATH_LETTERS)] &&
		    is_safe_program(h, places[i]))
			return mem_dup(places[i]);
	(void)err_set(e, -ENOENT,
	              "no unit can apply it at boot: the host has no hosttune that only "
	              "root can change (install it in /usr/local/bin)");
	return NULL;
}

/* Replace each `from` in *text. */
static void replace_all(char **text, const char *from, const char *with)
{
	_buf_ struct buf b = {0};
	const char *rest = *text, *at;

	while ((at = strstr(rest, from))) {
		buf_add_n(&b, rest, (size_t)(at - rest));
		buf_add(&b, with);
		rest = at + strlen(from);
	}
	buf_add(&b, rest);
	mem_set(text, buf_take(&b));
}

static char *profile_line(const char *profile)
{
	return mem_format("# profile %016" PRIx64 "\n",
	                  hash_bytes(HASH_START, profile, strlen(profile)));
}

char *unit_text(const char *name, const char *program, const char *skip,
                const char *profile)
{
	_free_ char *packed = packed_open(&packed_units);
	_free_ char *text = mem_dup(packed + strlen(packed) + 1);
	_free_ char *path = stored_path(STORED_PROFILE, name);
	_free_ char *apply = mem_format("%s apply %s", program, skip);
	_free_ char *line = profile_line(profile);
	_free_ char *unit =
		mem_format("%s[Unit]\nConditionFileIsExecutable=%s", line, program);

	replace_all(&text, UNIT_OWN_PROFILE, path);
	replace_all(&text, PACKAGED_PROGRAM " apply ", apply);
	replace_all(&text, "[Unit]", unit);
	return owned_text(name, text);
}

bool unit_applies(const char *unit, const char *profile)
{
	_free_ char *line = profile ? profile_line(profile) : NULL;

	return line && strstr(unit, line);
}

bool unit_is_enabled(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;
	bool found = false;

	/* the link is absolute: what it leads to may lie outside of the root */
	if (h->bundle || host_file_list(h, WANTS, &names, &ignored) < 0)
		return false;
	for (size_t i = 0; names[i]; i++)
		found |= strcmp(names[i], "hosttune-apply.service") == 0;
	return found;
}
