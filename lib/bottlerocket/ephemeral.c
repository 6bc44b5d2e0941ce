/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/ephemeral.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "bottlerocket/request.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/host.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define STORAGE "/actions/ephemeral-storage/"

/* The server has one thread, which waits for mdadm and mkfs. */
#define TIMEOUT_MS 300000

/* The array that the API makes and mounts if there is more than one drive. */
#define ARRAY "/dev/md/ephemeral"

/* One exchange that must succeed. The caller frees answer->body. */
static int call(const struct host *h, const struct api_call *c, struct api_answer *answer,
                struct err *e)
{
	struct api *a = NULL;
	int code = api_open(h, &a, e);

	if (code == -ENOENT)
		return err_set(e, -ENOENT, "this host has no Bottlerocket API");
	if (code < 0)
		return code;
	a->timeout_ms = TIMEOUT_MS;
	code = api_request(a, c, answer, e);
	api_free(a);
	return code;
}

static struct node *ask_list(const struct host *h, const char *path, struct err *e)
{
	const struct api_call c = {.method = "GET", .path = path};
	_answer_ struct api_answer answer = {0};
	struct node *n = NULL;

	if (call(h, &c, &answer, e) == 0)
		(void)api_request_body(&c, &answer, NODE_LIST, &n, e);
	return n;
}

/*
 * Get a list of strings, owned by the caller. NULL with `e` set if the answer is not a
 * list.
 */
static struct node *api_ephemeral_list(const struct host *h, const char *path,
                                       struct err *e)
{
	const struct node *known;
	struct node *n;
	int code = recorded_get(h, "api", path, &known, e);

	if (code != 0)
		return code < 0 ? NULL : node_copy(known);
	n = ask_list(h, path, e);
	(void)recorded_put(h, "api", path, n ? 0 : e->code, e,
	                   n && h->record ? node_copy(n) : NULL);
	return n;
}

static bool has_text(const struct node *n, const char *text)
{
	node_for_each (item, n)
		if (item->type == NODE_SCALAR && strcmp(item->text, text) == 0)
			return true;
	return false;
}

static int api_ephemeral_check_dir(const struct host *h, const char *dir, struct err *e)
{
	_node_ struct node *dirs =
		api_ephemeral_list(h, STORAGE "list-dirs?format=json", e);

	if (!dirs)
		return e->code;
	if (has_text(dirs, dir))
		return 0;
	return err_set(e, -EPERM, "the Bottlerocket API does not bind %s either", dir);
}

/* Whether `name` is one of the drives of `d`. *ret_n gets the number of drives. */
static bool is_drive_of(const struct block_device *d, const char *name, size_t *ret_n)
{
	bool found = false;

	for (*ret_n = 0; d->drives[*ret_n]; (*ret_n)++)
		found |= strcmp(d->drives[*ret_n], name) == 0;
	return found;
}

/*
 * If there is more than one drive, the API recognizes only the array with its own name.
 */
static bool is_its_array(const struct host *h, const struct block_device *d)
{
	_block_device_ struct block_device array = {0};
	struct err ignored;

	return block_device_find(h, ARRAY, &array, &ignored) == 0 &&
	       array.major == d->major && array.minor == d->minor;
}

/* The API's names for the drives of `device`: a list owned by the caller, or NULL. */
static struct node *disks_of(const struct host *h, const char *device, struct err *e)
{
	_node_ struct node *disks =
		api_ephemeral_list(h, STORAGE "list-disks?format=json", e);
	_node_ struct node *owned = node_new(NODE_LIST);
	_block_device_ struct block_device dev = {0};
	size_t n = 0;

	if (!disks || block_device_find(h, device, &dev, e) < 0)
		return NULL;
	node_for_each (disk, disks) {
		_block_device_ struct block_device one = {0};
		struct err ignored;

		if (disk->type != NODE_SCALAR ||
		    block_device_find(h, disk->text, &one, &ignored) < 0 ||
		    !is_drive_of(&dev, one.name, &n))
			continue;
		node_append(owned, node_new_text(disk->text));
	}
	(void)is_drive_of(&dev, "", &n);
	if (owned->n == n && (n == 1 || is_its_array(h, &dev)))
		return TAKE_PTR(owned);
	(void)err_set(e, -ENODEV,
	              "the Bottlerocket API does not count %s as ephemeral storage",
	              device);
	return NULL;
}

int api_ephemeral_offers(const struct host *h, const char *device, const char *dir,
                         struct err *e)
{
	_node_ struct node *disks = NULL;
	int code = api_ephemeral_check_dir(h, dir, e);

	if (code < 0 || !device)
		return code;
	disks = disks_of(h, device, e);
	return disks ? 0 : e->code;
}

static int post(struct host *h, const char *path, const struct node *body, struct err *e)
{
	_free_ char *text = node_json_format(body, false);
	const struct api_call c = {
		.method = "POST", .path = path, .body = text, .once = true};
	_answer_ struct api_answer answer = {0};

	return call(h, &c, &answer, e);
}

int api_ephemeral_bind(struct host *h, const char *device, const char *dir, struct err *e)
{
	_node_ struct node *init = node_new(NODE_MAP), *bind = node_new(NODE_MAP);
	struct node *disks = disks_of(h, device, e), *targets = node_new(NODE_LIST);
	int code;

	node_append(targets, node_new_text(dir));
	node_set(bind, "targets", targets);
	if (!disks)
		return e->code;
	node_set_text(init, "filesystem", "Xfs");
	node_set(init, "disks", disks);
	code = post(h, STORAGE "init", init, e);
	if (code == 0)
		code = post(h, STORAGE "bind", bind, e);
	if (code == -EREMOTEIO && strstr(e->text, "already mounted"))
		code = err_hint(e, "Bottlerocket before core kit 10.8.0 cannot bind to a "
		                   "file system that is already mounted");
	return code;
}
