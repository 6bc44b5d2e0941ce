/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/capture.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/node.h"
#include "host/mount/mounts.h"
#include "host/tree/below.h"
#include "storage/block/choice.h"
#include "storage/block/probe.h"
#include "storage/block/scan.h"
#include "storage/mount/option.h"

#include <errno.h>
#include <string.h>

static const struct place nowhere = {.file = ""};

static bool names_disk(const struct node *item, const struct disk *d)
{
	const struct node *disks = node_get(item, "disks");
	const struct node *model = node_get(disks, "model");
	const struct node *serial = node_get(disks, "serial");

	return model && serial && strcmp(model->text, d->model) == 0 &&
	       strcmp(serial->text, d->serial) == 0;
}

const struct disk *disk_captured(const struct disks *disks, const struct node *item)
{
	for (size_t i = 0; i < disks->n; i++)
		if (names_disk(item, &disks->list[i]))
			return &disks->list[i];
	return NULL;
}

/* Find a visible mount of the whole drive; NULL: none. */
static const struct host_mount *find_mount(const struct host_mounts *m,
                                           const struct disk *d)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct host_mount *one = &m->list[i];

		if (one->major == d->major && one->minor == d->minor &&
		    strcmp(one->root, "/") == 0 && host_mounts_at(m, one->target) == one)
			return one;
	}
	return NULL;
}

static bool disk_capture_is_there(const struct node *items, const struct disk *d)
{
	node_for_each (item, items)
		if (names_disk(item, d))
			return true;
	return false;
}

static bool is_taken(const struct node *items, const char *name)
{
	node_for_each (item, items)
		if (strcmp(node_get(item, "name")->text, name) == 0)
			return true;
	return false;
}

static void disk_capture_add(struct node *items, const char *name, const struct disk *d,
                             const char *label)
{
	struct node *item = node_new(NODE_MAP), *disks;

	if (is_taken(items, name))
		name = is_taken(items, label) ? d->serial : label;
	node_set(item, "name", node_new_word(name));
	disks = node_get_map(item, "disks");
	node_set(disks, "model", node_new_word(d->model));
	node_set(disks, "serial", node_new_word(d->serial));
	node_set(item, "label", node_new_word(label));
	node_append(items, item);
}

/* Add a matching drive to `items`, or a note why it cannot be added. */
static int disk_capture_probe(const struct disk_spec *spec, const char *name,
                              const struct host *h, const struct disk *d,
                              const struct host_mounts *mounts, struct node *items,
                              struct diagnostics *diag, struct err *e)
{
	_blk_ struct blk b = {0};
	int r = blk_identify(h, d, &b, e);

	if (r < 0)
		return err_wrap(e, "%s %s", d->name, d->serial);
	if (b.content != BLK_FILESYSTEM || strcmp(b.type, spec->format) != 0)
		diag_note(diag, nowhere, "storage: %s %s: holds %s", d->name, d->serial,
		          b.text);
	else if (!*b.label || !*d->serial)
		diag_note(diag, nowhere,
		          "storage: %s %s: has no %s, which a profile needs to "
		          "identify it",
		          d->name, d->serial, *b.label ? "serial" : "label");
	else if (strcmp(b.label, spec->label) == 0 || find_mount(mounts, d))
		disk_capture_add(items, name, d, b.label);
	else
		diag_note(diag, nowhere, "storage: %s %s: %s label %s, not mounted",
		          d->name, d->serial, b.type, b.label);
	return 0;
}

int disk_capture(const struct disk_spec *spec, const char *name, const struct host *h,
                 struct node *items, struct diagnostics *diag, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	_disks_ struct disks disks = {0};
	int r = disks_read(h, &disks, e);
	size_t n = 0;

	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);
	for (size_t i = 0; r == 0 && i < disks.n; i++) {
		const struct disk *d = &disks.list[i];

		if (!disk_matches(spec, d))
			continue;
		n++;
		if (d->use != DISK_PARTITIONED && d->use != DISK_NO_CAPACITY &&
		    !disk_capture_is_there(items, d))
			r = disk_capture_probe(spec, name, h, d, &mounts, items, diag, e);
	}
	if (r == 0 && n == 0)
		diag_note(diag, nowhere, "storage: no drive of model \"%s\" found",
		          spec->model);
	return r;
}

static void add_guard(struct node *item, const struct host *h, const char *target,
                      struct diagnostics *diag)
{
	struct host_below below;
	struct err e = {0};
	int r = host_below_read(h, target, &below, &e);

	/* a captured tree never holds the flag */
	if (r < 0 && r != -ENOTSUP)
		diag_note(diag, nowhere, "storage: guard: %s", e.text);
	if (r == 0 && below.immutable && below.empty)
		node_set(item, "guard", node_new_bool(true));
}

static void add_mount(struct node *item, const struct host *h,
                      const struct host_mounts *mounts, const struct disk *d,
                      struct diagnostics *diag)
{
	const struct host_mount *at = find_mount(mounts, d);

	if (!at) {
		diag_note(diag, nowhere, "storage: %s %s: is not mounted", d->name,
		          d->serial);
		return;
	}
	node_set(item, "mount", node_new_word(at->target));
	node_set(item, "options", mount_options_node(at->options));
	if (strcmp(at->target, "/") != 0)
		add_guard(item, h, at->target, diag);
}

int disk_capture_mounts(const struct host *h, struct node *items,
                        struct diagnostics *diag, struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	_disks_ struct disks disks = {0};
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);

	if (r == 0)
		r = disks_read(h, &disks, e);
	if (r < 0)
		return r;
	node_for_each (item, items) {
		const struct disk *d = disk_captured(&disks, item);

		if (d && !node_get(item, "mount"))
			add_mount(item, h, &mounts, d, diag);
	}
	return 0;
}
