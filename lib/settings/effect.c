/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "settings/effect.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "host/file.h"
#include "sysctl/key.h"

#include <errno.h>
#include <string.h>

/* The kernel's own limit is 2048 on x86 and arm64; bootconfig may add 32 KiB. */
#define CMDLINE_MAX_BYTES (64 * 1024)

/* The next word of the kernel's command line, without quotes; NULL at the end. */
static char *next_word(char **rest)
{
	char *from = *rest + strspn(*rest, " \n"), *to = from, *word = from;
	bool quoted = false;

	if (!*from)
		return NULL;
	for (; *from && (quoted || !strchr(" \n", *from)); from++) {
		if (*from == '"')
			quoted = !quoted;
		else
			*to++ = *from;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

/* The kernel treats - and _ in a parameter's name as equal. */
static bool is_parameter(const char *word, const char *key)
{
	for (; *key; word++, key++)
		if (*word != *key &&
		    !(*word && strchr("-_", *word) && strchr("-_", *key)))
			return false;
	return !*word || *word == '=';
}

static int read_boot(const char *key, const struct host *h, struct node **ret,
                     struct err *e)
{
	_free_ char *line = NULL;
	int code = host_file_read(h, "/proc/cmdline", CMDLINE_MAX_BYTES, &line, e);
	char *rest = line, *word;

	if (code < 0)
		return code == -ENOENT ? 0 : code;
	while ((word = next_word(&rest))) {
		if (!is_parameter(word, key))
			continue;
		if (!*ret)
			*ret = node_new(NODE_LIST);
		word += strlen(key);
		node_append(*ret, node_new_text(*word ? word + 1 : ""));
	}
	return 0;
}

static int read_sysctl(const char *key, const struct host *h, struct node **ret,
                       struct err *e)
{
	_free_ char *dotted = sysctl_key_canonical(key), *path = NULL, *raw = NULL,
		    *text = NULL;
	int code;

	if (sysctl_key_fault(dotted))
		return 0;
	path = sysctl_key_path(dotted);
	code = host_file_read_line(h, path, &raw, e);
	if (code == -EACCES && sysctl_key_is_write_only(h, path))
		return 1;
	if (code < 0)
		return code == -ENOENT || code == -ENOTDIR ? 0 : code;
	text = words_collapse(raw);
	*ret = node_new_text(text);
	return 0;
}

int setting_effect_read(enum setting_form form, const char *key, const struct host *h,
                        struct node **ret, struct err *e)
{
	*ret = NULL;
	if (form == SETTING_BOOT)
		return read_boot(key, h, ret, e);
	if (form == SETTING_SYSCTL)
		return read_sysctl(key, h, ret, e);
	return 0;
}

/* In this order, possibly with other values between, from the boot loader. */
static bool has_all(const struct node *wanted, const struct node *live)
{
	size_t i = 0;

	node_for_each (value, live)
		if (i < wanted->n && strcmp(wanted->items[i]->text, value->text) == 0)
			i++;
	return i == wanted->n;
}

bool setting_effect_has(enum setting_form form, const struct node *wanted,
                        const struct node *live)
{
	_free_ char *text = NULL;

	if (form != SETTING_BOOT && form != SETTING_SYSCTL)
		return true;
	if (!live)
		return false;
	if (wanted->type != live->type)
		return false;
	if (wanted->type == NODE_LIST)
		return has_all(wanted, live);
	text = words_collapse(wanted->text);
	return strcmp(text, live->text) == 0;
}
