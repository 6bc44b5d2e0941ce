/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/percentile.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t percentile(const uint64_t *values, size_t n, unsigned percent)
{
	_free_ uint64_t *sorted = NULL;

	if (n == 0)
		return 0;
	sorted = mem_new(n, sizeof(*sorted));
	memcpy(sorted, values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_numbers);
	return sorted[(n * percent + 99) / 100 - 1];
}
