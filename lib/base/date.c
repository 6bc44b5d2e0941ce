/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/date.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

/* Each 0 stands for a digit. */
static bool has_form(const char *text, const char *form)
{
	size_t i = 0;

	for (; form[i]; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return !text[i];
}

static int digits(const char *text, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

int date_parse(const char *text, int64_t *ret)
{
	struct tm day = {0}, given;

	if (!has_form(text, "0000-00-00"))
		return -EINVAL;
	day.tm_year = digits(text, 4) - 1900;
	day.tm_mon = digits(text + 5, 2) - 1;
	day.tm_mday = digits(text + 8, 2);
	given = day;
	*ret = (int64_t)timegm(&day);
	/* timegm() takes February 30 for March 2 */
	return day.tm_mon == given.tm_mon && day.tm_mday == given.tm_mday ? 0 : -EINVAL;
}
