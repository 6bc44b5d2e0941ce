/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The settings of an aws-k8s variant of OS 1.26, and the other bodies the API takes.
 * Only what a tuning tool may write is modelled to the leaf. */
#include "model.h"
#include "util.h"

/* clang-format off */
#define CHECKED(t, a) { .type = (t), .checks = (a), .n_checks = ARRAY_SIZE(a) }
#define WORD_OF(t, a) { .type = (t), .words = (a), .n_words = ARRAY_SIZE(a) }
#define PLAIN(s) { .shape = (s) }
#define STRING(t) { .shape = SHAPE_STRING, .text = (t) }
#define LIST(m) { .shape = SHAPE_LIST, .of = (m) }
#define MAP(t, m) { .shape = SHAPE_MAP, .text = (t), .of = (m) }
#define MEMBERS(t, a) .type = (t), .members = (a), .n_members = ARRAY_SIZE(a)
#define STRUCT(t, a) { .shape = SHAPE_STRUCT, MEMBERS(t, a) }
#define OPEN_STRUCT(t, a) { .shape = SHAPE_STRUCT, .open = true, MEMBERS(t, a) }
#define MEMBER(n, m) { .name = (n), .model = (m) }
#define NEEDED(n, m) { .name = (n), .model = (m), .required = true }
#define RENAMED(n, s, m) { .name = (n), .stored = (s), .model = (m) }
/* clang-format on */

#define SYSCTL_PATTERN "^[a-zA-Z0-9./_-]{1,128}$"
#define BAD_SYSCTL     "Invalid sysctl key '"
#define BAD_MODULE                                                                  \
	"Kernel module keys may only contain ASCII alphanumerics plus hyphens and " \
	"underscores, received '"
#define BAD_LOCKDOWN "Invalid Linux lockdown mode '"
#define BAD_KEY                                                                          \
	"Kernel boot config keywords may only contain ASCII alphanumerics plus hyphens " \
	"and underscores, received '"
#define BAD_VALUE                                                                 \
	"Kernel boot config values may only contain ASCII printable characters, " \
	"received '"
#define BAD_MODE "Invalid bootstrap container mode '"
#define BAD_IDENTIFIER \
	"Identifiers may only contain ASCII alphanumerics plus hyphens, received '"

static const struct check sysctl_checks[] = {
	{"\\.\\.", true, BAD_SYSCTL, "': must not contain '..'"},
	{"^[./]", true, BAD_SYSCTL, "': must not start with '.' or '/'"},
	{SYSCTL_PATTERN, false, BAD_SYSCTL, "': must match pattern " SYSCTL_PATTERN},
};
static const struct check module_checks[] = {
	{"^[a-zA-Z0-9_-]{0,56}$", false, BAD_MODULE, "'"},
};
static const struct check lockdown_checks[] = {
	{"^(none|integrity|confidentiality)$", false, BAD_LOCKDOWN, "'"},
};
static const struct check boot_key_checks[] = {
	{"^[a-zA-Z0-9_-]+([.][a-zA-Z0-9_-]+)*$", false, BAD_KEY, "'"},
};
static const struct check boot_value_checks[] = {
	{"^[ -~]*$", false, BAD_VALUE, "'"},
	{"'.*\"|\".*'", true, BAD_VALUE, "'"},
};
static const struct check mode_checks[] = {
	{"^(off|once|always)$", false, BAD_MODE, "'"},
};
static const struct check identifier_checks[] = {
	{"^[a-zA-Z0-9-]+$", false, BAD_IDENTIFIER, "'"},
};

/* clang-format off */
static const char *const capability_words[] = {
	"audit-control", "audit-read", "audit-write", "block-suspend", "bpf",
	"checkpoint-restore", "chown", "dac-override", "dac-read-search", "fowner",
	"fsetid", "ipc-lock", "ipc-owner", "kill", "lease", "linux-immutable",
	"mac-admin", "mac-override", "mknod", "net-admin", "net-bind-service",
	"net-broadcast", "net-raw", "perfmon", "setgid", "setfcap", "setpcap", "setuid",
	"sys-admin", "sys-boot", "sys-chroot", "sys-module", "sys-nice", "sys-pacct",
	"sys-ptrace", "sys-rawio", "sys-resource", "sys-time", "sys-tty-config",
	"syslog", "wake-alarm",
};
static const char *const limit_words[] = {
	"max-address-space", "max-core-file-size", "max-cpu-time", "max-data-size",
	"max-file-locks", "max-file-size", "max-locked-memory", "max-msgqueue-size",
	"max-nice-priority", "max-open-files", "max-pending-signals", "max-processes",
	"max-realtime-priority", "max-realtime-timeout", "max-resident-set",
	"max-stack-size",
};
/* clang-format on */
static const char *const filesystem_words[] = {"Xfs", "Ext4"};

static const struct text sysctl_key = CHECKED("SysctlKey", sysctl_checks);
static const struct text module_key = CHECKED("KmodKey", module_checks);
static const struct text lockdown_text = CHECKED("Lockdown", lockdown_checks);
static const struct text boot_key = CHECKED("BootConfigKey", boot_key_checks);
static const struct text boot_value_text = CHECKED("BootConfigValue", boot_value_checks);
static const struct text mode_text = CHECKED("BootstrapMode", mode_checks);
static const struct text identifier = CHECKED("Identifier", identifier_checks);
static const struct text capability = WORD_OF("OciDefaultsCapability", capability_words);
static const struct text limit_key = WORD_OF("OciDefaultsResourceLimitType", limit_words);
static const struct text filesystem_text = WORD_OF("Filesystem", filesystem_words);

