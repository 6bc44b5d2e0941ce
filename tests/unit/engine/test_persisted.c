/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Wanted, live and stored value: each combination has its reason. */
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/persist/persisted.h"
#include "engine/persist/store.h"
#include "resource.h"
#include "resource/kinds.h"
#include "sysctl/sysctl_d.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYS      "/proc/sys/"
#define SETTINGS SYSCTL_D_SETTINGS

static int setup(void **state)
{
	(void)tmproot_setup(state);
	mem_set(&tmproot.host.api_socket, mem_dup("/nowhere"));
	tmproot_write(SYS "vm/swappiness", "60\n");
	tmproot_write(SYS "vm/dirty_bytes", "0\n");
	tmproot_write(SYS "net/core/rmem_max", "212992\n");
	tmproot_write(SYS "net/core/default_qdisc", "fq_codel\n");
	tmproot_write(SYS "net/ipv4/tcp_congestion_control", "bbr\n");
	tmproot_write(SYS "net/ipv4/tcp_available_congestion_control",
	              "reno cubic bbr\n");
	tmproot_write(SYS "net/netfilter/nf_conntrack_max", "262144\n");
	tmproot_write("/proc/modules",
	              "tcp_bbr 1 0 - Live 0x0\nnf_conntrack 1 0 - Live 0x0\n");
	tmproot_write("/lib/modules/6.12.0-test/modules.dep",
	              "kernel/net/sched/sch_fq.ko:\n");
	tmproot_write(
		"/proc/cmdline",
		"root=/dev/dm-0 psi=\"1\" nvme.poll_queues=2 hugepages=4 "
		"nvme.poll_queues=3 quiet a.b=\"x y\" -- systemd.log_level=debug\n");
	return 0;
}

