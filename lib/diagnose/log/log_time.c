/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/log_time.h"

#include "base/mem.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND        INT64_C(1000000)
#define MINUTE        (60 * SECOND)
#define DAY           (24 * 60 * MINUTE)
#define SECONDS_MAX   (INT64_MAX / SECOND / 2)
#define YEAR_UNKNOWN  2000                          /* a leap year has all days */
#define MARCH_FIRST   (INT64_C(951868800) * SECOND) /* of that year */
#define MONTH_LETTERS 3

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Read digits, at most `most` of them. Return: how many there were. */
static size_t digits(const char *s, size_t most, int64_t *ret)
{
	size_t n = 0;

	for (*ret = 0; n < most && isdigit((unsigned char)s[n]); n++)
		*ret = *ret * 10 + (s[n] - '0');
	return n;
}

/* Read ".345678" or ",345678": microseconds. Return: its length, 0 if there is none. */
static size_t fraction(const char *s, int64_t *usec)
{
	size_t n = 1;

	*usec = 0;
	if ((s[0] != '.' && s[0] != ',') || !isdigit((unsigned char)s[1]))
		return 0;
	for (size_t i = 0; i < 6; i++) {
		bool more = isdigit((unsigned char)s[n]);

		*usec = *usec * 10 + (more ? s[n] - '0' : 0);
		n += more;
	}
	return n + strspn(s + n, "0123456789");
}

size_t log_time_seconds(const char *text, struct log_time *ret)
{
	size_t blanks = strspn(text, " "), n, f;
	int64_t seconds, usec;

	n = digits(text + blanks, 15, &seconds);
	f = n ? fraction(text + blanks + n, &usec) : 0;
	if (f == 0 || seconds > SECONDS_MAX)
		return 0;
	*ret = (struct log_time){.clock = LOG_CLOCK_BOOT,
	                         .usec = seconds * SECOND + usec};
	return blanks + n + f;
}

/* "Nov", and the month in *ret, from 0. */
static bool month_at(const char *s, int *ret)
{
	for (int i = 0; i < 12; i++)
		if (strncmp(s, months + (ptrdiff_t)i * MONTH_LETTERS, MONTH_LETTERS) ==
		    0) {
			*ret = i;
			return true;
		}
	return false;
}

/* "12:34:56". Return: its length, or 0. */
static size_t clock_at(const char *s, struct tm *tm)
{
	int64_t h, m, sec;

	if (digits(s, 2, &h) != 2 || s[2] != ':' || digits(s + 3, 2, &m) != 2 ||
	    s[5] != ':' || digits(s + 6, 2, &sec) != 2)
		return 0;
	tm->tm_hour = (int)h;
	tm->tm_min = (int)m;
	tm->tm_sec = (int)sec;
	return 8;
}

/* "Nov 19 12:34:56" or "Nov  9 ...". Return: its length, or 0. */
static size_t day_and_clock(const char *s, struct tm *tm)
{
	size_t n = MONTH_LETTERS, len;
	int64_t day;

	if (!month_at(s, &tm->tm_mon) || s[n] != ' ')
		return 0;
	n += strspn(s + n, " ");
	len = digits(s + n, 2, &day);
	if (len == 0 || s[n + len] != ' ')
		return 0;
	tm->tm_mday = (int)day;
	n += len + 1;
	len = clock_at(s + n, tm);
	return len ? n + len : 0;
}

static struct log_time from_tm(struct tm *tm, int64_t year, int64_t usec,
                               enum log_clock clock)
{
	tm->tm_year = (int)(year - 1900);
	return (struct log_time){.clock = clock,
	                         .usec = (int64_t)timegm(tm) * SECOND + usec};
}

size_t log_time_syslog(const char *text, struct log_time *ret)
{
	struct tm tm = {0};
	size_t n = day_and_clock(text, &tm);
	int64_t usec = 0;

	if (n == 0)
		return 0;
	n += fraction(text + n, &usec);
	*ret = from_tm(&tm, YEAR_UNKNOWN, usec, LOG_CLOCK_YEAR);
	return n;
}

size_t log_time_ctime(const char *text, struct log_time *ret)
{
	struct tm tm = {0};
	int64_t year;
	size_t n;

	/* the name of the day, in any case */
	if (!isalpha((unsigned char)text[0]) || strnlen(text, 5) < 5 || text[3] != ' ')
		return 0;
	n = day_and_clock(text + 4, &tm);
	if (n == 0 || text[4 + n] != ' ' || digits(text + 5 + n, 4, &year) != 4)
		return 0;
	*ret = from_tm(&tm, year, 0, LOG_CLOCK_LOCAL);
	return 4 + n + 5;
}

/* "Z", "+01:00", "+0100": minutes east of UTC. Return: its length, 0 if there is none. */
static size_t zone_at(const char *s, int *ret)
{
	int64_t hours, minutes;
	size_t n;

	*ret = 0;
	if (*s == 'Z')
		return 1;
	if ((*s != '+' && *s != '-') || digits(s + 1, 2, &hours) != 2)
		return 0;
	n = s[3] == ':' ? 4 : 3;
	n += digits(s + n, 2, &minutes);
	*ret = (int)(*s == '-' ? -1 : 1) * (int)(hours * 60 + minutes);
	return n;
}

size_t log_time_iso(const char *text, struct log_time *ret)
{
	int64_t year, month, day, usec = 0;
	struct tm tm = {0};
	size_t n = 11, zone_len;
	int zone;

	if (digits(text, 4, &year) != 4 || text[4] != '-' ||
	    digits(text + 5, 2, &month) != 2 || text[7] != '-' ||
	    digits(text + 8, 2, &day) != 2 || (text[10] != 'T' && text[10] != ' ') ||
	    clock_at(text + n, &tm) == 0)
		return 0;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	n += 8;
	n += fraction(text + n, &usec);
	zone_len = zone_at(text + n, &zone);
	*ret = from_tm(&tm, year, usec, zone_len ? LOG_CLOCK_WALL : LOG_CLOCK_LOCAL);
	ret->usec -= zone * MINUTE;
	ret->zone = zone;
	return n + zone_len;
}

char *log_time_format(const struct log_time *t)
{
	time_t seconds = (time_t)((t->usec + t->zone * MINUTE) / SECOND);
	struct tm tm;
	char text[40];

	if (t->clock == LOG_CLOCK_NONE)
		return NULL;
	if (t->clock == LOG_CLOCK_BOOT)
		return mem_format("[%5" PRId64 ".%06" PRId64 "]", t->usec / SECOND,
		                  t->usec % SECOND);
	if (!gmtime_r(&seconds, &tm))
		return NULL;
	(void)strftime(text, sizeof(text),
	               t->clock == LOG_CLOCK_YEAR ? "%b %e %H:%M:%S" : "%F %T", &tm);
	if (t->zone == 0)
		return mem_dup(text);
	return mem_format("%s%c%02d:%02d", text, t->zone < 0 ? '-' : '+',
	                  abs(t->zone) / 60, abs(t->zone) % 60);
}

bool log_time_between(const struct log_time *a, const struct log_time *b, int64_t *ret)
{
	if (a->clock == LOG_CLOCK_NONE || a->clock != b->clock)
		return false;
	*ret = b->usec - a->usec;
	if (a->clock == LOG_CLOCK_YEAR && *ret < -31 * DAY)
		*ret += 366 * DAY;
	/* most years have no 29 February */
	if (a->clock == LOG_CLOCK_YEAR && a->usec < MARCH_FIRST - DAY &&
	    b->usec >= MARCH_FIRST)
		*ret -= DAY;
	return true;
}
