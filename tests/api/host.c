/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Routes for information about the host, and for its actions. */
#include "api.h"
#include "request.h"
#include "store.h"

static json_t *filter_os(json_t *os, const char *prefix)
{
	json_t *picked = json_object();
	const char *name;
	json_t *value;

	json_object_foreach(os, name, value)
		if (begins(name, prefix))
			json_object_set(picked, name, value);
	return picked;
}

/* NULL if the prefix does not match the OS. */
static json_t *branch_os(const struct api *api, const char *prefix)
{
	if (begins("os.", prefix))
		return filter_os(api->os, "");
	return begins(prefix, "os.") ? filter_os(api->os, prefix + strlen("os.")) : NULL;
}

static void get_os(struct api *api, const struct request *request, struct reply *reply)
{
	const char *prefix = request_query(request, "prefix");
	cleanup_text char *full = NULL;

	if (prefix && api_empty_input("prefix", prefix, reply))
		return;
	if (!prefix)
		prefix = "os.";
	full = text_format("%s%s", begins(prefix, "os") ? "" : "os.", prefix);
	reply_sorted(reply, api_or_empty(branch_os(api, full)));
}

/* Only this route wraps the branches in their names. */
static void get_model(struct api *api, const struct request *request, struct reply *reply)
{
	static const char *const branches[] = {"settings", "services",
	                                       "configuration-files"};
	const char *prefix = request_query(request, "prefix");
	json_auto_t *model = json_object();
	json_t *os;

	if (prefix && api_empty_input("prefix", prefix, reply))
		return;
	os = branch_os(api, prefix ? prefix : "");
	if (os)
		json_object_set_new(model, "os", os);
	for (size_t i = 0; i < ARRAY_SIZE(branches); i++) {
		json_t *found =
			store_branch(api->store, branches[i], prefix ? prefix : "");

		if (!found)
			continue;
		json_object_set_new(model, branches[i], found);
		if (api_locked(api, "get_prefix", reply))
			return;
	}
	reply_sorted(reply, json_incref(model));
}

/* GET /services and GET /configuration-files: `names` must exist, a prefix need not
 * match. */
static void get_named(struct api *api, const struct request *request, const char *name,
                      struct reply *reply)
{
	cleanup_text char *names = NULL;
	json_auto_t *all = store_branch(api->store, name, name);
	json_auto_t *picked = json_object();
	char *rest;
	char *one;

	names = text_copy(request_query(request, "names"));
	rest = names;
	if (api_empty_input("names", names, reply))
		return;
	while ((one = strsep(&rest, ","))) {
		json_t *found = json_object_get(all, one);

		if (!found) {
			reply_error(reply, 404, "Found no '%s.%s' in datastore", name,
			            one);
			return;
		}
		json_object_set(picked, one, found);
	}
	reply_json(reply, json_incref(picked));
}

static void get_branch(struct api *api, const struct request *request, const char *name,
                       struct reply *reply)
{
	const char *prefix = request_query(request, "prefix");
	cleanup_text char *full = NULL;

	if (api_locked(api, "get_prefix", reply))
		return;
	if (request_query(request, "names")) {
		get_named(api, request, name, reply);
		return;
	}
	if (prefix && api_empty_input("prefix", prefix, reply))
		return;
	if (prefix && !begins(prefix, name))
		full = text_format("%s.%s", name, prefix);
	else
		full = text_copy(prefix ? prefix : name);
	reply_json(reply, api_or_empty(store_branch(api->store, name, full)));
}

static void get_services(struct api *api, const struct request *request,
                         struct reply *reply)
{
	get_branch(api, request, "services", reply);
}

static void get_configuration_files(struct api *api, const struct request *request,
                                    struct reply *reply)
{
	get_branch(api, request, "configuration-files", reply);
}

static void get_reports(struct api *api, const struct request *request,
                        struct reply *reply)
{
	(void)api;
	(void)request;
	reply_json(reply, json_pack("[{s:s,s:s}]", "name", "cis", "description",
	                            "CIS Bottlerocket Benchmark"));
}

static void get_report(struct api *api, const struct request *request,
                       struct reply *reply)
{
	(void)api;
	(void)request;
	reply_body(reply, 200, TYPE_APPLICATION_TEXT,
	           text_copy("Compliance check result: PASS\n"));
}

static void get_update_status(struct api *api, const struct request *request,
                              struct reply *reply)
{
	(void)api;
	(void)request;
	reply_error(reply, 404,
	            "Update status is uninitialized, refresh-updates to "
	            "initialize it");
}

static void do_nothing(struct api *api, const struct request *request,
                       struct reply *reply)
{
	(void)api;
	(void)request;
	reply_empty(reply, 204);
}

static void refuse_update(struct api *api, const struct request *request,
                          struct reply *reply)
{
	(void)api;
	(void)request;
	reply_error(reply, 409, "Update action not allowed according to update state");
}

static void refuse_plain_exec(struct api *api, const struct request *request,
                              struct reply *reply)
{
	(void)api;
	(void)request;
	reply_error(reply, 400, "WebSocket upgrade is expected");
}

const struct route host_routes[] = {
	{"GET", "/", get_model, NULL},
	{"GET", "/os", get_os, NULL},
	{"GET", "/services", get_services, NULL},
	{"GET", "/configuration-files", get_configuration_files, NULL},
	{"GET", "/report", get_reports, NULL},
	{"GET", "/report/cis", get_report, NULL},
	{"GET", "/report/fips", get_report, NULL},
	{"GET", "/updates/status", get_update_status, NULL},
	{"GET", "/exec", refuse_plain_exec, NULL},
	{"POST", "/actions/reboot", do_nothing, NULL},
	{"POST", "/actions/refresh-updates", do_nothing, NULL},
	{"POST", "/actions/prepare-update", refuse_update, NULL},
	{"POST", "/actions/activate-update", refuse_update, NULL},
	{"POST", "/actions/deactivate-update", refuse_update, NULL},
	{0},
};
