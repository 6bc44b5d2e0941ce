/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/shape.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers --------------------------------------------------------------------------
 */

/* The value of a digit; 16: it is none. */
static unsigned digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
		c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (unsigned)(at - digits) : 16;
}

int sysctl_number_parse(const char *s, sysctl_number *ret)
{
	bool negative = *s == '-';
	uint64_t value = 0;
	unsigned base = 10;

	s += negative;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_of(s[2]) < 16) {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1]) {
		base = 8;
	}
	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (digit_of(*s) >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit_of(*s), &value))
			return -ERANGE;
	}
	*ret = negative ? -(sysctl_number)value : (sysctl_number)value;
	return 0;
}

int sysctl_number_i64(const char *s, int64_t *ret)
{
	sysctl_number x;
	int code = sysctl_number_parse(s, &x);

	if (code < 0)
		return code;
	if (x < INT64_MIN || x > INT64_MAX)
		return -ERANGE;
	*ret = (int64_t)x;
	return 0;
}

bool sysctl_shape_is_number(enum sysctl_shape shape)
{
	return shape >= SHAPE_INT && shape <= SHAPE_HEX;
}

/* CONFIG_HZ of the kernels in use; Bottlerocket's and Amazon Linux's have 100 or 250. */
static const int64_t ticks[] = {100, 250, 300, 1000};

/* msecs_to_jiffies() rounds up, jiffies_to_msecs() down: kernel/time/time.c */
static bool same_ms(sysctl_number want, sysctl_number now)
{
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++)
		if ((want * ticks[i] + 999) / 1000 * 1000 / ticks[i] == now)
			return true;
	return false;
}

/* clock_t_to_jiffies() and back, with USER_HZ = 100 */
static bool same_centi(sysctl_number want, sysctl_number now)
{
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++)
		if (want * ticks[i] / 100 * 100 / ticks[i] == now)
			return true;
	return false;
}

/*
 * Rounded up; fs.pipe-max-size to at least one page: round_pipe_size() in fs/pipe.c. The
 * node is unknown here: pages of arm64 have one of three sizes.
 */
static bool same_pow2(sysctl_number want, sysctl_number now)
{
	bool power = now > 0 && (now & (now - 1)) == 0;
	bool page = now == 4096 || now == 16384 || now == 65536;

	return want > 0 && power && want <= now && (now < 2 * want || page);
}

bool sysctl_shape_same_word(enum sysctl_shape shape, const char *want, const char *now)
{
	sysctl_number a, b;

	if (strcmp(want, now) == 0)
		return true;
	if ((shape != SHAPE_UNKNOWN && !sysctl_shape_is_number(shape)) ||
	    sysctl_number_parse(want, &a) < 0 || sysctl_number_parse(now, &b) < 0)
		return false;
	if (shape == SHAPE_MS && a >= 0 && same_ms(a, b))
		return true;
	if (shape == SHAPE_CENTI && a >= 0 && same_centi(a, b))
		return true;
	if (shape == SHAPE_BOOL && (a != 0) == (b != 0))
		return true;
	if (shape == SHAPE_POW2 && same_pow2(a, b))
		return true;
	if (shape == SHAPE_UP512 && b % 512 == 0 && b >= a && b - a < 512)
		return true;
	return a == b;
}

/* --- sets -----------------------------------------------------------------------------
 */

#define BITS_MAX 65536

struct bits {
	uint64_t word[BITS_MAX / 64];
};

static void bits_set(struct bits *b, unsigned n)
{
	b->word[n / 64] |= UINT64_C(1) << n % 64;
}

/* "3" or "3-5" at `*p`, which is moved on. Return: whether there is one. */
static bool read_range(const char **p, unsigned *ret_first, unsigned *ret_last)
{
	unsigned *const ends[] = {ret_first, ret_last};

	for (size_t i = 0; i < 2; i++) {
		unsigned n = 0;
		const char *start = *p;

		for (; **p >= '0' && **p <= '9' && n < BITS_MAX; ++*p)
			n = n * 10 + (unsigned)(**p - '0');
		if (*p == start || n >= BITS_MAX)
			return false;
		*ends[i] = n;
		if (i == 0 && **p != '-')
			*ret_last = n;
		if (**p != '-')
			break;
		if (i == 0)
			++*p;
	}
	return *ret_first <= *ret_last;
}

/* Return: false if it is no list of ranges; NULL as `ret` only checks. */
static bool read_ranges(const char *s, struct bits *ret)
{
	unsigned first, last;

	for (;;) {
		s += strspn(s, ", ");
		if (!*s)
			return true;
		if (!read_range(&s, &first, &last) || (*s && !strchr(", ", *s)))
			return false;
		for (; ret && first <= last; first++)
			bits_set(ret, first);
	}
}

static bool same_ranges(const char *want, const char *now)
{
	_free_ struct bits *a = mem_new(1, sizeof(*a)), *b = mem_new(1, sizeof(*b));

	return read_ranges(want, a) && read_ranges(now, b) &&
	       memcmp(a, b, sizeof(*a)) == 0;
}

/* Digits of a mask from its end: each group but the first has eight. */
static bool read_mask(const char *s, struct bits *ret)
{
	unsigned bit = 0, in_group = 0;

	for (const char *p = s + strlen(s); p > s;) {
		unsigned digit = digit_of(*--p);

		if (*p == ',') {
			bit += 4 * (8 - in_group);
			in_group = 0;
			continue;
		}
		if (digit > 15 || in_group == 8 || bit + 4 > BITS_MAX)
			return false;
		for (unsigned i = 0; i < 4; i++)
			if (digit >> i & 1)
				bits_set(ret, bit + i);
		bit += 4;
		in_group++;
	}
	return true;
}

static bool same_masks(const char *want, const char *now)
{
	_free_ struct bits *a = mem_new(1, sizeof(*a)), *b = mem_new(1, sizeof(*b));

	return read_mask(want, a) && read_mask(now, b) && memcmp(a, b, sizeof(*a)) == 0;
}

static bool has_all_words(const char *list, const char *words)
{
	const char *word;
	size_t len;

	while ((word = words_next(&words, ' ', &len)))
		if (!words_have_n(list, ' ', word, len))
			return false;
	return true;
}

bool sysctl_shape_same_set(enum sysctl_shape shape, const char *want, const char *now)
{
	if (strcmp(want, now) == 0)
		return true;
	if (shape == SHAPE_CPUS || shape == SHAPE_PORTS)
		return same_ranges(want, now);
	if (shape == SHAPE_MASK)
		return same_masks(want, now);
	return shape == SHAPE_WORDS && has_all_words(want, now) &&
	       has_all_words(now, want);
}

const char *sysctl_shape_separator(enum sysctl_shape shape)
{
	return shape == SHAPE_CPUS || shape == SHAPE_PORTS ? "," : " ";
}

const char *sysctl_shape_fault(enum sysctl_shape shape, const char *word)
{
	sysctl_number x;

	if (sysctl_shape_is_number(shape) && sysctl_number_parse(word, &x) == -EINVAL)
		return "must be a whole number";
	/* the kernel's own syntax has more: "0-31:2/8" */
	if ((shape == SHAPE_CPUS || shape == SHAPE_PORTS) && !strchr(word, ':') &&
	    !read_ranges(word, NULL))
		return "must be a list of numbers and ranges such as 0-3,8";
	if (shape == SHAPE_MASK && word[strspn(word, "0123456789abcdefABCDEF,")])
		return "must be hex digits, in groups of eight separated by commas";
	return NULL;
}
