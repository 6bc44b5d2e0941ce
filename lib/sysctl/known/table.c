/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/table.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/packed.h"
#include "base/suggest.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX 128 /* the longest key of keys.def is shorter: test_table.c */

/* Columns of keys.def, as they are packed. */
enum { SHAPE, WORDS, MIN, MAX, KEY, MODULE, COLUMNS };

#define S(name) [SHAPE_##name] = #name
static const char *const shapes[] = {
	S(UNKNOWN), S(INT),   S(BOOL),   S(MS),         S(CENTI),     S(POW2),
	S(UP512),   S(STAYS), S(VECTOR), S(HEX),        S(MASK),      S(CPUS),
	S(PORTS),   S(WORDS), S(TEXT),   S(WRITE_ONLY), S(READ_ONLY),
};
#undef S

static enum sysctl_shape shape_of(const char *word)
{
	size_t shape = ARRAY_SIZE(shapes);

	while (--shape > SHAPE_UNKNOWN)
		if (strcmp(shapes[shape], word) == 0)
			break;
	return (enum sysctl_shape)shape;
}

/* A number, or the name of a limit of stdint.h, as 64 bits. */
static uint64_t limit_of(const char *word)
{
#define L(name) #name, (uint64_t)(name)
	static const struct {
		char name[12];
		uint64_t value;
	} limits[] = {{L(INT32_MIN)}, {L(INT32_MAX)},  {L(INT64_MIN)},
	              {L(INT64_MAX)}, {L(UINT32_MAX)}, {L(UINT64_MAX)}};
#undef L
	int64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (strcmp(limits[i].name, word) == 0)
			return limits[i].value;
	return num_i64(word, &number) == 0 ? (uint64_t)number : 0;
}

/* keys.def, ended by a row without a key */
static const struct sysctl_row *table_rows(void)
{
	static struct sysctl_row *rows;
	const char *const *t;
	size_t n = packed_sysctls.n / COLUMNS;

	if (rows)
		return rows;
	t = packed_texts(&packed_sysctls);
	rows = mem_new(n + 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++, t += COLUMNS)
		rows[i] = (struct sysctl_row){
			.key = t[KEY],
			.module = t[MODULE],
			.min = (int64_t)limit_of(t[MIN]),
			.max = limit_of(t[MAX]),
			.shape = shape_of(t[SHAPE]),
			.words = (unsigned)limit_of(t[WORDS]),
		};
	return rows;
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
	return strcmp(pattern, ((const struct sysctl_row *)row)->key);
}

static const struct sysctl_row *find_row(const char *pattern)
{
	return bsearch(pattern, table_rows(), packed_sysctls.n / COLUMNS,
	               sizeof(struct sysctl_row), compare_row);
}

/* As find_row(sysctl_table_pattern(key)), for each key of a profile, several times:
 * without memory. */
const struct sysctl_row *sysctl_table_find(const char *key)
{
	const char *name = NULL;
	size_t len = interface_of(key, &name), front = (size_t)(name - key);
	char pattern[ROW_MAX];

	if (len == 0)
		return find_row(key);
	if (strlen(key) - len + sizeof("*") > sizeof(pattern))
		return NULL;
	memcpy(pattern, key, front);
	pattern[front] = '*';
	memcpy(pattern + front + 1, name + len, strlen(name + len) + 1);
	return find_row(pattern);
}

const struct sysctl_row *sysctl_table_next(const struct sysctl_row *after)
{
	const struct sysctl_row *next = after ? after + 1 : table_rows();

	return next->key ? next : NULL;
}

char *sysctl_table_near(const char *key)
{
	_free_ char *pattern = sysctl_table_pattern(key);
	/* keys are long and similar: with more than two typos it is another key */
	struct suggest near = {.typed = pattern, .most = 2};
	const char *name = NULL;
	size_t len = interface_of(key, &name);

	for (const struct sysctl_row *row = table_rows(); row->key; row++)
		if (row->shape < SHAPE_WRITE_ONLY)
			suggest_offer(&near, row->key);
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
