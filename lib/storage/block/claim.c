/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/claim.h"
#include "storage/block/classify.h"
#include "storage/block/identity.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "storage/block/probe.h"
#include "storage/block/scan.h"
#include "storage/block/wipe.h"

#include <errno.h>
#include <string.h>

#define FIELD(name_, type_, member, doc_)                                           \
	.name = name_, .type = type_, .offset = offsetof(struct disk_user, member), \
	.doc = doc_
#define RANGE(min_, max_) .min = min_, .max = max_

static const struct field choice_fields[] = {
	{FIELD("model", FIELD_TEXT, spec.model,
               "exact model of the drive (default: " DISK_MODEL ")")},
	{FIELD("serial", FIELD_TEXTS, spec.serial, "serial number, or a list of them")},
	{FIELD("min-size", FIELD_SIZE, spec.min_size,
               "minimum size; smaller drives do not match"),
         RANGE(0, INT64_MAX)},
	{FIELD("count", FIELD_UINT, spec.count,
               "for an array: the exact number of drives; otherwise 1: use any one "
               "matching drive (default: at most one drive may match)"),
         RANGE(1, DISK_COUNT_MAX)},
	{0},
};

static const struct field wipe_fields[] = {
	{FIELD("serial", FIELD_TEXTS, spec.wipe,
               "serial numbers of drives that may be wiped; each must also be given to "
               "--allow-wipe"),
         .required = true},
	{0},
};

static const char *const levels[] = {"none", "raid0", NULL};

/* A near word would be a trap here: the level decides what a failed drive costs. */
static const char *explain_level(const char *word)
{
	static const char *const others[] = {"1",     "4",      "5",     "6",
	                                     "10",    "raid1",  "raid4", "raid5",
	                                     "raid6", "raid10", "mirror"};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(word, others[i]) == 0)
			return "not supported: hosttune makes only raid0 arrays, without "
			       "redundancy: if one drive fails, all data is lost (one of: "
			       "none, raid0)";
	return NULL;
}

const struct field disk_user_fields[] = {
	{.name = "disks",
         .type = FIELD_OBJECT,
         .fields = choice_fields,
         .doc = "the drives to use"},
	{FIELD("array", FIELD_CHOICE, level,
               "raid0: one array of all matching drives; a single drive is used "
               "without an array (default: none)"),
         .choices = levels, .explain = explain_level},
	{.name = "wipe",
         .type = FIELD_OBJECT,
         .fields = wipe_fields,
         .doc = "permission to destroy data on drives"},
	{0},
};

bool disk_user_wants_array(const struct disk_user *u)
{
	return u->level && strcmp(u->level, "none") != 0;
}

/* A placeholder is left: see per_drive.h. */
static bool has_placeholder(const struct node *item, const char *key)
{
	const struct node *n = node_get(item, key);

	return n && n->type == NODE_SCALAR && strchr(n->text, '{');
}

void disk_user_parse(struct disk_user *u, const struct node *item,
                     struct diagnostics *diag)
{
	const struct node *count = node_get(node_get(item, "disks"), "count");
	bool each = has_placeholder(item, "mount") || has_placeholder(item, "label");

	fields_parse(disk_user_fields, item, u, diag);
	disk_spec_complete(&u->spec);
	u->spec.unexpanded = each;
	/* with {serial}, another check reports the count */
	if (u->spec.count > 1 && !disk_user_wants_array(u) && !each)
		diag_error(diag, count->at,
		           "count \"%s\": more than one drive needs an array (set "
		           "`array: raid0`, or `mount: .../{serial}` for one file "
		           "system per drive)",
		           count->text);
}

void disk_user_done(struct disk_user *u)
{
	fields_done(disk_user_fields, u);
}

/* Read the disks, and find the one that was planned; NULL: see `e`. */
static const struct disk *find_planned(const struct host *h, const char *device,
                                       const char *id, struct disks *disks, struct err *e)
{
	_free_ char *now = NULL;
	const struct disk *d;

	if (disks_read(h, disks, e) < 0)
		return NULL;
	d = disks_find(disks, device);
	now = d ? disk_id(d) : NULL;
	if (now && strcmp(now, id) == 0)
		return d;
	err_set(e, -ENODEV, "%s: is a different drive now", device);
	return NULL;
}

int disk_claim(const struct disk_user *u, struct host *h, const char *device,
               const char *id, bool wipe, enum reason *ret_reason, struct err *e)
{
	_disks_ struct disks disks = {0};
	_classified_ struct disk_classified look = {0};
	_close_ int lock = -1;
	const struct disk *d = find_planned(h, device, id, &disks, e);
	int r;

	if (!d)
		return e->code;
	if (!d->array && !disk_matches(&u->spec, d))
		return err_set(e, -ENODEV, "%s: is a different drive now", device);
	lock = blk_lock(h, d, e);
	if (lock < 0)
		return lock;
	r = disk_classify(&u->spec, h, d, true, &look, e);
	if (r < 0)
		return r;
	if (look.class == CLASS_BLANK || (look.class == CLASS_WIPE && wipe))
		return TAKE_FD(lock);
	*ret_reason = REASON_DISK_REFUSED;
	return err_set(e, -EBUSY, "%s%s%s: %s", d->name, *disk_title(d) ? " " : "",
	               disk_title(d), look.text);
}

int disk_claim_wipe(struct host *h, const char *device, const char *id, struct err *e)
{
	_disks_ struct disks disks = {0};
	_blk_ struct blk b = {0};
	const struct disk *d = find_planned(h, device, id, &disks, e);
	int r = d ? disk_wipe(h, d, e) : e->code;

	if (r == 0)
		r = blk_probe(h, d, &b, e);
	/* data between the two wiped ends may remain: the user permitted the wipe */
	if (r == 0 && b.content != BLK_BLANK && b.reason != DISK_GARBAGE)
		r = err_set(e, -EIO, "%s: still holds %s after the wipe", device, b.text);
	return r;
}
