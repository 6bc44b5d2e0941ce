/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/drive_name.h"

#include <stddef.h>
#include <string.h>

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

/* The length of the name without a partition; 0: it is not that of a drive. */
static size_t whole_drive(const char *name)
{
	static const char *const lettered[] = {"sd", "xvd", "vd"};
	size_t n;

	for (size_t i = 0; i < sizeof(lettered) / sizeof(*lettered); i++) {
		size_t len = strlen(lettered[i]);

		n = strncmp(name, lettered[i], len) == 0 ? strspn(name + len, LETTERS)
		                                         : 0;
		if (n > 0 && !name[len + n + strspn(name + len + n, DIGITS)])
			return len + n;
	}
	/* "nvme1n1p1" */
	if (strncmp(name, "nvme", 4) != 0)
		return 0;
	n = 4 + strspn(name + 4, DIGITS);
	if (n == 4 || name[n] != 'n' || !strspn(name + n + 1, DIGITS))
		return 0;
	n += 1 + strspn(name + n + 1, DIGITS);
	return !name[n] || name[n] == 'p' ? n : 0;
}

bool drive_names_differ(const char *a, const char *b)
{
	size_t n = whole_drive(a), m = whole_drive(b);

	return n > 0 && m > 0 && (n != m || strncmp(a, b, n) != 0);
}
