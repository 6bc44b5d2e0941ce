/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A TuneD profile: its sysctls, modules, files below /sys and summary. */
#include "import/formats.h"
#include "import/sysctl.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "import/tuned_file.h"
#include "import/tuned_files.h"

#include <string.h>

struct tuned {
	struct import *im;
	const struct tuned_section *section; /* that is read */
	const struct node *variables;
};

/* --- [main] ---------------------------------------------------------------------------
 */

/* TuneD's own profiles, and the built-in profile of hosttune that is nearest. */
static const struct {
	const char *name, *nearest;
} parents[] = {
	{"throughput-performance", "network-throughput"},
	{"network-throughput", "network-throughput"},
	{"hpc-compute", "network-throughput"},
	{"latency-performance", "low-latency"},
	{"network-latency", "low-latency"},
	{"cpu-partitioning", "low-latency"},
	{"realtime", "low-latency"},
	{"openshift", "container-node"},
	{"openshift-node", "container-node"},
	{"openshift-control-plane", "container-node"},
};

static void tuned_read_include(struct tuned *t, struct tuned_option *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		if (strcmp(parents[i].name, o->value) != 0)
			continue;
		import_omit(
			t->im, &o->origin,
			"include \"%s\": a profile of TuneD (nearest built-in profile: "
			"%s; or import its tuned.conf, too)",
			o->value, parents[i].nearest);
		return;
	}
	import_omit(
		t->im, &o->origin,
		"include \"%s\": another profile of TuneD (import its tuned.conf, and "
		"include the result)",
		o->value);
}

static void main_option(struct tuned *t, struct tuned_option *o)
{
	struct node *n;

	if (strcmp(o->key, "include") == 0) {
		tuned_read_include(t, o);
	} else if (strcmp(o->key, "summary") == 0 && strncmp(o->value, "= ", 2) != 0) {
		n = node_new_word(o->value);
		import_place(n, &o->origin);
		node_set(t->im->tree, "description", n);
	} else {
		import_omit(t->im, &o->origin, "only TuneD has the option \"%s\"",
		            o->key);
	}
}

/* --- [sysctl], [vm], [modules] --------------------------------------------------------
 */

static void remove_quotes(char *s)
{
	size_t len = strlen(s);

	if (len >= 2 && s[0] == '"' && s[len - 1] == '"') {
		memmove(s, s + 1, len - 2);
		s[len - 2] = '\0';
	}
}

static void sysctl_option(struct tuned *t, struct tuned_option *o)
{
	struct import_sysctl s = {.key = o->key};
	const char *value = o->value;

	remove_quotes(o->value);
	/* an assignment modifier */
	if ((*value == '>' || *value == '<') && value[1])
		s.bound = *value++;
	s.value = value;
	import_sysctl(t->im, &s, &o->origin);
}

/* "dirty_bytes=40%" sets the ratio instead. */
static void vm_option(struct tuned *t, struct tuned_option *o)
{
	size_t len = strlen(o->value), name = strlen(o->key);
	_free_ char *key = NULL;

	if (tuned_hugepage_option(t->im, o))
		return;
	if (strncmp(o->key, "dirty_", 6) != 0) {
		import_omit(t->im, &o->origin, "only TuneD has the option \"%s\"",
		            o->key);
		return;
	}
	if (len > 0 && o->value[len - 1] == '%' &&
	    strcmp(o->key + name - 5, "bytes") == 0) {
		o->value[len - 1] = '\0';
		key = mem_format("vm.%.*sratio", (int)(name - strlen("bytes")), o->key);
	} else {
		key = mem_format("vm.%s", o->key);
	}
	import_sysctl(t->im, &(const struct import_sysctl){.key = key, .value = o->value},
	              &o->origin);
}

static void module_option(struct tuned *t, struct tuned_option *o)
{
	const char *parameters = o->value;

	if (strncmp(parameters, "+r", 2) == 0)
		parameters += 2 + strspn(parameters + 2, " \t,");
	if (*parameters)
		import_omit(t->im, &o->origin,
		            "module %s: profiles have no parameters of modules (on "
		            "Bottlerocket, a boot parameter sets them: %s.PARAMETER)",
		            o->key, o->key);
	else
		import_module(t->im, o->key, &o->origin);
}

static void sysfs_option(struct tuned *t, struct tuned_option *o)
{
	tuned_sysfs_option(t->im, t->section, o);
}

static void disk_option(struct tuned *t, struct tuned_option *o)
{
	tuned_disk_option(t->im, t->section, o);
}

