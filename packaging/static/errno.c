/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Runs while building: print the error codes of this C library as rows of compat.c. */
#include <stdio.h>
#include <string.h>

int main(void)
{
	for (int code = 1; code <= 4095; code++)
		if (strerrorname_np(code))
			(void)printf("E(%d, \"%s\", \"%s\")\n", code,
			             strerrorname_np(code), strerror(code));
	return 0;
}
