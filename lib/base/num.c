/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/num.h"

#include "base/macro.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Parse the digits at `s`. *ret_end is the first character that is not a digit. */
static int digits(const char *s, uint64_t *ret, const char **ret_end)
{
	uint64_t value = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return -ERANGE;
	if (p == s)
		return -EINVAL;
	*ret = value;
	*ret_end = p;
	return 0;
}

int num_u64(const char *s, uint64_t *ret)
{
	const char *end;
	uint64_t value;
	int r = digits(s, &value, &end);

	if (r < 0)
		return r;
	if (*end != '\0')
		return -EINVAL;
	*ret = value;
	return 0;
}

int num_i64(const char *s, int64_t *ret)
{
	bool negative = *s == '-';
	uint64_t value;
	int r = num_u64(s + negative, &value);

	if (r < 0)
		return r;
	if (value > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return 0;
}

int num_size(const char *s, uint64_t *ret)
{
	static const struct {
		const char *unit;
		uint64_t factor;
	} units[] = {
		{"", 1},
		{"KiB", UINT64_C(1) << 10},
		{"MiB", UINT64_C(1) << 20},
		{"GiB", UINT64_C(1) << 30},
		{"TiB", UINT64_C(1) << 40},
		{"k", 1000},
		{"M", 1000000},
		{"G", 1000000000},
		{"T", UINT64_C(1000000000000)},
	};
	const char *end;
	uint64_t value;
	int r = digits(s, &value, &end);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(end, units[i].unit) != 0)
			continue;
		return __builtin_mul_overflow(value, units[i].factor, ret) ? -ERANGE : 0;
	}
	return -EINVAL;
}

/* "MB" -> "MiB"; NULL if the letters are no unit in any spelling. */
static const char *unit_meant(const char *letters)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	size_t len = strlen(letters);

	if (len == 0 || len > 3 ||
	    (len > 1 && strcasecmp(letters + 1, "b") != 0 &&
	     strcasecmp(letters + 1, "i") != 0 && strcasecmp(letters + 1, "ib") != 0))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (tolower((unsigned char)letters[0]) ==
		    tolower((unsigned char)units[i][0]))
			return units[i];
	return NULL;
}

void num_size_hint(const char *s, char *ret)
{
	const char *rest, *unit;
	uint64_t n;

	*ret = '\0';
	if (num_size(s, &n) != -EINVAL || digits(s, &n, &rest) < 0)
		return;
	rest += strspn(rest, " ");
	unit = unit_meant(rest);
	if (unit)
		(void)snprintf(ret, NUM_HINT_BYTES, " (write %" PRIu64 "%s)", n, unit);
	else if (strcmp(rest, "%") == 0 && n > 0 && 100 % n == 0)
		(void)snprintf(ret, NUM_HINT_BYTES,
		               " (a percentage of RAM is a formula: = memory / %" PRIu64
		               ")",
		               100 / n);
	else if (strcmp(rest, "%") == 0)
		(void)snprintf(ret, NUM_HINT_BYTES,
		               " (a percentage of RAM is a formula: = memory * %" PRIu64
		               " / 100)",
		               n);
}

unsigned num_version(const char *s)
{
	unsigned long major, minor = 0;
	char *end;

	while (*s && !isdigit((unsigned char)*s))
		s++;
	if (!*s)
		return 0;
	major = strtoul(s, &end, 10);
	if (*end == '.' && isdigit((unsigned char)end[1]))
		minor = strtoul(end + 1, NULL, 10);
	if (major > 0x7fff || minor > 0xffff)
		return 0;
	return NUM_VERSION(major, minor);
}
