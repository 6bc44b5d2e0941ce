/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/template.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <ctype.h>
#include <string.h>

bool template_name_has(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *template_next(const char *text, size_t *ret_len)
{
	for (const char *p = text; (p = strchr(p, '{')); p++) {
		*ret_len = 0;
		while (template_name_has(p[1 + *ret_len]))
			(*ret_len)++;
		if (*ret_len > 0 && p[1 + *ret_len] == '}')
			return p;
	}
	return NULL;
}

char *template_fill(const char *text, template_value *value, const void *arg)
{
	_buf_ struct buf out = {0};
	const char *p;
	size_t len;

	if (!text)
		return NULL;
	for (; (p = template_next(text, &len)); text = p + len + 2) {
		_free_ char *filled = value(p + 1, len, arg);

		buf_add_n(&out, text, (size_t)(p - text));
		buf_add(&out, filled);
	}
	buf_add(&out, text);
	return buf_take(&out);
}
