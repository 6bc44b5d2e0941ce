/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which line of sysctl.d wins. */
#include "base/mem.h"
#include "sysctl/key.h"
#include "sysctl/sysctl_d.h"
#include "sysctl/sysctl_d_part.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* The line of a pattern that counts, from `at` back; NULL: a later one removed it. */
static const struct sysctl_d_line *place_of(const struct sysctl_d *d, size_t at)
{
	const struct sysctl_d_line *last = &d->lines[at];

	/* repeated with the same value, it keeps the first place */
	for (size_t i = at; i-- > 0;) {
		const struct sysctl_d_line *line = &d->lines[i];

		if (strcmp(line->key, last->key) != 0)
			continue;
		if (!line->value || strcmp(line->value, last->value) != 0)
			break;
		last = line;
	}
	return last;
}

static bool is_repeated(const struct sysctl_d *d, size_t at, size_t n)
{
	for (size_t i = at + 1; i < n; i++)
		if (strcmp(d->lines[i].key, d->lines[at].key) == 0)
			return true;
	return false;
}

/* Of all patterns that match, in their last form, the one that is applied last. */
static const struct sysctl_d_line *last_pattern(const struct sysctl_d *d, size_t n,
                                                const char *path)
{
	const struct sysctl_d_line *found = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct sysctl_d_line *line = &d->lines[i];

		if (!line->pattern || !line->value ||
		    fnmatch(line->key, path, FNM_PATHNAME) != 0 || is_repeated(d, i, n))
			continue;
		line = place_of(d, i);
		if (!found || line > found)
			found = line;
	}
	return found;
}

/* The line that sets the key, among the first `n`. */
static const struct sysctl_d_line *last_match(const struct sysctl_d *d, size_t n,
                                              const char *path)
{
	for (size_t i = n; i-- > 0;)
		if (!d->lines[i].pattern && strcmp(d->lines[i].key, path) == 0)
			return &d->lines[i];
	return last_pattern(d, n, path);
}

/* Whether the file comes after that of the settings, if that exists. */
static bool beats(const struct sysctl_d *d, size_t file)
{
	/* the last one is /etc/sysctl.conf, which systemd does not read */
	if (file + 1 == d->n_files)
		return false;
	for (size_t i = 0; i < file; i++)
		if (strcmp(d->files[i].path, SYSCTL_D_SETTINGS) == 0)
			return true;
	return false;
}

static bool sysctl_d_find_in(const struct sysctl_d *d, size_t n, const char *key,
                             struct sysctl_d_entry *ret)
{
	_free_ char *path = sysctl_key_path(key);
	const struct sysctl_d_line *line = last_match(d, n, path + strlen(SYSCTL_D_PROC));

	if (!line)
		return false;
	*ret = (struct sysctl_d_entry){
		.file = d->files[line->file].path,
		.line = line->number,
		.value = line->value,
		.settings = strcmp(d->files[line->file].path, SYSCTL_D_SETTINGS) == 0,
		.beats = beats(d, line->file),
		.rank = (size_t)(line - d->lines)};
	return true;
}

bool sysctl_d_find(const struct sysctl_d *d, const char *key, struct sysctl_d_entry *ret)
{
	return sysctl_d_find_in(d, d->n, key, ret) && ret->value;
}

bool sysctl_d_at_boot(const struct sysctl_d *d, const char *key,
                      struct sysctl_d_entry *ret)
{
	size_t n = d->n;

	/* the last file is /etc/sysctl.conf */
	while (n > 0 && d->lines[n - 1].file + 1 == d->n_files)
		n--;
	return sysctl_d_find_in(d, n, key, ret);
}
