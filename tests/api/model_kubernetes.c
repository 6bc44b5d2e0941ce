/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "model_macros.h"
#include "valid.h"

/* clang-format off */
#define ALNUM_RUN "[[:alnum:]](([[:alnum:]._-]{0,61})?[[:alnum:]])?"
#define ONE_OF(t, p, m) static const struct check t##_checks[] = { {p, false, m "'", "'"} }
/* clang-format on */

static const struct check label_key_checks[] = {
	{"^([[:alnum:].-]{1,253}/)?" ALNUM_RUN "$", false,
         "Kubernetes label key given invalid input: ", ""},
};
static const struct check label_value_checks[] = {
	{"^(" ALNUM_RUN ")?$", false, "Kubernetes label value given invalid input: ", ""},
};
static const struct check taint_checks[] = {
	{"^(" ALNUM_RUN ")?:[[:alnum:]]{1,253}$", false,
         "Kubernetes taint value given invalid input: ", ""},
};
static const struct check cluster_name_checks[] = {
	{"^.+", false, "Given invalid cluster name '", "': must not be empty"},
	{"^" ALNUM_RUN "$", false, "Given invalid cluster name '",
         "': cluster names must be valid Kubernetes label values"},
};
#define TOKEN_PATTERN "^[a-z0-9]{6}\\.[a-z0-9]{16}$"
static const struct check token_checks[] = {
	{TOKEN_PATTERN, false,
         "Kubernetes bootstrap token must match '" TOKEN_PATTERN "', given: ", ""},
};
static const struct check quantity_checks[] = {
	{QUANTITY_PATTERN, false, QUANTITY_BEFORE, ""},
};
static const struct check duration_checks[] = {
	{"^.+", false, "Invalid Kubernetes duration value '", "'"},
	{"^(([0-9]+\\.)?[0-9]+h)?(([0-9]+\\.)?[0-9]+m)?(([0-9]+\\.)?[0-9]+s)?(([0-9]+\\.)?[0-"
         "9]+ms)?$",
         false, "Invalid Kubernetes duration value '", "'"},
};
ONE_OF(authentication, "^(aws|tls)$", "Invalid Kubernetes authentication mode ");
ONE_OF(provider, "^(aws|external|\"\"|)$", "Invalid Kubernetes cloud provider ");
ONE_OF(cpu_policy, "^([Ss]tatic|[Nn]one)$", "Invalid Cpu Manager policy ");
ONE_OF(scope, "^(container|pod)$", "Invalid topology manager scope ");
ONE_OF(topology, "^(none|restricted|best-effort|single-numa-node)$",
       "Invalid topology manager policy ");
ONE_OF(cpus, "^([0-9]+(-[0-9]+)?,?)*([0-9]+(-[0-9]+)?)+$",
       "Invalid Kernel CpuSet value ");

static const char *const eviction_words[] = {
	"memory.available",  "nodefs.available",   "nodefs.inodesFree",
	"imagefs.available", "imagefs.inodesFree", "pid.available",
};
static const char *const resource_words[] = {"cpu", "memory", "ephemeral-storage"};
static const char *const option_words[] = {"full-pcpus-only"};
static const char *const memory_words[] = {"memory", "hugepages-2Mi", "hugepages-1Gi"};
static const char *const memory_policy_words[] = {"Static", "static", "None", "none"};
static const char *const memory_policy_stored[] = {"Static", "Static", "None", "None"};
static const char *const name_words[] = {"private-dns-name", "instance-id"};

static const struct text label_key = CHECKED("KubernetesLabelKey", label_key_checks);
static const struct text label_text = CHECKED("KubernetesLabelValue", label_value_checks);
static const struct text taint_text = CHECKED("KubernetesTaintValue", taint_checks);
static const struct text cluster_text =
	CHECKED("KubernetesClusterName", cluster_name_checks);
