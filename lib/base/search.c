/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/search.h"

const void *search_first(const void *key, const void *list, size_t n, size_t size,
                         int (*compare)(const void *key, const void *element))
{
	const char *first = list;
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(key, first + mid * size) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && compare(key, first + low * size) == 0 ? first + low * size
	                                                        : NULL;
}
