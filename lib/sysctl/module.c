/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/module.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/module/module.h"
#include "sysctl/known/known.h"
#include "sysctl/known/provider.h"

#include <stdlib.h>
#include <string.h>

bool sysctl_module_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += len)
		if ((p == list || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
			return true;
	return false;
}

char *sysctl_module_missing(const struct host *h, const struct sysctl_known *known,
                            const char *value)
{
	_free_ char *list = NULL;
	struct err ignored;

	if (known->available &&
	    host_file_read_line(h, known->available, &list, &ignored) == 0)
		return mem_format("the kernel has no \"%s\"; available: %s", value, list);
	return mem_format("the kernel has no \"%s\" (module %s%s)", value,
	                  known->module_prefix, value);
}

static bool is_available(const struct host *h, const struct sysctl_known *known,
                         const char *value)
{
	_free_ char *list = NULL;
	struct err ignored;

	if (known->builtin && sysctl_module_has_word(known->builtin, value))
		return true;
	return known->available &&
	       host_file_read_line(h, known->available, &list, &ignored) == 0 &&
	       sysctl_module_has_word(list, value);
}

/* The name of the module that the key or its value needs; NULL: none. */
static char *sysctl_module_name_of(const struct sysctl_known *known, const char *key,
                                   const char *value)
{
	const char *module;

	if (known && known->builtin && sysctl_module_has_word(known->builtin, value))
		return NULL;
	if (known && known->module_prefix)
		return mem_format("%s%s", known->module_prefix, value);
	module = sysctl_provider_of(key);
	return module ? mem_dup(module) : NULL;
}

int sysctl_module_check(struct sysctl_module *m, const struct host *h, const char *key,
                        const char *now, const char *write, struct err *e)
{
	const struct sysctl_known *known = sysctl_known_find(key);
	bool by_value = known && known->module_prefix;
	bool change =
		by_value && strcmp(now, write) != 0 && !is_available(h, known, write);
	enum host_module found;
	_free_ char *name = NULL;
	int code;

	sysctl_module_done(m);
	if (change || h->api_socket)
		name = sysctl_module_name_of(known, key, write);
	if (!name)
		return 0;
	code = host_module_find(h, name, &found, e);
	if (code < 0)
		return code;
	if (change && (found == HOST_MODULE_MISSING || found == HOST_MODULE_DISABLED))
		m->missing = sysctl_module_missing(h, known, write);
	/* it is loaded at the next boot, also if this one forbids that */
	if (found == HOST_MODULE_LOADED || found == HOST_MODULE_AVAILABLE ||
	    found == HOST_MODULE_FORBIDDEN)
		m->keep = TAKE_PTR(name);
	return 0;
}

void sysctl_module_done(struct sysctl_module *m)
{
	mem_set(&m->missing, NULL);
	mem_set(&m->keep, NULL);
}