static const struct text token_text = CHECKED("KubernetesBootstrapToken", token_checks);
static const struct text quantity_text =
	CHECKED("KubernetesQuantityValue", quantity_checks);
static const struct text duration_text =
	CHECKED("KubernetesDurationValue", duration_checks);
static const struct text authentication_text =
	CHECKED("KubernetesAuthenticationMode", authentication_checks);
/* An empty provider is stored as two quotes, for the command line of kubelet. */
static const struct text provider_text = {
	.type = "KubernetesCloudProvider",
	.checks = provider_checks,
	.n_checks = ARRAY_SIZE(provider_checks),
	.empty = "\"\"",
};
static const struct text cpu_policy_text = CHECKED("CpuManagerPolicy", cpu_policy_checks);
static const struct text scope_text = CHECKED("TopologyManagerScope", scope_checks);
static const struct text topology_text =
	CHECKED("TopologyManagerPolicy", topology_checks);
static const struct text cpus_text = CHECKED("KernelCpuSetValue", cpus_checks);
static const struct text threshold_text =
	TESTED("KubernetesThresholdValue", valid_threshold);
static const struct text domain_text = TESTED("DNSDomain", valid_domain);
static const struct text eviction_key = WORD_OF("KubernetesEvictionKey", eviction_words);
static const struct text option_text =
	WORD_OF("KubernetesCPUManagerPolicyOption", option_words);
static const struct text memory_key =
	WORD_OF("KubernetesMemoryReservationKey", memory_words);
static const struct text name_text =
	WORD_OF("KubernetesHostnameOverrideSource", name_words);
static const struct text resource_key = {
	.type = "KubernetesReservedResourceKey",
	.words = resource_words,
	.n_words = ARRAY_SIZE(resource_words),
	.lead = "Invalid input for field Reserved sources key: ",
};
static const struct text memory_policy_text = {
	.type = "KubernetesMemoryManagerPolicy",
	.words = memory_policy_words,
	.n_words = ARRAY_SIZE(memory_policy_words),
	.stored = memory_policy_stored,
};

static const struct model label = STRING(&label_text);
static const struct model labels = MAP(&label_key, &label);
static const struct model taint = STRING(&taint_text);
static const struct model taints = {
	.shape = SHAPE_TAINTS, .text = &label_key, .of = &taint};
static const struct model cluster = STRING(&cluster_text);
static const struct model token = STRING(&token_text);
static const struct model quantity = STRING(&quantity_text);
static const struct model duration = STRING(&duration_text);
static const struct model authentication = STRING(&authentication_text);
static const struct model provider = STRING(&provider_text);
static const struct model cpu_policy = STRING(&cpu_policy_text);
static const struct model scope = STRING(&scope_text);
static const struct model topology = STRING(&topology_text);
static const struct model cpus = STRING(&cpus_text);
static const struct model threshold = STRING(&threshold_text);
static const struct model domain = STRING(&domain_text);
static const struct model thresholds = MAP(&eviction_key, &threshold);
static const struct model durations = MAP(&eviction_key, &duration);
static const struct model resources = MAP(&resource_key, &quantity);
static const struct model option = ENUM(&option_text);
static const struct model options = LIST(&option);
static const struct model memory_policy = ENUM(&memory_policy_text);
static const struct model name_source = ENUM(&name_text);
static const struct model percent = PLAIN(SHAPE_PERCENT);
static const struct model dns_ip = {.shape = SHAPE_IPS, .type = "KubernetesClusterDnsIp"};
static const struct model u8 = INTEGER("u8", 0, UCHAR_MAX);
static const struct model u32 = INTEGER("u32", 0, UINT_MAX);
static const struct model i64 = INTEGER("i64", LLONG_MIN, LLONG_MAX);
static const struct model natural = {
	.shape = SHAPE_INTEGER,
	.type = "i32",
	.min = INT_MIN,
	.max = INT_MAX,
	.natural = true,
};

