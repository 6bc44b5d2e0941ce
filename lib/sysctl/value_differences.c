/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "sysctl/known/shape.h"
#include "sysctl/value.h"

#include <string.h>

/* Whether each word of a vector can be compared for itself. */
static bool has_elements(const struct sysctl_value *v, const char *now)
{
	return v->n > 1 &&
	       (v->shape == SHAPE_UNKNOWN || sysctl_shape_is_number(v->shape)) &&
	       sysctl_value_count(now) == v->n;
}

/* ">= 16777216" */
static char *describe_word(const struct sysctl_word *w)
{
	if (w->bound == SYSCTL_RANGE)
		return mem_format("%s..%s", w->text, w->upper);
	return mem_format("%s%s",
	                  w->bound == SYSCTL_MIN   ? ">= "
	                  : w->bound == SYSCTL_MAX ? "<= "
	                                           : "",
	                  w->text);
}

/* `wanted`: of which values to describe the words; NULL: `becomes` itself is shown. */
static void add_elements(const struct sysctl_value *wanted, const char *now,
                         const char *becomes, struct differences *ret)
{
	_free_ char *from = mem_dup(now), *to = mem_dup(becomes);
	char *rest_from = from, *rest_to = to, *word, *write;

	for (size_t i = 0; (word = strsep(&rest_from, " ")); i++) {
		write = strsep(&rest_to, " ");
		if (write && strcmp(word, write) != 0)
			difference_add(ret, mem_format("[%zu]", i), mem_dup(word),
			               wanted ? describe_word(&wanted->words[i])
			                      : mem_dup(write));
	}
}

void sysctl_value_changes(const struct sysctl_value *v, const char *had, const char *now,
                          struct differences *ret)
{
	if (has_elements(v, had) && has_elements(v, now))
		add_elements(NULL, had, now, ret);
	else
		difference_add(ret, NULL, mem_dup(*had ? had : "empty"),
		               mem_dup(*now ? now : "empty"));
}

void sysctl_value_differences(const struct sysctl_value *v, const char *now,
                              struct differences *ret)
{
	_free_ char *all = sysctl_value_describe(v),
		    *becomes = sysctl_value_resolve(v, now);

	if (has_elements(v, now))
		add_elements(v, now, becomes, ret);
	else
		difference_add(ret, NULL, mem_dup(*now ? now : "empty"),
		               v->n == 1 ? describe_word(&v->words[0])
		                         : mem_dup(*all ? all : "empty"));
}
