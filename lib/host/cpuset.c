/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/cpuset.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/file.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BITS 64

bool cpuset_has(const struct cpuset *c, unsigned cpu)
{
	return cpu < CPUSET_MAX && c->bits[cpu / BITS] >> (cpu % BITS) & 1;
}

void cpuset_add(struct cpuset *c, unsigned cpu)
{
	if (cpu < CPUSET_MAX)
		c->bits[cpu / BITS] |= UINT64_C(1) << (cpu % BITS);
}

unsigned cpuset_count(const struct cpuset *c)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(c->bits); i++)
		n += (unsigned)__builtin_popcountll(c->bits[i]);
	return n;
}

void cpuset_unite(struct cpuset *c, const struct cpuset *other)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->bits); i++)
		c->bits[i] |= other->bits[i];
}

void cpuset_remove(struct cpuset *c, const struct cpuset *other)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->bits); i++)
		c->bits[i] &= ~other->bits[i];
}

void cpuset_intersect(struct cpuset *c, const struct cpuset *other)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->bits); i++)
		c->bits[i] &= other->bits[i];
}

unsigned cpuset_next(const struct cpuset *c, unsigned from)
{
	while (from < CPUSET_MAX && !cpuset_has(c, from))
		from++;
	return from;
}

/* --- text ------------------------------------------------------------------------------
 */

/* Read a number below CPUSET_MAX. Return: behind it; NULL: there is none. */
static const char *read_cpu(const char *p, unsigned *ret)
{
	*ret = 0;
	if (!isdigit((unsigned char)*p))
		return NULL;
	while (isdigit((unsigned char)*p)) {
		*ret = *ret * 10 + (unsigned)(*p++ - '0');
		if (*ret >= CPUSET_MAX)
			return NULL;
	}
	return p;
}

bool cpuset_parse_list(const char *text, struct cpuset *ret)
{
	const char *p = text;
	unsigned first, last;

	*ret = (struct cpuset){0};
	while (*p) {
		p = read_cpu(p, &first);
		last = first;
		if (p && *p == '-')
			p = read_cpu(p + 1, &last);
		if (!p || last < first || (*p && *p != ',') || (*p == ',' && !p[1]))
			return false;
		for (unsigned i = first; i <= last; i++)
			cpuset_add(ret, i);
		p += *p == ',';
	}
	return true;
}

/* One to eight hexadecimal digits; the last group has the lowest CPUs. */
bool cpuset_parse_mask(const char *text, struct cpuset *ret)
{
	size_t digits = 0, at = 0;

	*ret = (struct cpuset){0};
	for (const char *p = text + strlen(text); p > text; p--) {
		char digit[2] = {p[-1], '\0'};
		unsigned value;

		if (p[-1] == ',' && digits > 0) {
			at += 32;
			digits = 0;
			continue;
		}
		if (!isxdigit((unsigned char)p[-1]) || digits == 8 || at >= CPUSET_MAX)
			return false;
		value = (unsigned)strtoul(digit, NULL, 16);
		for (unsigned bit = 0; bit < 4; bit++)
			if (value >> bit & 1)
				cpuset_add(ret, (unsigned)(at + digits * 4 + bit));
		digits++;
	}
	return digits > 0;
}

char *cpuset_list(const struct cpuset *c)
{
	_buf_ struct buf b = {0};

	for (unsigned i = cpuset_next(c, 0); i < CPUSET_MAX; i = cpuset_next(c, i)) {
		unsigned first = i;

		while (cpuset_has(c, i + 1))
			i++;
		buf_addf(&b, "%s%u", b.len ? "," : "", first);
		if (i > first)
			buf_addf(&b, "-%u", i);
		i++;
	}
	return buf_take(&b);
}

char *cpuset_mask(const struct cpuset *c)
{
	_buf_ struct buf b = {0};

	for (size_t i = CPUSET_MAX / 32; i-- > 0;) {
		uint32_t group = (uint32_t)(c->bits[i / 2] >> (i % 2 * 32));

		if (b.len)
			buf_addf(&b, ",%08" PRIx32, group);
		else if (group || i == 0)
			buf_addf(&b, "%" PRIx32, group);
	}
	return buf_take(&b);
}

int host_cpuset_read(const struct host *h, const char *path, struct cpuset *ret,
                     struct err *e)
{
	_free_ char *text = NULL;
	int r = host_file_read_line(h, path, &text, e);

	*ret = (struct cpuset){0};
	if (r < 0)
		return r;
	return cpuset_parse_list(text, ret)
	               ? 0
	               : err_set(e, -EBADMSG, "%s: is no list of CPUs", path);
}