static void net_option(struct tuned *t, struct tuned_option *o)
{
	tuned_net_option(t->im, t->section, o);
}

/* --- all sections ---------------------------------------------------------------------
 */

static const struct plugin {
	const char *type;
	void (*read)(struct tuned *t, struct tuned_option *o);
	const char *reason; /* why its options are omitted; NULL: they are read */
} plugins[] = {
	{"main", main_option, NULL},
	{"sysctl", sysctl_option, NULL},
	{"vm", vm_option, NULL},
	{"modules", module_option, NULL},
	{"sysfs", sysfs_option, NULL},
	{"disk", disk_option, NULL},
	{"net", net_option, NULL},
	{"bootloader", NULL,
         "the kernel's command line (on Bottlerocket: settings: {boot: "
         "{kernel-parameters: ...}})"},
	{"script", NULL, "a script"},
};

static const struct plugin *find_plugin(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(plugins); i++)
		if (strcmp(plugins[i].type, type) == 0)
			return &plugins[i];
	return NULL;
}

/* An option of the section itself, for each plugin. */
static bool is_section_option(const char *key)
{
	static const char *const keys[] = {
		"type", "enabled",       "replace",     "priority", "prepend",
		"drop", "cpuinfo_regex", "uname_regex", "devices",  "devices_udev_regex"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static bool is_enabled(const struct tuned_section *s)
{
	const char *value = tuned_section_get(s, "enabled");

	return !value || strcmp(value, "1") == 0 || strcasecmp(value, "true") == 0;
}

/* The option that limits the section to some nodes; NULL: none. */
static const char *condition_of(const struct tuned_section *s)
{
	if (tuned_section_get(s, "uname_regex"))
		return "uname_regex";
	return tuned_section_get(s, "cpuinfo_regex") ? "cpuinfo_regex" : NULL;
}

/* Expand the variables. Return: false, with the option listed, if they are unknown. */
static bool expand_option(struct tuned *t, struct tuned_option *o)
{
	_free_ char *why = NULL;
	char *key, *value = NULL;

	key = tuned_expand(t->variables, o->key, &why);
	if (key)
		value = tuned_expand(t->variables, o->value, &why);
	if (key)
		mem_set(&o->key, key);
	if (value)
		mem_set(&o->value, value);
	else
		import_omit(t->im, &o->origin, "%s", why);
	return value;
}

/* What the section selects on more than one line; NULL: nothing. */
static const char *continued_of(const struct tuned_section *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_section_option(s->options[i].key) && s->options[i].several_lines)
			return s->options[i].key;
	return NULL;
}

static void tuned_read_option(struct tuned *t, const struct tuned_section *s,
                              const struct plugin *p, struct tuned_option *o)
{
	const char *condition = condition_of(s), *continued = continued_of(s);

	if (!is_enabled(s))
		import_ignore(t->im, &o->origin, "[%s] is not enabled", s->name);
	else if (!p)
		import_omit(t->im, &o->origin,
		            "profiles have nothing like TuneD's plugin \"%s\"", s->type);
	else if (p->reason)
		import_omit(t->im, &o->origin, "%s", p->reason);
	else if (condition)
		import_omit(
			t->im, &o->origin,
			"[%s] applies only where %s matches (in a profile, when: is a "
			"condition)",
			s->name, condition);
	else if (o->several_lines)
		import_omit(t->im, &o->origin, "its value continues on another line");
	else if (continued)
		import_omit(t->im, &o->origin, "[%s] has %s on several lines", s->name,
		            continued);
	else if (expand_option(t, o))
		p->read(t, o);
}

static void read_section(struct tuned *t, struct tuned_section *s)
{
	const struct plugin *p = find_plugin(s->type);
	size_t n = 0;

	t->section = s;
	for (size_t i = 0; i < s->n; i++) {
		if (is_section_option(s->options[i].key))
			continue;
		tuned_read_option(t, s, p, &s->options[i]);
		n++;
	}
	if (n == 0 && !p && is_enabled(s)) {
		_import_origin_ struct import_origin o = {.key_at = s->at, .at = s->at};

		import_omit(t->im, &o, "profiles have nothing like TuneD's plugin \"%s\"",
		            s->type);
	}
}

int import_tuned(struct import *im, const char *file)
{
	_tuned_file_ struct tuned_file f = {0};
	_node_ struct node *variables = NULL;
	struct tuned t = {.im = im};

	tuned_file_read(&f, im, file);
	t.variables = variables = tuned_variables(im, &f);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.sections[i].name, "variables") != 0)
			read_section(&t, &f.sections[i]);
	import_sysctls_overridden(im);
	return 0;
}
