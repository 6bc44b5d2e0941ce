/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Metadata of settings. */
#include "api.h"
#include "key.h"
#include "request.h"
#include "store.h"

/* A key without its own metadata inherits those of its nearest parent. */
static const struct {
	const char *key;
	const char *services[6];
} affected[] = {
	{"settings.motd", {"motd"}},
	{"settings.container-runtime", {"containerd"}},
	{"settings.updates", {"updog", "thar-be-updates"}},
	{"settings.host-containers", {"host-containers"}},
	{"settings.network",
         {"containerd", "kubernetes", "host-containerd", "host-containers", "updog"}},
	{"settings.network.hostname", {"hostname", "hosts"}},
	{"settings.network.hosts", {"hosts"}},
	{"settings.ntp", {"ntp"}},
	{"settings.kernel.sysctl", {"sysctl"}},
	{"settings.kernel.modules", {"kernel-modules"}},
	{"settings.kernel.lockdown", {"lockdown"}},
	{"settings.bootstrap-commands", {"bootstrap-commands"}},
	{"settings.bootstrap-containers", {"bootstrap-containers"}},
	{"settings.dns", {"dns"}},
	{"settings.boot", {"bootconfig"}},
	{"settings.oci-defaults", {"oci-defaults", "containerd"}},
	{"settings.kubernetes", {"kubernetes"}},
	{"settings.kubernetes.static-pods", {"static-pods"}},
	{"settings.aws", {"aws"}},
	{"settings.aws.profile", {"kubernetes"}},
	{"settings.oci-hooks", {"oci-hooks"}},
	{"settings.cloudformation", {"cfsignal"}},
	{"settings.autoscaling", {"autoscaling-warm-pool"}},
	{"settings.container-registry",
         {"containerd", "host-containers", "bootstrap-containers"}},
	{"settings.pki", {"pki", "containerd"}},
};

static bool is_below(const char *key, const char *parent)
{
	size_t len = strlen(parent);

	return begins(key, parent) && (key[len] == '.' || key[len] == '\0');
}

/* NULL if no service is affected. */
static json_t *services_of(const char *key)
{
	const char *const *services = NULL;
	size_t longest = 0;
	json_t *names;

	for (size_t i = 0; i < ARRAY_SIZE(affected); i++) {
		size_t len = strlen(affected[i].key);

		if (len <= longest || !is_below(key, affected[i].key))
			continue;
		longest = len;
		services = affected[i].services;
	}
	if (!services)
		return NULL;
	for (names = json_array(); *services; services++)
		json_array_append_new(names, json_string(*services));
	return names;
}

static json_t *no_template(const char *key)
{
	(void)key;
	return NULL;
}

static void get_metadata(const struct request *request, struct reply *reply,
                         json_t *(*look_up)(const char *key))
{
	const char *keys = request_query(request, "keys");
	cleanup_text char *copy = text_copy(keys ? keys : "");
	json_auto_t *found = json_object();
	char *rest = copy;
	char *key;

	if (!keys)
		reply_error(reply, 400, "Missing required input 'keys'");
	if (!keys || api_empty_input("keys", keys, reply))
		return;
	while ((key = strsep(&rest, ","))) {
		cleanup_text char *why = NULL;
		json_auto_t *segments = key_split(key, &why);
		json_t *value = look_up(key);

		if (value)
			json_object_set_new(found, key, value);
		if (segments)
			continue;
		reply_error(reply, 400, "Unable to make data key '%s': %s", key, why);
		return;
	}
	reply_json(reply, json_incref(found));
}

static void get_affected_services(struct api *api, const struct request *request,
                                  struct reply *reply)
{
	(void)api;
	get_metadata(request, reply, services_of);
}

static void get_templates(struct api *api, const struct request *request,
                          struct reply *reply)
{
	(void)api;
	get_metadata(request, reply, no_template);
}

#define RENDER_ECR \
	"schnauzer-v2 render --requires 'aws@v1(helpers=[ecr-prefix])' --template '"
#define RENDER_TUF \
	"schnauzer-v2 render --requires 'aws@v1' --requires 'updates@v1(helpers=["
#define TUF_PREFIX "{{ tuf-prefix settings.aws.region }}"

static const struct {
	const char *key;
	const char *command;
} generators[] = {
	{"settings.updates.seed", "bork seed"},
	{"settings.updates.metadata-base-url",
         RENDER_TUF "metadata-prefix, tuf-prefix])' --template '" TUF_PREFIX
                    "{{ metadata-prefix settings.aws.region }}/2020-07-07/"
                    "{{ os.variant_id }}/{{ os.arch }}/'"},
	{"settings.updates.targets-base-url",
         RENDER_TUF "tuf-prefix])' --template '" TUF_PREFIX "/targets/'"},
	{"settings.host-containers.admin.source",
         RENDER_ECR "{{ ecr-prefix settings.aws.region }}/bottlerocket-admin:v0.11.13'"},
	{"settings.host-containers.admin.user-data", "shibaken generate-admin-userdata"},
	{"settings.host-containers.control.source",
         RENDER_ECR "{{ ecr-prefix settings.aws.region }}/bottlerocket-control:v0.7.17'"},
	{"settings.metrics.send-metrics",
         "shibaken is-partition --partition aws --partition aws-us-gov"},
	{"settings.network.hostname", "netdog generate-hostname"},
	{"settings.boot", "/usr/bin/prairiedog generate-boot-settings"},
};

/* Weak settings are missing here: only the second version of the route lists them. */
static void get_setting_generators(struct api *api, const struct request *request,
                                   struct reply *reply)
{
	json_t *all = json_object();

	(void)request;
	for (size_t i = 0; i < ARRAY_SIZE(generators); i++)
		if (!store_is_weak(api->store, generators[i].key))
			json_object_set_new(all, generators[i].key,
			                    json_string(generators[i].command));
	reply_json(reply, all);
}

const struct route metadata_routes[] = {
	{"GET", "/metadata/affected-services", get_affected_services, NULL},
	{"GET", "/metadata/setting-generators", get_setting_generators, NULL},
	{"GET", "/metadata/templates", get_templates, NULL},
	{0},
};
