/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/tuned_files.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/words.h"
#include "doc/node.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* --- [sysfs] --------------------------------------------------------------------------
 */

/* "16M": the kernel's units are powers of 1024, those of a profile may be of 1000. */
static bool has_unit(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	return digits > 0 && isalpha((unsigned char)value[digits]) &&
	       !(value[0] == '0' && (value[1] | 0x20) == 'x') &&
	       value[strspn(value, "0123456789abcdefABCDEF")];
}

/* A word, or a list of them. */
static struct node *sysfs_node(const char *value)
{
	const char *rest = value, *word;
	struct node *list;
	size_t len;

	if (!strchr(value, ' '))
		return node_new_word(value);
	list = node_new(NODE_LIST);
	while ((word = words_next(&rest, ' ', &len))) {
		_free_ char *text = mem_dup_n(word, len);

		node_append(list, node_new_word(text));
	}
	return list;
}

void tuned_sysfs_option(struct import *im, const struct tuned_section *s,
                        struct tuned_option *o)
{
	_free_ char *value = words_collapse(o->value);

	(void)s;
	if (!*value)
		import_omit(im, &o->origin, "sysfs %s: has no value", o->key);
	else if (has_unit(value))
		import_omit(
			im, &o->origin,
			"sysfs %s: \"%s\" has a unit of the kernel's (write the number)",
			o->key, value);
	else
		import_set(im, "sysfs", o->key, sysfs_node(value), &o->origin);
}

/* --- [vm] -----------------------------------------------------------------------------
 */

bool tuned_hugepage_option(struct import *im, struct tuned_option *o)
{
	static const struct {
		const char *option, *key;
	} options[] = {
		{"transparent_hugepages", "thp"},
		{"transparent_hugepage", "thp"},
		{"transparent_hugepage.defrag", "thp-defrag"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].option, o->key) == 0) {
			import_set(im, "memory", options[i].key, node_new_word(o->value),
			           &o->origin);
			return true;
		}
	return false;
}

/* --- [disk] ---------------------------------------------------------------------------
 */

/* Drives that have schedulers; arrays and other virtual devices have none to choose. */
static const char drives[] = "sd* vd* xvd* nvme* mmcblk*";

/* The drives of the section, as patterns; NULL with the option omitted: unknown ones. */
static char *devices_of(struct import *im, const struct tuned_section *s,
                        struct tuned_option *o, const char *all)
{
	const char *devices = tuned_section_get(s, "devices");
	char *list;

	if (tuned_section_get(s, "devices_udev_regex") ||
	    (devices && devices[strcspn(devices, "!$/")])) {
		import_omit(
			im, &o->origin,
			"[%s] selects its drives by %s (in a profile: /sys/block/NAME "
			"under sysfs, with * and ?)",
			s->name, devices ? "more than names" : "properties of udev");
		return NULL;
	}
	list = mem_dup(devices && *devices ? devices : all);
	for (char *p = list; *p; p++)
		if (*p == ',')
			*p = ' ';
	return list;
}

/* Set a file of the queue of each drive. Takes over `n`. */
static void set_queues(struct import *im, const char *devices, const char *file,
                       struct node *n, struct import_origin *o)
{
	const char *rest = devices, *word;
	_node_ struct node *value = n;
	size_t len;

	while ((word = words_next(&rest, ' ', &len))) {
		_free_ char *path =
			mem_format("/sys/block/%.*s/queue/%s", (int)len, word, file);
		/* the comments belong to the first one */
		struct import_origin one = *o;

		*o = (struct import_origin){.key_at = o->key_at, .at = o->at};
		import_set(im, "sysfs", path, node_copy(value), &one);
		import_origin_done(&one);
	}
}

/* ">4096", in KiB, or "8192 s", in sectors. NULL: it is neither. */
static struct node *readahead_node(const char *value)
{
	char bound = *value == '>' || *value == '<' ? *value : '\0';
	_free_ char *number = mem_dup(value + (bound != '\0'));
	char *blank = strchr(number, ' ');
	struct node *n;
	uint64_t kib;

	if (blank)
		*blank++ = '\0';
	if (num_u64(number, &kib) < 0 || (blank && strcmp(blank, "s") != 0))
		return NULL;
	if (blank)
		kib /= 2;
	if (!bound)
		return node_new_uint(kib);
	n = node_new(NODE_MAP);
	node_set(n, bound == '>' ? "min" : "max", node_new_uint(kib));
	return n;
}

/* Names of before Linux 5.0. */
static const char *scheduler_now(const char *name)
{
	static const struct {
		const char *old, *now;
	} names[] = {{"noop", "none"}, {"deadline", "mq-deadline"}, {"cfq", "bfq"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i].old, name) == 0)
			return names[i].now;
	return NULL;
}

static void elevator(struct import *im, const struct tuned_section *s,
                     struct tuned_option *o)
{
	const char *now = scheduler_now(o->value);
	_free_ char *devices = NULL;

	if (now) {
		import_omit(im, &o->origin,
		            "no kernel since Linux 5.0 has the scheduler \"%s\" (the "
		            "nearest one is %s)",
		            o->value, now);
		return;
	}
	devices = devices_of(im, s, o, drives);
	if (devices)
		set_queues(im, devices, "scheduler", node_new_word(o->value), &o->origin);
}

static void readahead(struct import *im, const struct tuned_section *s,
                      struct tuned_option *o)
{
	struct node *n = readahead_node(o->value);
	_free_ char *devices = NULL;

	if (!n) {
		import_omit(im, &o->origin,
		            "readahead \"%s\": should be a number of KiB, or of sectors "
		            "with \" s\"",
		            o->value);
		return;
	}
	devices = devices_of(im, s, o, "*");
	if (devices)
		set_queues(im, devices, "read_ahead_kb", n, &o->origin);
	else
		node_free(n);
}

void tuned_disk_option(struct import *im, const struct tuned_section *s,
                       struct tuned_option *o)
{
	if (strcmp(o->key, "elevator") == 0)
		elevator(im, s, o);
	else if (strcmp(o->key, "readahead") == 0)
		readahead(im, s, o);
	else
		import_omit(im, &o->origin, "only TuneD has the option \"%s\"", o->key);
}

/* --- [net] ----------------------------------------------------------------------------
 */

/* What a network item has, too. */
static bool is_of_interface(const char *key)
{
	static const char *const keys[] = {"features", "coalesce",   "ring",
	                                   "channels", "txqueuelen", "mtu"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

void tuned_net_option(struct import *im, const struct tuned_section *s,
                      struct tuned_option *o)
{
	(void)s;
	if (strcmp(o->key, "nf_conntrack_hashsize") == 0)
		import_set(im, "sysfs", "/sys/module/nf_conntrack/parameters/hashsize",
		           node_new_word(o->value), &o->origin);
	else if (is_of_interface(o->key))
		import_omit(
			im, &o->origin,
			"a setting of interfaces (network: has it, for those that you "
			"select by driver, name or default route)");
	else
		import_omit(im, &o->origin, "only TuneD has the option \"%s\"", o->key);
}
