/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/table.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/packed.h"
#include "base/text/suggest.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* How many keys there are. */
enum {
	ROWS = 0
#define K(...) +1
#include "sysctl/known/keys.def"
#undef K
};

/* Columns of a packed row, with a blank between: key and module have none. */
enum { KEY, MODULE, SHAPE, WORDS, MIN, MAX, COLUMNS };

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

/* A run reads a few rows: of the others, only the text is unpacked. */
static struct table {
	char *texts[ROWS];
	struct sysctl_row rows[ROWS];
} table;

static void unpack_table(void)
{
	char *text;

	if (table.texts[0])
		return;
	text = packed_open(&packed_sysctls);
	for (size_t i = 0; i < ROWS; i++) {
		table.texts[i] = text;
		text += strlen(text) + 1;
	}
}

static const struct sysctl_row *row_at(size_t i)
{
	struct sysctl_row *row = &table.rows[i];
	char *column[COLUMNS] = {table.texts[i]};

	if (row->key)
		return row;
	for (size_t c = 1; c < COLUMNS; c++) {
		column[c] = column[c - 1] + strcspn(column[c - 1], " ");
		*column[c]++ = '\0';
	}
	*row = (struct sysctl_row){
		.key = column[KEY],
		.module = column[MODULE],
		.min = (int64_t)limit_of(column[MIN]),
		.max = limit_of(column[MAX]),
		.shape = shape_of(column[SHAPE]),
		.words = (unsigned)limit_of(column[WORDS]),
	};
	return row;
}

/* Directories of net/ with one directory for each interface. */
#define D(name)                        \
	{                              \
		name, sizeof(name) - 1 \
	}
static const struct {
	const char *name;
	size_t len;
} per_interface[] = {D("net.ipv4.conf."), D("net.ipv4.neigh."), D("net.ipv6.conf."),
                     D("net.ipv6.neigh."), D("net.mpls.conf.")};
#undef D

/* Find the name of the interface in a key. Return: its length; 0: it has none. */
static size_t interface_of(const char *key, const char **ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(per_interface); i++) {
		size_t len = per_interface[i].len;

		if (strncmp(key, per_interface[i].name, len) != 0)
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

	_free_ char *front = NULL, *interface = NULL;

	if (old_len == 0)
		return mem_dup(key);
	front = mem_dup_n(key, (size_t)(old - key));
	interface = mem_dup_n(name, len);
	return mem_join(front, interface, old + old_len);
}

char *sysctl_table_pattern(const char *key)
{
	char pattern[SYSCTL_PATTERN_MAX];

	return mem_dup(sysctl_table_pattern_in(pattern, key));
}

/*
 * As strcmp() with the key of the row, whose columns may not be parted yet. *same: how
 * many characters are known to agree, and do.
 */
static int compare_row(const char *pattern, const char *text, size_t *same)
{
	size_t i = *same;

	while (pattern[i] && pattern[i] != ' ' && pattern[i] == text[i])
		i++;
	*same = i;
	return (unsigned char)pattern[i] - (text[i] == ' ' ? 0 : (unsigned char)text[i]);
}

/* Rows between two agree with the pattern at least as far as both of them do. */
static const struct sysctl_row *find_row(const char *pattern)
{
	size_t low = 0, high = ROWS, same_low = 0, same_high = 0;

	unpack_table();
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		size_t same = same_low < same_high ? same_low : same_high;
		int order = compare_row(pattern, table.texts[middle], &same);

		if (order == 0)
			return row_at(middle);
		if (order < 0) {
			high = middle;
			same_high = same;
		} else {
			low = middle + 1;
			same_low = same;
		}
	}
	return NULL;
}

const char *sysctl_table_pattern_in(char pattern[SYSCTL_PATTERN_MAX], const char *key)
{
	const char *name = NULL;
	size_t len = interface_of(key, &name), front = (size_t)(name - key);

	if (len == 0 || strlen(key) - len + sizeof("*") > SYSCTL_PATTERN_MAX)
		return key;
	memcpy(pattern, key, front);
	pattern[front] = '*';
	memcpy(pattern + front + 1, name + len, strlen(name + len) + 1);
	return pattern;
}

/* A key of a profile is looked up by one check after the other. */
const struct sysctl_row *sysctl_table_find(const char *key)
{
	static char last_key[SYSCTL_PATTERN_MAX];
	static const struct sysctl_row *last;
	char pattern[SYSCTL_PATTERN_MAX];

	if (strcmp(key, last_key) == 0 && *key)
		return last;
	last = find_row(sysctl_table_pattern_in(pattern, key));
	*last_key = '\0';
	if (strlen(key) < sizeof(last_key))
		memcpy(last_key, key, strlen(key) + 1);
	return last;
}

const struct sysctl_row *sysctl_table_next(const struct sysctl_row *after)
{
	size_t next = after ? (size_t)(after - table.rows) + 1 : 0;

	unpack_table();
	return next < ROWS ? row_at(next) : NULL;
}

char *sysctl_table_near(const char *key)
{
	_free_ char *pattern = sysctl_table_pattern(key);
	/* keys are long and similar: with more than two typos it is another key */
	struct suggest near = {.typed = pattern, .most = 2};
	const char *name = NULL;
	size_t len = interface_of(key, &name);

	for (const struct sysctl_row *row = NULL; (row = sysctl_table_next(row));)
		if (row->shape < SHAPE_WRITE_ONLY)
			suggest_offer(&near, row->key);
	if (near.distance == 0)
		return NULL;
	return len ? with_interface(near.best, name, len) : mem_dup(near.best);
}

bool sysctl_table_is_wildcard(const char *key)
{
	const char *name = NULL;
	size_t len = strchr(key, '*') || strchr(key, '?') ? interface_of(key, &name) : 0;

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
