/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Settings of the kernel, of the boot and of containers: what a tuning tool may set. */
#include "model_macros.h"

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
static const struct text sysctl_key = CHECKED("SysctlKey", sysctl_checks);
static const struct text module_key = CHECKED("KmodKey", module_checks);
static const struct text lockdown_text = CHECKED("Lockdown", lockdown_checks);
static const struct text boot_key = CHECKED("BootConfigKey", boot_key_checks);
static const struct text boot_value_text = CHECKED("BootConfigValue", boot_value_checks);
static const struct text capability = WORD_OF("OciDefaultsCapability", capability_words);
static const struct text limit_key = WORD_OF("OciDefaultsResourceLimitType", limit_words);

static const struct model string = STRING(NULL);
static const struct model lockdown = STRING(&lockdown_text);
static const struct model sysctl = MAP(&sysctl_key, &string);
static const struct model limit = {.shape = SHAPE_LIMIT, .type = "StringOrInt64"};

static const struct member module_members[] = {
	MEMBER("allowed", &model_boolean),
	MEMBER("autoload", &model_boolean),
};
static const struct model module = STRUCT("KmodSetting", module_members);
static const struct model modules = MAP(&module_key, &module);

static const struct member kernel_members[] = {
	MEMBER("lockdown", &lockdown),
	MEMBER("modules", &modules),
	MEMBER("sysctl", &sysctl),
};
const struct model kernel_model = STRUCT("KernelSettingsV1", kernel_members);

static const struct model boot_value = STRING(&boot_value_text);
static const struct model boot_values = LIST(&boot_value);
static const struct model boot_map = MAP(&boot_key, &boot_values);
/* Both spellings go in; only the short one ever comes out. */
static const struct member boot_members[] = {
	MEMBER("reboot-to-reconcile", &model_boolean),
	{.name = "kernel-parameters",
         .alias = "kernel",
         .stored = "kernel",
         .model = &boot_map},
	{.name = "init-parameters",
         .alias = "init",
         .stored = "init",
         .model = &boot_map},
};
const struct model boot_model = STRUCT("BootSettingsV1", boot_members);

static const struct member limit_members[] = {
	NEEDED("hard-limit", &limit),
	NEEDED("soft-limit", &limit),
};
static const struct model limit_pair =
	STRUCT("OciDefaultsResourceLimitV1", limit_members);
static const struct model limits = MAP(&limit_key, &limit_pair);
static const struct model capabilities = MAP(&capability, &model_boolean);
static const struct member oci_members[] = {
	MEMBER("capabilities", &capabilities),
	MEMBER("resource-limits", &limits),
};
const struct model oci_defaults_model = STRUCT("OciDefaultsV1", oci_members);
