/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/per_drive.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "resource/kind.h"
#include "storage/block/classify.h"
#include "storage/block/identity.h"
#include "storage/block/scan.h"
#include "storage/block/spec.h"

#include <stdlib.h>
#include <string.h>

#define SERIAL "{serial}"
#define INDEX  "{index}"

/* The keys of an item that may contain placeholders. */
static const char *const keys[] = {"mount", "bind", "label"};

/* --- finding placeholders -------------------------------------------------------------
 */

static bool has_placeholder(const struct node *n)
{
	if (!n)
		return false;
	if (n->type == NODE_SCALAR)
		return strchr(n->text, '{') || strchr(n->text, '}');
	node_for_each (item, n)
		if (has_placeholder(item))
			return true;
	return false;
}

bool per_drive_is_unexpanded(const struct node *item)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (has_placeholder(node_get(item, keys[i])))
			return true;
	return false;
}

static void check_text(const struct node *n, const char *key, struct diagnostics *diag)
{
	const char *p = n->text + strcspn(n->text, "{}");

	for (; *p; p += strcspn(p, "{}")) {
		size_t len = strncmp(p, SERIAL, strlen(SERIAL)) == 0 ? strlen(SERIAL)
		             : strncmp(p, INDEX, strlen(INDEX)) == 0 ? strlen(INDEX)
		                                                     : 0;

		if (len == 0) {
			diag_error(diag, n->at,
			           "%s \"%s\": only " SERIAL " and " INDEX
			           " may be in braces",
			           key, n->text);
			return;
		}
		p += len;
	}
}

static void check_texts(const struct node *n, const char *key, struct diagnostics *diag)
{
	if (n->type == NODE_SCALAR)
		check_text(n, key, diag);
	node_for_each (item, n)
		check_texts(item, key, diag);
}

static bool says(const struct node *n, const char *text)
{
	return n && n->type == NODE_SCALAR && strcmp(n->text, text) == 0;
}

/* Check an item with placeholders. Return: whether it is valid. */
static bool per_drive_check(const struct node *item, struct diagnostics *diag)
{
	const struct node *count = node_get(node_get(item, "disks"), "count");
	const struct node *array = node_get(item, "array"),
			  *mount = node_get(item, "mount");
	size_t before = diag->n;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct node *n = node_get(item, keys[i]);

		if (n)
			check_texts(n, keys[i], diag);
	}
	if (array && !says(array, "none"))
		diag_error(diag, array->at,
		           "array: cannot be combined with " SERIAL " or " INDEX
		           ": an array has one mount point");
	if (count)
		diag_error(diag, count->at,
		           "count: cannot be combined with " SERIAL " or " INDEX
		           ", which select every matching drive");
	if (mount && !has_placeholder(mount))
		diag_error(diag, mount->at,
		           "mount: the drives cannot share one mount point (use "
		           ".../" SERIAL ")");
	return diag->n == before;
}

/* --- replacing placeholders -----------------------------------------------------------
 */

/* Make a serial safe for a path, a name and a message. */
static char *plain_serial(const char *serial)
{
	char *text = mem_dup(*serial ? serial : "_");

	for (char *p = text; *p; p++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		            "0123456789_-",
		            *p) &&
		    (*p != '.' || p == text))
			*p = '_';
	return text;
}

struct drive {
	const char *exact; /* the word that selects it */
	const char *plain; /* {serial} */
	const char *index;
};

static char *filled_in(const char *text, const struct drive *d)
{
	_buf_ struct buf b = {0};

	while (*text) {
		size_t len = strcspn(text, "{");

		buf_add_n(&b, text, len);
		text += len;
		if (strncmp(text, SERIAL, strlen(SERIAL)) == 0) {
			buf_add(&b, d->plain);
			text += strlen(SERIAL);
		} else if (strncmp(text, INDEX, strlen(INDEX)) == 0) {
			buf_add(&b, d->index);
			text += strlen(INDEX);
		} else if (*text) {
			buf_add_n(&b, text++, 1);
		}
	}
	return buf_take(&b);
}