static const struct row {
	const char *name;
	const struct kind *kind;
	const char *yaml;
	const char *settings; /* JSON */
	const char *file, *text;
	int mode;             /* of vm/new_trigger, observed without rights; 0: as root */
	const char *reported; /* "state Reason persisted: message" */
	const char *to_store; /* NULL: nothing */
} rows[] = {
	/* live value in sync */
	{.name = "all three agree",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .reported = "ok  60: "},
	{.name = "live, not stored",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{}",
         .reported =
                 "drift NotPersisted -: not in the Bottlerocket settings: lost at the "
                 "next boot",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}"},
	{.name = "live, another value stored",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"10\"}}}",
         .reported = "drift PersistedDiffers 10: the Bottlerocket settings hold 10",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}"},
	{.name = "live, and a list where sysctls are stored",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":[1]}}",
         .reported =
                 "drift NotPersisted -: not in the Bottlerocket settings: lost at the "
                 "next boot",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}"},
	{.name = "live and stored, but a file wins at each boot",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .file = "/etc/sysctl.d/99-x.conf",
         .text = "\nvm.swappiness=5",
         .reported =
                 "drift PersistedOverridden 60: /etc/sysctl.d/99-x.conf:2 sets 5 at each "
                 "boot, after the Bottlerocket settings"},
	{.name = "a later file that also satisfies the profile",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: {max: 70}",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .file = "/etc/sysctl.d/99-x.conf",
         .text = "vm.swappiness=5",
         .reported = "ok  60: "},
	{.name = "a file that the settings override",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .file = "/usr/lib/sysctl.d/90-x.conf",
         .text = "vm.swappiness=5",
         .reported = "ok  60: "},
	{.name = "persist: false",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: {value: 60, persist: false}",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"10\"}}}",
         .reported = "ok  -: "},

	/* live value differs */
	{.name = "neither live nor stored",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{}",
         .reported = "drift LiveDiffers -: is 60, should be 10",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{.name = "neither live nor stored, and a file sets the live value",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{}",
         .file = "/usr/lib/sysctl.d/50-x.conf",
         .text = "vm/swappiness = 60",
         .reported =
                 "drift LiveDiffers -: is 60, as set by /usr/lib/sysctl.d/50-x.conf:1, should be 10",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{.name = "the settings have the live value",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .reported =
                 "drift PersistedDiffers 60: is 60, as set in the Bottlerocket settings, should be 10",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{.name = "three values",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"30\"}}}",
         .reported = "drift LiveDiffers 30: is 60, should be 10",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{.name = "stored, and a file overrides it",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"10\"}}}",
         .file = "/etc/sysctl.d/99-x.conf",
         .text = "vm.swappiness=60",
         .reported =
                 "drift PersistedOverridden 10: is 60, should be 10, which is persisted: /etc/sysctl.d/99-x.conf:1 overrides it"},
	{.name = "stored, and the cause of the change is unknown",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 10",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"10\"}}}",
         .file = "/etc/sysctl.d/99-x.conf",
         .text = "vm.swappiness=70",
         .reported =
                 "drift PersistedOverridden 10: is 60, should be 10, which is persisted: it was changed at run time, or the kernel refused it at boot"},

	/* spellings, pairs, modules */
	{.name = "the other spelling is stored",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm/swappiness\":\"60\"}}}",
         .reported = "ok  60: "},
	{.name = "the other spelling is stored and differs",
         .kind = &kind_sysctl,
         .yaml = "vm.swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm/swappiness\":\"1\"}}}",
         .reported = "drift PersistedDiffers 1: the Bottlerocket settings hold 1",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm/swappiness\": \"60\"}}}"},
	{.name = "both spellings are stored and differ",
         .kind = &kind_sysctl,
         .yaml = "vm/swappiness: 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\","
                     "\"vm/swappiness\":\"1\",\"vm.a\":\"1\"}}}",
         .reported =
                 "drift PersistedDiffers {\"vm.swappiness\": \"60\", \"vm/swappiness\": \"1\"}: "
                 "the Bottlerocket settings hold 1 for settings.kernel.sysctl.vm/swappiness",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\", "
                     "\"vm/swappiness\": \"60\"}}}"},
	{.name = "the other of a pair is stored",
         .kind = &kind_sysctl,
         .yaml = "vm.dirty_bytes: 700000000",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm/dirty_ratio\":\"20\"}}}",
         .reported =
                 "failed PersistedConflict -: the Bottlerocket settings hold vm/dirty_ratio (20), which excludes this key and cannot be unset",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.dirty_bytes\": \"700000000\"}}}"},
	{.name = "the other of a pair is empty",
         .kind = &kind_sysctl,
         .yaml = "vm.dirty_bytes: 700000000",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.dirty_ratio\":\"\","
                     "\"vm.dirty_bytes\":\"700000000\"}}}",
         .reported =
                 "drift PersistedOverridden 700000000: is 0, should be 700000000, which is persisted: it was changed at run time, or the kernel refused it at boot"},
	{.name = "the other of a pair is stored, and this one is not persisted",
         .kind = &kind_sysctl,
         .yaml = "vm.dirty_bytes: {value: 700000000, persist: false}",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.dirty_ratio\":\"20\"}}}",
         .reported = "drift LiveDiffers -: is 0, should be 700000000"},
	{.name = "the module of a value is not stored",
         .kind = &kind_sysctl,
         .yaml = "net.ipv4.tcp_congestion_control: bbr",
         .settings =
                 "{\"kernel\":{\"sysctl\":{\"net.ipv4.tcp_congestion_control\":\"bbr\"}}}",
         .reported =
                 "drift NotPersisted bbr: settings.kernel.modules.tcp_bbr.allowed is not in "
                 "the Bottlerocket settings: lost at the next boot",
         .to_store =
                 "{\"kernel\": {\"sysctl\": {\"net.ipv4.tcp_congestion_control\": \"bbr\"}, "
                 "\"modules\": {\"tcp_bbr\": {\"allowed\": true, \"autoload\": true}}}}"},
	{.name = "the module of a value is forbidden",
         .kind = &kind_sysctl,
         .yaml = "net.ipv4.tcp_congestion_control: bbr",
         .settings =
                 "{\"kernel\":{\"sysctl\":{\"net.ipv4.tcp_congestion_control\":\"bbr\"},"
                 "\"modules\":{\"tcp_bbr\":{\"allowed\":false,\"autoload\":true}}}}",
         .reported =
                 "drift PersistedDiffers bbr: the Bottlerocket settings hold false for "
                 "settings.kernel.modules.tcp_bbr.allowed",
         .to_store =
                 "{\"kernel\": {\"sysctl\": {\"net.ipv4.tcp_congestion_control\": \"bbr\"}, "
                 "\"modules\": {\"tcp_bbr\": {\"allowed\": true, \"autoload\": true}}}}"},
	{.name = "the module of a key",
         .kind = &kind_sysctl,
         .yaml = "net.netfilter.nf_conntrack_max: 262144",
         .settings =
                 "{\"kernel\":{\"sysctl\":{\"net.netfilter.nf_conntrack_max\":\"262144\"},"
                 "\"modules\":{\"nf_conntrack\":{\"allowed\":true,\"autoload\":true}}}}",
         .reported = "ok  262144: "},
	{.name = "a value that cannot be set at boot without its module",
         .kind = &kind_sysctl,
         .yaml = "net.core.default_qdisc: fq",
         .settings = "{\"kernel\":{\"sysctl\":{\"net.core.default_qdisc\":\"fq\"}}}",
         .reported =
                 "drift NotPersisted fq: is fq_codel, should be fq, which is persisted but cannot be set at boot: settings.kernel.modules.sch_fq.allowed is missing or different",
         .to_store =
                 "{\"kernel\": {\"sysctl\": {\"net.core.default_qdisc\": \"fq\"}, "
                 "\"modules\": {\"sch_fq\": {\"allowed\": true, \"autoload\": true}}}}"},
	{.name = "a value that is built in",
         .kind = &kind_sysctl,
         .yaml = "net.core.default_qdisc: fq_codel",
         .settings =
                 "{\"kernel\":{\"sysctl\":{\"net.core.default_qdisc\":\"fq_codel\"}}}",
         .reported = "ok  fq_codel: "},
	{.name = "a bound that the kernel's default satisfies",
         .kind = &kind_sysctl,
         .yaml = "net.core.rmem_max: {min: 4096}",
         .settings = "{\"kernel\":{\"sysctl\":{}}}",
         .reported = "ok  -: "},
	{.name = "a module",
         .kind = &kind_module,
         .yaml = "tcp_bbr: x",
         .settings = "{\"kernel\":{\"modules\":{\"tcp_bbr\":{\"allowed\":true}}}}",
         .reported =
                 "drift NotPersisted {\"allowed\": true}: "
                 "settings.kernel.modules.tcp_bbr.autoload is not in the Bottlerocket "
                 "settings: lost at the next boot",
         .to_store =
                 "{\"kernel\": {\"modules\": {\"tcp_bbr\": {\"allowed\": true, \"autoload\": true}}}}"},

	/* settings by their name */
	{.name = "a setting",
         .kind = &kind_setting,
         .yaml = "motd: hello",
         .settings = "{\"motd\":\"hello\"}",
         .reported = "ok  hello: "},
	{.name = "a setting that is not stored",
         .kind = &kind_setting,
         .yaml = "motd: hello",
         .settings = "{}",
         .reported = "drift NotSet -: not set in the Bottlerocket settings",
         .to_store = "{\"motd\": \"hello\"}"},
	{.name = "a number equals its text",
         .kind = &kind_setting,
         .yaml = "kubernetes.max-pods: 58",
         .settings = "{\"kubernetes\":{\"max-pods\":\"58\"}}",
         .reported = "ok  58: "},
	{.name = "unlimited is -1",
         .kind = &kind_setting,
         .yaml = "oci-defaults.resource-limits.max-open-files.hard-limit: unlimited",
         .settings = "{\"oci-defaults\":{\"resource-limits\":{\"max-open-files\":"
                     "{\"hard-limit\":-1}}}}",
         .reported = "ok  -1: "},
	{.name = "boot parameters are renamed, and one value is a list",
         .kind = &kind_setting,
         .yaml = "boot.kernel-parameters.psi: 1",
         .settings = "{\"boot\":{\"kernel\":{\"psi\":[\"1\"]}}}",
         .reported = "ok  [\"1\"]: "},
	{.name = "boot parameters are stored as texts",
         .kind = &kind_setting,
         .yaml = "boot.kernel-parameters.psi: [0]",
         .settings = "{\"boot\":{\"kernel\":{\"psi\":[\"1\"]}}}",
         .reported =
                 "drift PersistedDiffers [\"1\"]: the Bottlerocket settings hold [\"1\"]",
         .to_store = "{\"boot\": {\"kernel\": {\"psi\": [\"0\"]}}}"},
	{.name = "a boot parameter that waits for a reboot",
         .kind = &kind_setting,
         .yaml = "boot.kernel-parameters.\"nvme.io_queues\": 4",
         .settings = "{\"boot\":{\"kernel\":{\"nvme.io_queues\":[\"4\"]}}}",
         .reported =
                 "pending PendingReboot [\"4\"]: persisted, takes effect after a reboot: booted with nothing"},
	{.name = "a boot parameter with another value",
         .kind = &kind_setting,
         .yaml = "boot.kernel.hugepages: 8",
         .settings = "{\"boot\":{\"kernel\":{\"hugepages\":[\"8\"]}}}",
         .reported =
                 "pending PendingReboot [\"8\"]: persisted, takes effect after a reboot: booted with [\"4\"]"},
	{.name = "a boot parameter with two values",
         .kind = &kind_setting,
         .yaml = "boot.kernel.\"nvme.poll-queues\": [2, 3]",
         .settings = "{\"boot\":{\"kernel\":{\"nvme.poll-queues\":[\"2\",\"3\"]}}}",
         .reported = "ok  [\"2\", \"3\"]: "},
	{.name = "a boot parameter with a blank in its value",
         .kind = &kind_setting,
         .yaml = "boot.kernel.\"a.b\": x y",
         .settings = "{\"boot\":{\"kernel\":{\"a.b\":[\"x y\"]}}}",
         .reported = "ok  [\"x y\"]: "},
	{.name = "a boot parameter without a value",
         .kind = &kind_setting,
         .yaml = "boot.kernel.quiet: ['']",
         .settings = "{\"boot\":{\"kernel\":{\"quiet\":[\"\"]}}}",
         .reported = "ok  [\"\"]: "},
	{.name = "a parameter of init",
         .kind = &kind_setting,
         .yaml = "boot.init-parameters.\"systemd.log_level\": debug",
         .settings = "{\"boot\":{\"init\":{\"systemd.log_level\":[\"debug\"]}}}",
         .reported = "ok  [\"debug\"]: "},
	{.name = "a mirror, by name",
         .kind = &kind_setting,
         .yaml = "container-registry.mirrors.\"docker.io\": [https://x]",
         .settings = "{\"container-registry\":{\"mirrors\":[{\"registry\":\"*\","
                     "\"endpoint\":[\"https://y\"]},{\"endpoint\":[\"https://x\"],"
                     "\"registry\":\"docker.io\",\"capabilities\":[\"pull\"]}]}}",
         .reported =
                 "ok  [{\"registry\": \"*\", \"endpoint\": [\"https://y\"]}, {\"endpoint\": "
                 "[\"https://x\"], \"registry\": \"docker.io\", \"capabilities\": "
                 "[\"pull\"]}]: "},
	{.name = "a mirror that changes: the others stay",
         .kind = &kind_setting,
         .yaml = "container-registry.mirrors.\"docker.io\": [https://x]",
         .settings = "{\"container-registry\":{\"mirrors\":[{\"registry\":\"docker.io\","
                     "\"endpoint\":[\"https://z\"]},{\"registry\":\"*\"}]}}",
         .reported =
                 "drift PersistedDiffers [{\"registry\": \"docker.io\", \"endpoint\": "
                 "[\"https://z\"]}, {\"registry\": \"*\"}]: the Bottlerocket settings "
                 "hold [{\"registry\": \"docker.io\", \"endpoint\": [\"https://z\"]}, "
                 "{\"registry\": \"*\"}]",
         .to_store =
                 "{\"container-registry\": {\"mirrors\": [{\"registry\": \"docker.io\", "
                 "\"endpoint\": [\"https://x\"]}, {\"registry\": \"*\"}]}}"},
	{.name = "credentials by their old name",
         .kind = &kind_setting,
         .yaml = "container-registry.creds: [{registry: a, password: p}]",
         .settings = "{\"container-registry\":{\"credentials\":[{\"password\":\"p\","
                     "\"registry\":\"a\"}]}}",
         .reported = "ok  [{\"password\": \"(secret)\", \"registry\": \"a\"}]: "},
	{.name = "credentials that differ only in the password",
         .kind = &kind_setting,
         .yaml = "container-registry.credentials: [{registry: a, password: p}]",
         .settings = "{\"container-registry\":{\"credentials\":[{\"registry\":\"a\","
                     "\"password\":\"q\"}]}}",
         .reported =
                 "drift PersistedDiffers [{\"registry\": \"a\", \"password\": "
                 "\"(secret)\"}]: the Bottlerocket settings hold [{\"registry\": \"a\", "
                 "\"password\": \"(secret)\"}]",
         .to_store = "{\"container-registry\": {\"credentials\": [{\"registry\": \"a\", "
                     "\"password\": \"p\"}]}}"},
	{.name = "a taint as a text",
         .kind = &kind_setting,
         .yaml = "kubernetes.node-taints.k: v:NoSchedule",
         .settings = "{\"kubernetes\":{\"node-taints\":{\"k\":[\"v:NoSchedule\"]}}}",
         .reported = "ok  [\"v:NoSchedule\"]: "},
	{.name = "a policy in lower case",
         .kind = &kind_setting,
         .yaml = "kubernetes.memory-manager-policy: static",
         .settings = "{\"kubernetes\":{\"memory-manager-policy\":\"Static\"}}",
         .reported = "ok  Static: "},
	{.name = "an IPv6 address in another spelling",
         .kind = &kind_setting,
         .yaml = "kubernetes.cluster-dns-ip: \"FD00:0:0::000A\"",
         .settings = "{\"kubernetes\":{\"cluster-dns-ip\":\"fd00::a\"}}",
         .reported = "ok  fd00::a: "},
	{.name = "addresses of hosts, and their names",
         .kind = &kind_setting,
         .yaml = "network.hosts: [[\"::FFFF:10.0.0.1\", [a, b]]]",
         .settings = "{\"network\":{\"hosts\":[[\"::ffff:10.0.0.1\",[\"a\",\"b\"]]]}}",
         .reported = "ok  [[\"::ffff:10.0.0.1\", [\"a\", \"b\"]]]: "},
	{.name = "another address",
         .kind = &kind_setting,
         .yaml = "dns.name-servers: [\"fd00::1\"]",
         .settings = "{\"dns\":{\"name-servers\":[\"fd00::2\"]}}",
         .reported = "drift PersistedDiffers [\"fd00::2\"]: the Bottlerocket settings "
                     "hold [\"fd00::2\"]",
         .to_store = "{\"dns\": {\"name-servers\": [\"fd00::1\"]}}"},
	{.name = "a sysctl among the settings, in effect",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.swappiness\": 60",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"60\"}}}",
         .reported = "ok  60: "},
	{.name = "a sysctl among the settings, not in effect",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.swappiness\": 10",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.swappiness\":\"10\"}}}",
         .reported =
                 "drift PersistedOverridden 10: persisted, but the kernel has 60: it was changed at run time, or the kernel refused it"},
	{.name = "a sysctl among the settings that is not there",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.none\": 1",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.none\":\"1\"}}}",
         .reported =
                 "drift PersistedOverridden 1: persisted, but the kernel has nothing: it was changed at run time, or the kernel refused it"},
	{.name = "a sysctl among the settings that others cannot read",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.new_trigger\": 1",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.new_trigger\":\"1\"}}}",
         .mode = 0600,
         .reported = "failed NotReadable 1: open /proc/sys/vm/new_trigger: Permission "
                     "denied"},
	{.name = "a write-only sysctl among the settings",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.new_trigger\": 1",
         .settings = "{\"kernel\":{\"sysctl\":{\"vm.new_trigger\":\"1\"}}}",
         .mode = 0200,
         .reported = "ok WriteOnly 1: persisted, but a write-only key: whether it took "
                     "effect cannot be read"},
	{.name = "the same, and it is not stored",
         .kind = &kind_setting,
         .yaml = "kernel.sysctl.\"vm.new_trigger\": 1",
         .settings = "{}",
         .mode = 0200,
         .reported = "drift NotSet -: not set in the Bottlerocket settings",
         .to_store = "{\"kernel\": {\"sysctl\": {\"vm.new_trigger\": \"1\"}}}"},
};

/* Even root cannot read a write-only file of /proc/sys; here the test drops its rights.
 */
static void observe_as_other(struct resource *r, int mode)
{
	const char *path = keep_text(mem_format("%s" SYS "vm/new_trigger", tmproot.path));

	tmproot_write(SYS "vm/new_trigger", "1\n");
	assert_return_code(chmod(path, (mode_t)mode), errno);
	(void)setfsuid(65534);
	resource_observe(r);
	(void)setfsuid(geteuid());
}

static const char *to_store(const struct persisted_diff *s)
{
	return persisted_differs(s) ? keep_text(node_json_format(s->wanted, false))
	                            : NULL;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	_persisted_diff_ struct persisted_diff stored = {0};
	_node_ struct node *live = NULL;
	void *origins = NULL;
	_free_ char *reported = NULL;
	struct resource *r;
	struct err e;

	tmproot_write(SETTINGS, "# of the settings\n");
	if (row->file)
		tmproot_write(row->file, row->text);
	r = resource_new(row->kind, row->yaml, diag);
	live = node_json_parse(row->settings, strlen(row->settings), &e);
	assert_non_null(live);
	if (r->kind->read_origins)
		origins = r->kind->read_origins(&tmproot.host);
	if (row->mode)
		observe_as_other(r, row->mode);
	else
		resource_observe(r);
	persisted_compare(&stored, r, &persist_settings, live);
	persist_settings.report(NULL, &stored, r);
	persisted_attribute(&stored, r, NULL, origins);
	if (origins)
		r->kind->free_origins(origins);
	reported = mem_format("%s %s %s: %s", state_word(r->run.change.state),
	                      reason_word(r->run.change.reason),
	                      r->seen.persisted ? r->seen.persisted : "-",
	                      r->run.change.message ? r->run.change.message : "");
	assert_string_equal(reported, row->reported);
	assert_text(to_store(&stored), row->to_store);
	assert_true(r->run.change.state == STATE_OK || r->run.change.remedy ||
	            r->run.change.reason == REASON_NONE ||
	            r->run.change.reason == REASON_NOT_READABLE);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	return suite_run(&s);
}
