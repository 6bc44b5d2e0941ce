/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

/*
 * Parse a day such as "2027-03-31" into *ret, the Unix time at which it begins in UTC.
 * Return: 0, or -EINVAL if the text has another form or there is no such day.
 */
int date_parse(const char *text, int64_t *ret);

#define DATE_SECONDS 86400 /* of a day */

#endif
