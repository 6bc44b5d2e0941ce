/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/text.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"

#include <inttypes.h>
#include <string.h>

char *net_attr_text(const struct net_attr *a, uint64_t value)
{
	return a->flag ? mem_dup(value ? "true" : "false")
	               : mem_format("%" PRIu64, value);
}

bool net_attr_parse(const struct net_attr *a, const char *text, size_t len, uint64_t *ret)
{
	_free_ char *word = mem_dup_n(text, len);

	if (!a->flag)
		return num_u64(word, ret) == 0 && *ret <= UINT32_MAX;
	*ret = strcmp(word, "true") == 0;
	return *ret || strcmp(word, "false") == 0;
}

char *net_group_command(const struct net_group *g, const char *interface,
                        const uint64_t *want)
{
	_buf_ struct buf b = {0};

	buf_addf(&b, "%s %s", g->command, interface);
	for (size_t i = 0; i < g->n; i++) {
		const struct net_attr *a = &g->attrs[i];

		if (want[i] != NET_KEEP && a->flag)
			buf_addf(&b, " %s %s", a->word, want[i] ? "on" : "off");
		else if (want[i] != NET_KEEP)
			buf_addf(&b, " %s %" PRIu64, a->word, want[i]);
	}
	return buf_take(&b);
}

char *net_values_text(const struct net_group *g, const uint64_t *values,
                      const uint64_t *of)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < g->n; i++) {
		_free_ char *text = NULL;

		if (of[i] == NET_KEEP)
			continue;
		text = net_attr_text(&g->attrs[i], values[i]);
		buf_addf(&b, "%s%s=%s", b.len ? " " : "", g->attrs[i].name, text);
	}
	return buf_take(&b);
}
