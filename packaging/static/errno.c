/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Runs while building: print the error codes of this C library as rows of compat.c, E of
 * errno and R of regular expressions.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	for (int code = 1; code <= 4095; code++)
		if (strerrorname_np(code))
			(void)printf("E(%d, \"%s\", \"%s\")\n", code,
			             strerrorname_np(code), strerror(code));
	for (int code = REG_NOMATCH; code <= REG_BADRPT; code++) {
		char text[80];

		(void)regerror(code, NULL, text, sizeof(text));
		/* texts have backslashes */
		(void)printf("R(%d, \"", code);
		for (const char *p = text; *p; p++)
			(void)printf(*p == '\\' ? "\\\\" : "%c", *p);
		(void)printf("\")\n");
	}
	return 0;
}
