/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/drive_name.h"

#include "base/macro.h"

#include <stddef.h>
#include <string.h>

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

/* "sda1", "mmcblk0p1": the prefix, what counts drives, and what is before a partition. */
static const struct family {
	const char *prefix, *unit, *separator;
} families[] = {
	{"sd", LETTERS, ""},     {"xvd", LETTERS, ""},  {"vd", LETTERS, ""},
	{"mmcblk", DIGITS, "p"}, {"pmem", DIGITS, "p"},
};

/* Whether a name ends here, or with the number of a partition. */
static bool is_end(const char *rest, const char *separator)
{
	size_t len = strlen(separator), n;

	if (!*rest)
		return true;
	n = strncmp(rest, separator, len) == 0 ? strspn(rest + len, DIGITS) : 0;
	return n > 0 && !rest[len + n];
}

/* "nvme1" of "nvme1n1p1": its length, 0 if there is none. */
static size_t controller(const char *name)
{
	size_t n = strncmp(name, "nvme", 4) == 0 ? strspn(name + 4, DIGITS) : 0;

	return n > 0 ? 4 + n : 0;
}

/* The length of the name without a partition; 0: it is not that of a drive. */
static size_t whole_drive(const char *name)
{
	size_t n = controller(name), len;

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *f = &families[i];

		len = strlen(f->prefix);
		if (strncmp(name, f->prefix, len) != 0 || !strspn(name + len, f->unit))
			continue;
		len += strspn(name + len, f->unit);
		return is_end(name + len, f->separator) ? len : 0;
	}
	if (n == 0 || !name[n])
		return n;
	len = name[n] == 'n' ? strspn(name + n + 1, DIGITS) : 0;
	n += 1 + len;
	return len > 0 && is_end(name + n, "p") ? n : 0;
}

bool drive_names_differ(const char *a, const char *b)
{
	size_t n = whole_drive(a), m = whole_drive(b);

	if (n == 0 || m == 0)
		return false;
	/* all drives of a controller have its number */
	if (n == controller(a) || m == controller(b)) {
		n = controller(a) ? controller(a) : n;
		m = controller(b) ? controller(b) : m;
	}
	return n != m || strncmp(a, b, n) != 0;
}
