/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The numbers that a key accepts, and how it rounds them. */
#include "keys.h"

#include "base/macro.h"
#include "base/mem.h"

#include <string.h>

#define HZ 250 /* of Debian's kernels */

/* --- rounding --------------------------------------------------------------------------
 */

static wide floor_div(wide a, wide b)
{
	return a / b - (a % b != 0 && a < 0);
}

static wide ceil_div(wide a, wide b)
{
	return -floor_div(-a, b);
}

static bool same(wide n, wide shown)
{
	return shown == n;
}

static bool rounds_bool(wide n, wide shown)
{
	return shown == (n != 0);
}

static bool rounds_ms(wide n, wide shown)
{
	return n >= 0 && shown == ceil_div(n * HZ, 1000) * 1000 / HZ;
}

static bool rounds_centi(wide n, wide shown)
{
	return n >= 0 && shown == n * HZ / 100 * 100 / HZ;
}

static bool rounds_pow2(wide n, wide shown)
{
	return n <= shown && shown < 2 * (n > 4096 ? n : 4096) &&
	       (shown & (shown - 1)) == 0;
}

static bool rounds_up512(wide n, wide shown)
{
	return shown == ceil_div(n, 512) * 512;
}

/* How the kernel rounds what it accepts. */
static const struct {
	const char *name;
	bool (*ok)(wide n, wide shown);
} roundings[] = {
	{"BOOL", rounds_bool}, {"MS", rounds_ms},       {"CENTI", rounds_centi},
	{"POW2", rounds_pow2}, {"UP512", rounds_up512},
};

/* Write a number. Return: whether it is accepted; *ret is what is shown then. */
static bool show(const char *path, wide n, wide *ret)
{
	_free_ char *text = keys_format(n), *shown = NULL;

	if (!keys_write(path, text))
		return false;
	shown = keys_read(path);
	*ret = shown ? keys_number(shown) : -1;
	return shown;
}

#define SAMPLES 9

/* Name the rounding of numbers near `now`; NULL: there is none. */
static const char *rounding(const char *path, wide now)
{
	wide numbers[SAMPLES], shown[SAMPLES];
	_free_ char *own = keys_format(now);
	bool all_same = true, stays = true;
	size_t n = 0;

	for (wide i = 0; i < SAMPLES; i++) {
		numbers[n] = i ? now + i : 0;
		n += show(path, numbers[n], &shown[n]);
	}
	(void)keys_write(path, own);
	for (size_t i = 0; i < n; i++) {
		all_same &= numbers[i] == shown[i];
		stays &= shown[i] == shown[0];
	}
	if (all_same)
		return NULL;
	for (size_t r = 0; n > 2 && r < ARRAY_SIZE(roundings); r++) {
		size_t ok = 0;

		while (ok < n && roundings[r].ok(numbers[ok], shown[ok]))
			ok++;
		if (ok == n)
			return roundings[r].name;
	}
	/* one that does not move keeps its value whatever is written */
	return stays ? "STAYS" : "other";
}

/* --- range -----------------------------------------------------------------------------
 */

struct probe {
	const char *path;
	bool (*shows)(wide n, wide shown);
};

static bool probe_ok(const struct probe *p, wide n)
{
	wide shown = 0;

	return show(p->path, n, &shown) && p->shows(n, shown);
}

/* The last number that is ok, between one that is and one that is not. */
static wide find_edge(const struct probe *p, wide good, wide bad)
{
	while (good - bad > 1 || bad - good > 1) {
		wide middle = floor_div(good + bad, 2);

		if (probe_ok(p, middle))
			good = middle;
		else
			bad = middle;
	}
	return good;
}

/* The last number that is ok from `now` on, in the direction of the limits. */
static wide find_end(const struct probe *p, wide now, const wide *limits, size_t n,
                     int sign)
{
	wide end = now;

	for (size_t i = 0; i < n; i++) {
		if ((limits[i] - end) * sign <= 0)
			continue;
		if (!probe_ok(p, limits[i]))
			return find_edge(p, end, limits[i]);
		end = limits[i];
	}
	return end;
}

static void find_range(struct number *r, const struct probe *p, wide now)
{
	const wide one = 1;
	const wide high[] = {99,
	                     999,
	                     65535,
	                     (one << 31) - 1,
	                     (one << 32) - 1,
	                     (one << 63) - 1,
	                     (one << 64) - 1};
	const wide low[] = {1, 0, -1, -2, -(one << 31), -(one << 63)};

	r->has_range = true;
	r->high = find_end(p, now, high, ARRAY_SIZE(high), 1);
	r->low = find_end(p, now, low, ARRAY_SIZE(low), -1);
}

struct number number_scan(const char *path, wide start, bool with_range)
{
	struct number r = {.rounds = rounding(path, start)};
	struct probe p = {path, same};

	for (size_t i = 0; r.rounds && i < ARRAY_SIZE(roundings); i++)
		if (strcmp(r.rounds, roundings[i].name) == 0)
			p.shows = roundings[i].ok;
	if (with_range)
		find_range(&r, &p, start);
	return r;
}