static const struct model any = PLAIN(SHAPE_ANY);
static const struct model string = STRING(NULL);
static const struct model boolean = PLAIN(SHAPE_BOOL);
static const struct model integer = PLAIN(SHAPE_INTEGER);
static const struct model limit = PLAIN(SHAPE_LIMIT);
static const struct model strings = LIST(&string);
static const struct model commands = LIST(&strings);
static const struct model mode = STRING(&mode_text);
static const struct model lockdown = STRING(&lockdown_text);
static const struct model sysctl = MAP(&sysctl_key, &string);

static const struct member module_members[] = {
	MEMBER("allowed", &boolean),
	MEMBER("autoload", &boolean),
};
static const struct model module = STRUCT("KmodSetting", module_members);
static const struct model modules = MAP(&module_key, &module);

static const struct member kernel_members[] = {
	MEMBER("lockdown", &lockdown),
	MEMBER("modules", &modules),
	MEMBER("sysctl", &sysctl),
};
static const struct model kernel = STRUCT("KernelSettingsV1", kernel_members);

static const struct model boot_value = STRING(&boot_value_text);
static const struct model boot_values = LIST(&boot_value);
static const struct model boot_map = MAP(&boot_key, &boot_values);
/* Both spellings go in; only the short one ever comes out. */
static const struct member boot_members[] = {
	MEMBER("reboot-to-reconcile", &boolean),
	RENAMED("kernel-parameters", "kernel", &boot_map),
	MEMBER("kernel", &boot_map),
	RENAMED("init-parameters", "init", &boot_map),
	MEMBER("init", &boot_map),
};
static const struct model boot = STRUCT("BootSettingsV1", boot_members);

static const struct member limit_members[] = {
	NEEDED("hard-limit", &limit),
	NEEDED("soft-limit", &limit),
};
static const struct model limit_pair =
	STRUCT("OciDefaultsResourceLimitV1", limit_members);
static const struct model limits = MAP(&limit_key, &limit_pair);
static const struct model capabilities = MAP(&capability, &boolean);
static const struct member oci_members[] = {
	MEMBER("capabilities", &capabilities),
	MEMBER("resource-limits", &limits),
};
static const struct model oci_defaults = STRUCT("OciDefaultsV1", oci_members);

static const struct member host_container_members[] = {
	MEMBER("source", &string),
	MEMBER("enabled", &boolean),
	MEMBER("superpowered", &boolean),
	MEMBER("user-data", &string),
};
static const struct model host_container =
	STRUCT("HostContainer", host_container_members);
static const struct model host_containers = MAP(&identifier, &host_container);

static const struct member bootstrap_container_members[] = {
	MEMBER("source", &string),
	MEMBER("mode", &mode),
	MEMBER("user-data", &string),
	MEMBER("essential", &boolean),
};
static const struct model bootstrap_container =
	STRUCT("BootstrapContainer", bootstrap_container_members);
static const struct model bootstrap_containers = MAP(&identifier, &bootstrap_container);

static const struct member bootstrap_command_members[] = {
	MEMBER("commands", &commands),
	MEMBER("mode", &mode),
	MEMBER("essential", &boolean),
};
static const struct model bootstrap_command =
	STRUCT("BootstrapCommand", bootstrap_command_members);
static const struct model bootstrap_commands = MAP(&identifier, &bootstrap_command);

static const struct member ntp_members[] = {
	MEMBER("time-servers", &strings),
	MEMBER("options", &strings),
};
static const struct model ntp = STRUCT("NtpSettingsV1", ntp_members);

static const struct member network_members[] = {
	MEMBER("hostname", &string),
	MEMBER("hosts", &any),
	MEMBER("https-proxy", &string),
	MEMBER("no-proxy", &strings),
};
static const struct model network = STRUCT("NetworkSettingsV1", network_members);

static const struct member runtime_members[] = {
	MEMBER("max-container-log-line-size", &integer),
	MEMBER("max-concurrent-downloads", &integer),
	MEMBER("enable-unprivileged-ports", &boolean),
	MEMBER("enable-unprivileged-icmp", &boolean),
};
static const struct model runtime = STRUCT("ContainerRuntimeSettingsV1", runtime_members);

static const struct member settings_members[] = {
	MEMBER("motd", &string),
	MEMBER("kubernetes", &any),
	MEMBER("updates", &any),
	MEMBER("host-containers", &host_containers),
	MEMBER("bootstrap-commands", &bootstrap_commands),
	MEMBER("bootstrap-containers", &bootstrap_containers),
	MEMBER("ntp", &ntp),
	MEMBER("network", &network),
	MEMBER("kernel", &kernel),
	MEMBER("boot", &boot),
	MEMBER("aws", &any),
	MEMBER("metrics", &any),
	MEMBER("pki", &any),
	MEMBER("container-registry", &any),
	MEMBER("oci-defaults", &oci_defaults),
	MEMBER("oci-hooks", &any),
	MEMBER("cloudformation", &any),
	MEMBER("dns", &any),
	MEMBER("container-runtime", &runtime),
	MEMBER("autoscaling", &any),
};
const struct model settings_model = STRUCT("settings", settings_members);

static const struct member keypair_members[] = {
	NEEDED("request_payload", &strings),
};
const struct model keypair_model = OPEN_STRUCT("SetKeyPairSettings", keypair_members);

static const struct model filesystem = STRING(&filesystem_text);
static const struct member init_members[] = {
	MEMBER("filesystem", &filesystem),
	MEMBER("disks", &strings),
};
const struct model ephemeral_init_model = OPEN_STRUCT("Init", init_members);

static const struct member bind_members[] = {
	NEEDED("targets", &strings),
};
const struct model ephemeral_bind_model = OPEN_STRUCT("Bind", bind_members);
