/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Ephemeral storage of the core kit that --core-kit names. The stub touches no disk; the
 * command of --on-storage may.
 */
#include "api.h"
#include "model.h"
#include "request.h"
#include "util.h"

#define ARRAY_DEVICE "/dev/md/ephemeral"
#define MOUNT_POINT  "/mnt/.ephemeral"

/* A variant may bind a directory if its name contains this. */
static const struct {
	const char *variant;
	int kit; /* first core kit that may, as in struct api */
	const char *dir;
} bindable[] = {
	{"", 0, "/var/lib/containerd"},
	{"", 0, "/var/lib/host-containerd"},
	{"k8s", 0, "/var/lib/kubelet"},
	{"k8s", 0, "/var/log/pods"},
	{"ecs", 0, "/var/lib/docker"},
	{"ecs", 0, "/var/log/ecs"},
	{"k8s", 902, "/var/lib/soci-snapshotter"},
};

static json_t *bindable_dirs(const struct api *api)
{
	const char *variant = json_string_value(json_object_get(api->os, "variant_id"));
	json_t *dirs = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(bindable); i++)
		if (api->kit >= bindable[i].kit &&
		    strstr(variant ? variant : "", bindable[i].variant))
			json_array_append_new(dirs, json_string(bindable[i].dir));
	return dirs;
}

static bool contains(json_t *texts, json_t *text)
{
	json_t *other;
	size_t i;

	json_array_foreach(texts, i, other)
		if (json_equal(other, text))
			return true;
	return false;
}

static void reply_list(const struct request *request, json_t *items, struct reply *reply)
{
	const char *format = request_query(request, "format");
	struct buf lines = {0};
	json_t *item;
	size_t i;

	if (format && strcmp(format, "json") == 0) {
		reply_json(reply, json_incref(items));
		return;
	}
	if (format && strcmp(format, "text") != 0) {
		reply_error(reply, 400, "unsupported format");
		return;
	}
	buf_add(&lines, "", 0);
	json_array_foreach(items, i, item) {
		buf_add(&lines, json_string_value(item), json_string_length(item));
		buf_add(&lines, "\n", 1);
	}
	reply_body(reply, 200, TYPE_APPLICATION_TEXT, lines.data);
}

static void list_disks(struct api *api, const struct request *request,
                       struct reply *reply)
{
	reply_list(request, api->disks, reply);
}

static void list_dirs(struct api *api, const struct request *request, struct reply *reply)
{
	json_auto_t *dirs = bindable_dirs(api);

	reply_list(request, dirs, reply);
}

/* The storage code checks the parameters, not the model, so all of these are 500. */
#define INIT_FAILED "Unable to initialize ephemeral storage: "
#define BIND_FAILED "Unable to bind ephemeral storage: "

static bool known_disks(const struct api *api, json_t *disks, struct reply *reply)
{
	json_t *disk;
	size_t i;

	json_array_foreach(disks, i, disk) {
		if (contains(api->disks, disk))
			continue;
		reply_error(reply, 500,
		            INIT_FAILED "Invalid Parameter 'disks', unknown "
		                        "disk \"%s\"",
		            json_string_value(disk));
		return false;
	}
	return true;
}

static void init(struct api *api, const struct request *request, struct reply *reply)
{
	json_t *disks = json_object_get(request->json, "disks");
	cleanup_text char *said = NULL;

	if (json_is_null(disks))
		disks = NULL;
	if (!known_disks(api, disks, reply))
		return;
	/* since core kit 11.0 a request may name other disks, so the list may be empty */
	if (disks && !json_array_size(disks) && api->kit >= 1100) {
		reply_empty(reply, 204);
		return;
	}
	if (disks && !json_array_size(disks)) {
		reply_error(reply, 500,
		            INIT_FAILED "Invalid Parameter 'disks', no local "
		                        "ephemeral disks specified");
		return;
	}
	if (!disks)
		disks = api->disks;
	if (json_array_size(disks) > 1)
		api->array = true;
	said = api_do_storage(api, "init", "", disks);
	if (said) {
		reply_error(reply, 500, INIT_FAILED "%s", said);
		return;
	}
	api->init_done = true;
	reply_empty(reply, 204);
}

/* Since core kit 5.4 anything below /mnt is allowed too, but list-dirs omits it. */
static bool below_mnt(const struct api *api, json_t *target)
{
	const char *path = json_string_value(target);

	return api->kit >= 504 && begins(path, "/mnt/") && !strstr(path, "..") &&
	       !begins(path, MOUNT_POINT);
}

static bool known_targets(const struct api *api, json_t *targets, struct reply *reply)
{
	json_auto_t *dirs = bindable_dirs(api);
	json_t *target;
	size_t i;

	json_array_foreach(targets, i, target) {
		if (contains(dirs, target) || below_mnt(api, target))
			continue;
		reply_error(reply, 500,
		            BIND_FAILED "Invalid Parameter '%s', specified bind "
		                        "directory not in allow list",
		            json_string_value(target));
		return false;
	}
	return true;
}

static const char *device_of(const struct api *api)
{
	if (json_array_size(api->disks) > 1)
		return ARRAY_DEVICE;
	return json_string_value(json_array_get(api->disks, 0));
}

/*
 * Before core kit 10.8 a second mount fails. Without a previous init there is no array to
 * mount, in any version.
 */
static bool mount_device(struct api *api, struct reply *reply)
{
	const char *device = device_of(api);

	/* with a command, it is the command that mounts and that may fail */
	if (api->mounted && api->kit < 1008 && !api->on_storage)
		reply_error(reply, 500,
		            BIND_FAILED "Failed to mount %s to " MOUNT_POINT
		                        ": mount: " MOUNT_POINT
		                        ": %s already mounted on " MOUNT_POINT ".\n",
		            device, device);
	else if (json_array_size(api->disks) > 1 && !api->array)
		reply_error(reply, 500,
		            BIND_FAILED "Failed to mount %s to " MOUNT_POINT
		                        ": mount: " MOUNT_POINT
		                        ": special device %s does not exist.\n",
		            device, device);
	else
		api->mounted = true;
	return !reply->status;
}

static bool carry_out(struct api *api, json_t *targets, struct reply *reply)
{
	cleanup_text char *said = api_do_storage(api, "bind", device_of(api), targets);

	if (said)
		reply_error(reply, 500, BIND_FAILED "%s", said);
	return !said;
}

static void bind_dirs(struct api *api, const struct request *request, struct reply *reply)
{
	json_t *targets = json_object_get(request->json, "targets");
	json_auto_t *all = bindable_dirs(api);
	/* Without a disk the request is ignored, so that one boot script fits all nodes.
	 */
	bool nothing = !json_array_size(api->disks);

	nothing |= api->kit >= 1100 && !api->init_done;
	if (!nothing && api->kit >= 1003 && !json_array_size(targets))
		targets = all;
	if (nothing || (known_targets(api, targets, reply) && mount_device(api, reply) &&
	                carry_out(api, targets, reply)))
		reply_empty(reply, 204);
}

const struct route ephemeral_routes[] = {
	{"GET", "/actions/ephemeral-storage/list-disks", list_disks, NULL},
	{"GET", "/actions/ephemeral-storage/list-dirs", list_dirs, NULL},
	{"POST", "/actions/ephemeral-storage/init", init, &ephemeral_init_model},
	{"POST", "/actions/ephemeral-storage/bind", bind_dirs, &ephemeral_bind_model},
	{0},
};