static void fill_in(struct node *n, const struct drive *d)
{
	if (n->type == NODE_SCALAR)
		mem_set(&n->text, filled_in(n->text, d));
	node_for_each (item, n)
		fill_in(item, d);
}

static void set_text_at(struct node *map, const char *key, const char *text,
                        struct place at)
{
	struct node *n = node_new_text(text);

	n->at = n->key_at = at;
	node_set(map, key, n);
}

/* Create the item for one drive. */
static struct node *item_of(const struct node *item, const struct drive *d)
{
	struct node *copy = node_copy(item), *disks;
	const struct node *name = node_get(item, "name");
	_free_ char *own = mem_format("%s/%s", name->text, d->plain);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct node *n = node_get(copy, keys[i]);

		if (n)
			fill_in(n, d);
	}
	/* the label marks file systems of hosttune: it must not depend on a count */
	if (!node_get(copy, "label"))
		set_text_at(copy, "label", name->text, item->at);
	set_text_at(copy, "name", own, name->at);
	disks = node_get(copy, "disks");
	if (!disks) {
		disks = node_get_map(copy, "disks");
		disks->at = disks->key_at = item->at;
	}
	set_text_at(disks, "serial", d->exact, item->at);
	return copy;
}

void per_drive_spec(const struct node *item, struct disk_spec *w)
{
	const struct node *disks = node_get(item, "disks");
	const struct node *model = node_get(disks, "model"), *min;
	const struct node *serial = node_get(disks, "serial");
	_buf_ struct buf serials = {0};

	*w = (struct disk_spec){0};
	w->model = mem_dup(model && model->type == NODE_SCALAR ? model->text : NULL);
	disk_spec_complete(w);
	min = node_get(disks, "min-size");
	if (min && min->type == NODE_SCALAR)
		(void)num_size(min->text, &w->min_size);
	if (!serial)
		return;
	if (serial->type == NODE_SCALAR)
		buf_join(&serials, ",", serial->text);
	node_for_each (one, serial)
		if (one->type == NODE_SCALAR)
			buf_join(&serials, ",", one->text);
	w->serial = buf_take(&serials);
}

void per_drive_spec_done(struct disk_spec *w)
{
	free(w->model);
	free(w->serial);
	*w = (struct disk_spec){0};
}

static bool per_drive_is_meant(const struct disk_spec *w, const struct disk *d)
{
	return disk_matches(w, d) && (!disk_never(d) || disk_is_named(w, d));
}

/* Append one item per matching drive to `list`. Return: their number. */
static size_t expand(const struct node *item, const struct disks *disks,
                     struct node *list)
{
	struct disk_spec w;
	size_t n = 0;

	per_drive_spec(item, &w);
	for (size_t i = 0; i < disks->n; i++) {
		const struct disk *d = &disks->list[i];
		_free_ char *plain = plain_serial(d->key);
		_free_ char *index = mem_format("%zu", n);
		struct drive drive = {disk_title(d), plain, index};

		if (!per_drive_is_meant(&w, d))
			continue;
		node_append(list, item_of(item, &drive));
		n++;
	}
	per_drive_spec_done(&w);
	return n;
}

void per_drive_expand(struct node *storage, const struct host *h,
                      struct diagnostics *diag)
{
	_disks_ struct disks disks = {0};
	_node_ struct node *list = NULL;
	struct err e = {0};
	int r = h ? disks_read(h, &disks, &e) : 0;

	list = node_new(NODE_LIST);
	for (size_t i = 0; i < storage->n; i++) {
		struct node *item = storage->items[i];
		bool valid = per_drive_is_unexpanded(item) && per_drive_check(item, diag);

		/* the resource reports it, too, unless they can be listed by then */
		if (valid && r < 0)
			diag_warn(diag, item->at, "storage: the drives are unknown: %s",
			          e.text);
		if (valid && expand(item, &disks, list) > 0)
			node_free(item);
		else
			node_append(list, item);
	}
	storage->n = 0;
	for (size_t i = 0; i < list->n; i++)
		node_append(storage, list->items[i]);
	list->n = 0;
}