static const struct member pod_members[] = {
	MEMBER("enabled", &model_boolean),
	MEMBER("manifest", &model_base64),
};
static const struct model pod = STRUCT("StaticPod", pod_members);
static const struct model pods = MAP(&text_identifier, &pod);

static const struct model environment = MAP(&text_line, &model_line);
static const struct member credential_members[] = {
	NEEDED("image-patterns", &model_lines), /* the first that is reported missing */
	NEEDED("enabled", &model_boolean),
	MEMBER("cache-duration", &duration),
	MEMBER("environment", &environment),
};
static const struct model credential =
	OPEN_STRUCT("CredentialProvider", credential_members);
static const struct model credentials = MAP(&text_identifier, &credential);

static const struct model reservation = {
	.shape = SHAPE_RESERVATION, .text = &memory_key, .of = &quantity};
static const struct model reservations = MAP(&text_identifier, &reservation);

static const struct member members[] = {
	MEMBER("cluster-name", &cluster),
	MEMBER("cluster-certificate", &model_base64),
	MEMBER("api-server", &model_url),
	MEMBER("node-labels", &labels),
	STRICT("node-taints", &taints),
	MEMBER("static-pods", &pods),
	MEMBER("authentication-mode", &authentication),
	MEMBER("bootstrap-token", &token),
	MEMBER("standalone-mode", &model_boolean),
	MEMBER("eviction-hard", &thresholds),
	MEMBER("eviction-soft", &thresholds),
	MEMBER("eviction-soft-grace-period", &durations),
	MEMBER("eviction-max-pod-grace-period", &natural),
	MEMBER("kube-reserved", &resources),
	MEMBER("system-reserved", &resources),
	MEMBER("allowed-unsafe-sysctls", &model_lines),
	MEMBER("server-tls-bootstrap", &model_boolean),
	MEMBER("cloud-provider", &provider),
	MEMBER("registry-qps", &model_i32),
	MEMBER("registry-burst", &model_i32),
	MEMBER("event-qps", &model_i32),
	MEMBER("event-burst", &model_i32),
	MEMBER("kube-api-qps", &model_i32),
	MEMBER("kube-api-burst", &model_i32),
	MEMBER("container-log-max-size", &quantity),
	MEMBER("container-log-max-files", &model_i32),
	MEMBER("cpu-cfs-quota-enforced", &model_boolean),
	MEMBER("cpu-manager-policy", &cpu_policy),
	MEMBER("cpu-manager-reconcile-period", &duration),
	MEMBER("cpu-manager-policy-options", &options),
	MEMBER("topology-manager-scope", &scope),
	MEMBER("topology-manager-policy", &topology),
	MEMBER("pod-pids-limit", &i64),
	MEMBER("image-gc-high-threshold-percent", &percent),
	MEMBER("image-gc-low-threshold-percent", &percent),
	MEMBER("provider-id", &model_url),
	MEMBER("log-level", &u8),
	MEMBER("credential-providers", &credentials),
	MEMBER("server-certificate", &model_base64),
	MEMBER("server-key", &model_base64),
	MEMBER("shutdown-grace-period", &duration),
	MEMBER("shutdown-grace-period-for-critical-pods", &duration),
	MEMBER("memory-manager-reserved-memory", &reservations),
	MEMBER("memory-manager-policy", &memory_policy),
	MEMBER("reserved-cpus", &cpus),
	MEMBER("max-pods", &u32),
	MEMBER("cluster-dns-ip", &dns_ip),
	MEMBER("cluster-domain", &domain),
	MEMBER("node-ip", &model_ip),
	MEMBER("pod-infra-container-image", &model_line),
	MEMBER("hostname-override", &model_hostname),
	MEMBER("hostname-override-source", &name_source),
	MEMBER("seccomp-default", &model_boolean),
};
const struct model kubernetes_model = STRUCT("KubernetesSettingsV1", members);
