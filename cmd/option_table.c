/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "completion.h"
#include "host/host.h"
#include "journal/store.h"
#include "option.h"

#include <string.h>

#define HOST_COMMANDS \
	"apply revert confirm audit diagnose show capture collect watch baseline"
#define RUN_COMMANDS "apply audit watch"

const struct option_def option_defs[OPTIONS] = {
	[OPTION_ROOT] = {"root", 0, "DIR", HOST_COMMANDS " facts unpersist", true,
                         "the host's root (default: " HOST_BOOTSTRAP_ROOT " or /)",
                         VALUES_DIR},
	[OPTION_BUNDLE] = {"bundle", 0, "FILE", "audit diagnose show facts capture",
                           false,
                           "answer from a bundle of another node (hosttune collect)",
                           VALUES_FILE},
	[OPTION_API_SOCKET] = {"api-socket", 0, "PATH", HOST_COMMANDS, true,
                               "the Bottlerocket API (default: " HOST_API_SOCKET
                               "; with the --root of a captured tree: none)",
                               VALUES_FILE},
	[OPTION_NO_API] = {"no-api", 0, NULL, HOST_COMMANDS, true,
                           "do not use the Bottlerocket API", NULL},
	[OPTION_OUTPUT] =
		{"output", 'o', "FORMAT[=FILE]",
                 "apply revert unpersist audit diagnose validate show profiles capture facts import userdata explain report "
                 "baseline",
                 true,
                 "print this format, or write it to FILE; may be repeated, but only one "
                 "format goes to standard output (default: text)",
                 VALUES_FORMAT},
	[OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "apply revert unpersist watch", true,
                            "change nothing, only report", NULL},
	[OPTION_PROFILE_DIR] =
		{"profile-dir", 0, "DIR",
                 "apply audit validate show capture collect userdata watch baseline",
                 true, "look up profile names here first", VALUES_DIR},
	[OPTION_DEADLINE] =
		{"deadline", 0, "SECONDS",
                 "apply revert unpersist audit validate show diagnose capture collect watch baseline import userdata report",
                 true,
                 "limit for the whole run, or for each audit of a watch "
                 "(default: 300; 0: none)",
                 ""},
	[OPTION_LOCK_WAIT] = {"lock-wait", 0, "SECONDS", "apply revert confirm unpersist",
                              false,
                              "wait this long for another run to end (default: as "
                              "--deadline; 0: do not wait)",
                              ""},
	[OPTION_ALLOW_WIPE] = {"allow-wipe", 0, "SERIAL", RUN_COMMANDS, true,
                               "allow wiping this drive, if the profile lists it in "
                               "wipe:; may be repeated",
                               ""},
	[OPTION_TRY] = {"try", 0, "SECONDS", "apply", false,
                        "revert what apply changed unless \"hosttune confirm\" comes "
                        "within this time",
                        ""},
	[OPTION_STATE_DIR] = {"state-dir", 0, "DIR", "apply revert confirm watch", true,
                              "where journals are kept (default: the container's "
                              "persistent directory, or " JOURNAL_DIR ")",
                              VALUES_DIR},
	[OPTION_NO_JOURNAL] = {"no-journal", 0, NULL, "apply watch", false,
                               "write no journal: hosttune revert cannot undo the run",
                               NULL},
	[OPTION_LIST] = {"list", 0, NULL, "revert", false,
                         "print the journals, and change nothing", NULL},
	[OPTION_PRINT] = {"print", 0, NULL, "revert", false,
                          "print what revert does as shell commands, and change nothing",
                          NULL},
	[OPTION_ONLY] = {"only", 0, "KIND[:NAME]", "apply audit", false,
                         "only these resources, such as sysctl:vm.* or storage, and what "
                         "they depend on; may be repeated",
                         VALUES_KIND},
	[OPTION_SKIP] = {"skip", 0, "KIND[:NAME]", "apply audit", false,
                         "not these resources, nor what depends on them; may be repeated",
                         VALUES_KIND},
	[OPTION_FACTS] = {"facts", 0, "FILE", "validate show userdata", false,
                          "compute formulas and conditions for the node whose facts FILE "
                          "holds",
                          VALUES_FILE},
	[OPTION_KMSG] = {"kmsg", 0, "FILE", "diagnose", false,
                         "diagnose only this kernel log: of dmesg, or records of "
                         "/dev/kmsg",
                         VALUES_FILE},
	[OPTION_JOURNAL] = {"journal", 0, "FILE", "diagnose", false,
                            "diagnose only this kernel log: of journalctl -o export or "
                            "-o json",
                            VALUES_FILE},
	[OPTION_SECONDS] = {"seconds", 0, "SECONDS", "diagnose", false,
                            "watch counters for this long (default: 2; 0: since boot)",
                            ""},
	[OPTION_RULES] = {"rules", 0, "FILE", "diagnose watch", false,
                          "add the rules of FILE; may be repeated", VALUES_FILE},
	[OPTION_INTERVAL] = {"interval", 0, "SECONDS", "watch", false,
                             "look for NFS servers this often (default: 5)", ""},
	[OPTION_AUDIT_INTERVAL] = {"audit-interval", 0, "SECONDS", "watch", false,
                                   "audit and fix the rest of the profile this often "
                                   "(default: 300; 0: never)",
                                   ""},
	[OPTION_DIAGNOSE_INTERVAL] = {"diagnose-interval", 0, "SECONDS", "watch", false,
                                      "diagnose the node this often, without what takes "
                                      "long (default: 300; 0: never)",
                                      ""},
	[OPTION_METRICS_FILE] = {"metrics-file", 0, "FILE", "watch", false,
                                 "write metrics to FILE, for node_exporter's textfile "
                                 "collector",
                                 VALUES_FILE},
	[OPTION_NPD_FILE] = {"npd-file", 0, "FILE", "watch", false,
                             "write what each diagnosis found to FILE, for a plugin of "
                             "node-problem-detector",
                             VALUES_FILE},
	[OPTION_METRICS_LISTEN] = {"metrics-listen", 0, "ADDRESS:PORT", "watch", false,
                                   "serve metrics over HTTP, at /metrics, and health, at "
                                   "/healthz",
                                   ""},
	[OPTION_FROM] = {"from", 0, "FORMAT", "import", false,
                         "what FILE is: sysctl, tuned or bottlerocket (default: "
                         "recognised)",
                         "sysctl tuned bottlerocket"},
	[OPTION_FORMAT] =
		{"format", 0, "FORMAT", "userdata", false,
                 "toml (default), eksctl (ClusterConfig), karpenter "
                 "(EC2NodeClass), terraform (aws_launch_template), "
                 "cloudformation, ecs, cloud-init or ignition",
                 "toml eksctl karpenter terraform cloudformation ecs cloud-init "
                 "ignition"},
	[OPTION_SOURCE] = {"source", 0, "IMAGE", "userdata", false,
                           "the image that the node pulls; required without --native",
                           ""},
	[OPTION_NAME] = {"name", 0, "NAME", "userdata", false,
                         "name of the bootstrap container (default: hosttune)", ""},
	[OPTION_ESSENTIAL] = {"essential", 0, NULL, "userdata", false,
                              "keep the node out of its cluster if hosttune fails", NULL},
	[OPTION_AS_IS] = {"as-is", 0, NULL, "userdata", false,
                          "embed the one file unchanged, with its comments, or the "
                          "names of built-in profiles; the file may include only "
                          "built-in profiles",
                          NULL},
	[OPTION_NATIVE] = {"native", 0, NULL, "userdata", false,
                           "print only what plain settings can do, without a container",
                           NULL},
	[OPTION_REPORT] =
		{"report", 0, NULL, "schema", false,
                 "print the schema of reports: apply, audit and diagnose with -o json",
                 NULL},
	[OPTION_POD] = {"pod", 0, "NAMESPACE/NAME", "baseline", false,
                        "also record this pod, or that of a UID: its limits, dirty pages "
                        "and volumes; may be repeated",
                        ""},
	[OPTION_FILE] = {"file", 0, "PATH", "baseline", false,
                         "also record how much of this file is in the page cache; may be "
                         "repeated",
                         VALUES_FILE},
	[OPTION_PROBE] = {"probe", 0, "DIR", "baseline", false,
                          "also measure how fast files are copied in DIR: writes 256 MiB "
                          "there for up to 60 seconds",
                          VALUES_DIR},
	[OPTION_TOLERANCE] = {"tolerance", 0, "PERCENT", "baseline", false,
                              "compare: how much worse a measured value may be (default: "
                              "50)",
                              ""},
	[OPTION_QUIET] =
		{"quiet", 'q', NULL,
                 "apply revert unpersist audit diagnose validate show capture import watch baseline",
                 true, "print only the counts of what is not in sync, and failures",
                 NULL},
	[OPTION_VERBOSE] =
		{"verbose", 'v', NULL,
                 "apply revert unpersist audit diagnose validate show capture import watch report "
                 "baseline",
                 true, "also print reasons, places, fixes, and what is in sync", NULL},
	[OPTION_NO_COLOR] = {"no-color", 0, NULL, "apply audit diagnose", true,
                             "no color (default off a terminal, with TERM=dumb, or if "
                             "NO_COLOR is set)",
                             NULL},
	[OPTION_HELP] = {"help", 'h', NULL, NULL, true, "print this text", NULL},
	[OPTION_VERSION] = {"version", 'V', NULL, NULL, true, "print the version", NULL},
};

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += len)
		if ((p == words || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
	return false;
}

bool option_acts_on(const struct option_def *d, const struct cmd *cmd)
{
	return !d->of || has_word(d->of, cmd->name);
}
