/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The settings of an aws-k8s variant of OS 1.26. */
#include "model_macros.h"
#include "valid.h"

#define BAD_MODE "Invalid bootstrap mode '"

static const struct check mode_checks[] = {
	{"^(off|once|always)$", false, BAD_MODE, "'"},
};
static const struct check version_checks[] = {
	{"^(latest|v?(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]"
         "+)?)$",
         false, "Invalid version string '", "'"},
};

static const struct text mode_text = CHECKED("BootstrapMode", mode_checks);
static const struct text version_text = CHECKED("FriendlyVersion", version_checks);
static const struct text pem_text = TESTED("PemCertificateString", valid_certificates);

static const struct model u32 = INTEGER("u32", 0, UINT_MAX);
static const struct model string = STRING(NULL);
static const struct model strings = LIST(&string);
static const struct model urls = LIST(&model_url);
static const struct model addresses = LIST(&model_ip);
static const struct model hostnames = LIST(&model_hostname);
static const struct model mode = STRING(&mode_text);

static const struct member host_container_members[] = {
	MEMBER("source", &model_url),
	MEMBER("enabled", &model_boolean),
	MEMBER("superpowered", &model_boolean),
	MEMBER("user-data", &model_base64),
};
static const struct model host_container =
	STRUCT("HostContainer", host_container_members);
static const struct model host_containers = MAP(&text_identifier, &host_container);

static const struct member bootstrap_container_members[] = {
	MEMBER("source", &model_url),
	MEMBER("mode", &mode),
	MEMBER("user-data", &model_base64),
	MEMBER("essential", &model_boolean),
};
static const struct model bootstrap_container =
	STRUCT("BootstrapContainer", bootstrap_container_members);
static const struct model bootstrap_containers =
	MAP(&text_identifier, &bootstrap_container);

static const struct model command = PLAIN(SHAPE_COMMAND);
static const struct model commands = LIST(&command);
static const struct member bootstrap_command_members[] = {
	MEMBER("commands", &commands),
	MEMBER("mode", &mode),
	MEMBER("essential", &model_boolean),
};
static const struct model bootstrap_command =
	STRUCT("BootstrapCommand", bootstrap_command_members);
static const struct model bootstrap_commands = MAP(&text_identifier, &bootstrap_command);

static const struct member ntp_members[] = {
	MEMBER("time-servers", &urls),
	MEMBER("options", &strings),
};
static const struct model ntp = STRUCT("NtpSettingsV1", ntp_members);

static const struct member hosts_members[] = {
	{.model = &model_ip},
	{.model = &hostnames},
};
static const struct model hosts_entry = {.shape = SHAPE_TUPLE,
                                         MEMBERS(NULL, hosts_members)};
static const struct model hosts = LIST(&hosts_entry);
static const struct member network_members[] = {
	MEMBER("hostname", &model_hostname),
	MEMBER("hosts", &hosts),
	MEMBER("https-proxy", &model_url),
	MEMBER("no-proxy", &model_lines),
};
static const struct model network = STRUCT("NetworkSettingsV1", network_members);

static const struct member runtime_members[] = {
	MEMBER("max-container-log-line-size", &model_i32),
	MEMBER("max-concurrent-downloads", &model_i32),
	MEMBER("enable-unprivileged-ports", &model_boolean),
	MEMBER("enable-unprivileged-icmp", &model_boolean),
};
static const struct model runtime = STRUCT("ContainerRuntimeSettingsV1", runtime_members);

static const struct model version = STRING(&version_text);
static const struct member updates_members[] = {
	MEMBER("metadata-base-url", &model_url),
	MEMBER("targets-base-url", &model_url),
	MEMBER("seed", &u32),
	MEMBER("version-lock", &version),
	MEMBER("ignore-waves", &model_boolean),
};
static const struct model updates = STRUCT("UpdatesSettingsV1", updates_members);

static const struct member aws_members[] = {
	MEMBER("region", &model_line),
	MEMBER("config", &model_base64),
	MEMBER("credentials", &model_base64),
	MEMBER("profile", &model_line),
};
static const struct model aws = STRUCT("AwsSettingsV1", aws_members);

static const struct member metrics_members[] = {
	MEMBER("metrics-url", &model_url),
	MEMBER("send-metrics", &model_boolean),
	MEMBER("service-checks", &strings),
};
static const struct model metrics = STRUCT("MetricsSettingsV1", metrics_members);

static const struct model pem = STRING(&pem_text);
static const struct member certificate_members[] = {
	MEMBER("data", &pem),
	MEMBER("trusted", &model_boolean),
};
static const struct model certificate = STRUCT("PemCertificate", certificate_members);
static const struct model pki = MAP(&text_identifier, &certificate);

static const struct member mirror_members[] = {
	MEMBER("registry", &model_line),
	MEMBER("endpoint", &urls),
};
static const struct model mirror = STRUCT("RegistryMirrorV1", mirror_members);
static const struct model mirrors = {.shape = SHAPE_MIRRORS, .of = &mirror};
static const struct member credential_members[] = {
	MEMBER("registry", &model_line),      MEMBER("username", &model_line),
	MEMBER("password", &model_line),      MEMBER("auth", &model_base64),
	MEMBER("identitytoken", &model_line),
};
static const struct model credential = STRUCT("RegistryCredentialV1", credential_members);
static const struct model credentials = LIST(&credential);
static const struct member registry_members[] = {
	STRICT("mirrors", &mirrors),
	{.name = "credentials", .alias = "creds", .model = &credentials},
};
static const struct model registry = STRUCT("RegistrySettingsV1", registry_members);

static const struct member hooks_members[] = {
	MEMBER("log4j-hotpatch-enabled", &model_boolean),
};
static const struct model hooks = STRUCT("OciHooksSettingsV1", hooks_members);

static const struct member cloudformation_members[] = {
	MEMBER("should-signal", &model_boolean),
	MEMBER("stack-name", &model_line),
	MEMBER("logical-resource-id", &model_line),
};
static const struct model cloudformation =
	STRUCT("CloudFormationSettingsV1", cloudformation_members);

static const struct member dns_members[] = {
	MEMBER("name-servers", &addresses),
	MEMBER("search-list", &hostnames),
};
static const struct model dns = STRUCT("DnsSettingsV1", dns_members);

static const struct member autoscaling_members[] = {
	MEMBER("should-wait", &model_boolean),
};
static const struct model autoscaling =
	STRUCT("AutoScalingSettingsV1", autoscaling_members);

static const struct member settings_members[] = {
	MEMBER("motd", &string),
	MEMBER("kubernetes", &kubernetes_model),
	MEMBER("updates", &updates),
	MEMBER("host-containers", &host_containers),
	MEMBER("bootstrap-commands", &bootstrap_commands),
	MEMBER("bootstrap-containers", &bootstrap_containers),
	MEMBER("ntp", &ntp),
	MEMBER("network", &network),
	MEMBER("kernel", &kernel_model),
	MEMBER("boot", &boot_model),
	MEMBER("aws", &aws),
	MEMBER("metrics", &metrics),
	MEMBER("pki", &pki),
	MEMBER("container-registry", &registry),
	MEMBER("oci-defaults", &oci_defaults_model),
	MEMBER("oci-hooks", &hooks),
	MEMBER("cloudformation", &cloudformation),
	MEMBER("dns", &dns),
	MEMBER("container-runtime", &runtime),
	MEMBER("autoscaling", &autoscaling),
};
const struct model settings_model = {
	.shape = SHAPE_STRUCT,
	.via_value = true,
	MEMBERS("AwsK8sSettings", settings_members),
};
