/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/table.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/suggest.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The texts of a row: a key, a NUL and a module. */
#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
#define TEXTS        PASTE(row_, __LINE__)

#define K(shape, words, min, max, key, module) char TEXTS[sizeof(key "\0" module)];
struct texts {
#include "sysctl/known/keys.def"
};
#undef K

#define K(shape, words, min, max, key, module) key "\0" module,
static const struct texts texts = {
#include "sysctl/known/keys.def"
};
#undef K

#define K(shape_, words_, min_, max_, key, module) \
	{min_, max_, offsetof(struct texts, TEXTS), SHAPE_##shape_, words_},
static const struct sysctl_row rows[] = {
#include "sysctl/known/keys.def"
};
#undef K

_Static_assert(sizeof(texts) <= UINT16_MAX, "an offset has 16 bits");

const char *sysctl_row_key(const struct sysctl_row *row)
{
	return (const char *)&texts + row->text;
}

const char *sysctl_row_module(const struct sysctl_row *row)
{
	const char *key = sysctl_row_key(row);

	return key + strlen(key) + 1;
}

/* Directories of net/ with one directory for each interface. */
static const char *const per_interface[] = {"net.ipv4.conf.", "net.ipv4.neigh.",
                                            "net.ipv6.conf.", "net.ipv6.neigh.",
                                            "net.mpls.conf."};

/* Find the name of the interface in a key. Return: its length; 0: it has none. */
static size_t interface_of(const char *key, const char **ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(per_interface); i++) {
		size_t len = strlen(per_interface[i]);

		if (strncmp(key, per_interface[i], len) != 0)
			continue;
		*ret = key + len;
		len = strcspn(*ret, ".");
		return (*ret)[len] ? len : 0;
	}
	return 0;
}

static char *with_interface(const char *key, const char *name, size_t len)
{
	const char *old = NULL;
	size_t old_len = interface_of(key, &old);

	if (old_len == 0)
		return mem_dup(key);
	return mem_format("%.*s%.*s%s", (int)(old - key), key, (int)len, name,
	                  old + old_len);
}

char *sysctl_table_pattern(const char *key)
{
	return with_interface(key, "*", 1);
}

static int compare_row(const void *pattern, const void *row)
{
	return strcmp(pattern, sysctl_row_key(row));
}

static const struct sysctl_row *find_row(const char *pattern)
{
	return bsearch(pattern, rows, ARRAY_SIZE(rows), sizeof(*rows), compare_row);
}

const struct sysctl_row *sysctl_table_find(const char *key)
{
	_free_ char *pattern = sysctl_table_pattern(key);

	return find_row(pattern);
}

const struct sysctl_row *sysctl_table_next(const struct sysctl_row *after)
{
	const struct sysctl_row *next = after ? after + 1 : rows;

	return next < rows + ARRAY_SIZE(rows) ? next : NULL;
}

char *sysctl_table_near(const char *key)
{
	_free_ char *pattern = sysctl_table_pattern(key);
	/* keys are long and similar: with more than two typos it is another key */
	struct suggest near = {.typed = pattern, .most = 2};
	const char *name = NULL;
	size_t len = interface_of(key, &name);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].shape < SHAPE_WRITE_ONLY)
			suggest_offer(&near, sysctl_row_key(&rows[i]));
	if (near.distance == 0)
		return NULL;
	return len ? with_interface(near.best, name, len) : mem_dup(near.best);
}

bool sysctl_table_is_wildcard(const char *key)
{
	const char *name = NULL;
	size_t len = interface_of(key, &name);

	return len > 0 && strcspn(name, "*?") < len &&
	       !name[len + strcspn(name + len, "*?")];
}

char *sysctl_table_slashed(const char *key)
{
	const char *name = NULL, *last = strrchr(key, '.');
	_free_ char *copy = mem_dup(key);

	if (interface_of(key, &name) == 0 || last <= name + strcspn(name, "."))
		return NULL;
	for (size_t i = (size_t)(name - key); i < (size_t)(last - key); i++)
		if (copy[i] == '.')
			copy[i] = '/';
	return sysctl_table_find(copy) ? TAKE_PTR(copy) : NULL;
}
