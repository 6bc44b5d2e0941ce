/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/builtin.h"

#include "base/mem.h"
#include "base/text/packed.h"

#include <string.h>

const struct builtin *builtins(void)
{
	static struct builtin *list;
	/* the name of a file and its text, ... */
	const char *const *t = packed_texts(&packed_profiles);
	size_t n = packed_profiles.n / 2;

	if (list)
		return list;
	list = mem_new(n + 1, sizeof(*list));
	for (size_t i = 0; i < n; i++, t += 2) {
		list[i].name = mem_dup_n(t[0], strlen(t[0]) - strlen(".yaml"));
		list[i].file = mem_format("<builtin>/%s", t[0]);
		list[i].text = t[1];
	}
	return list;
}
