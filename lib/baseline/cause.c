/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/cause.h"

#include "base/macro.h"
#include "base/words.h"

#include <string.h>

#define CAUSE(word, group, keys, causes, remedy, source) \
	{word, group, keys, causes, remedy, source},

const struct cause causes[] = {
#include "baseline/cause.def"
};

const size_t n_causes = ARRAY_SIZE(causes);

const struct cause *cause_find(const char *group, const char *key)
{
	const struct cause *other = NULL;

	for (size_t i = 0; i < n_causes; i++) {
		if (strcmp(causes[i].group, group) != 0)
			continue;
		if (words_have(causes[i].keys, ' ', key))
			return &causes[i];
		other = &causes[i];
	}
	/* "*" is last in its group, and what a group without it lacks is its last row */
	return other;
}
