/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "diagnose/node/interfaces.h"
#include "diagnose/node/versions.h"
#include "doc/node.h"
#include "host/net_driver.h"
#include "host/recorded.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

#define RELEASE "/proc/sys/kernel/osrelease"

static const struct kernel_row {
	const char *name, *release, *path, *text, *patch;
} kernel_rows[] = {
	{"vanilla", "5.15.168", NULL, NULL, "kernel_patch 168 (" RELEASE ")"},
	{"Amazon Linux", "4.14.198-152.320.amzn2.x86_64", NULL, NULL,
         "kernel_patch 198 (" RELEASE ")"},
	{"Debian", "6.1.0-40-amd64", "/proc/version",
         "Linux version 6.1.0-40-amd64 (x) #1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025)",
         "kernel_patch 153 (/proc/version)"},
	{"Ubuntu", "6.8.0-45-generic", "/proc/version_signature",
         "Ubuntu 6.8.0-45.45-generic 6.8.12\n",
         "kernel_patch 12 (/proc/version_signature)"},
	{"another package", "6.8.0-45-generic", "/proc/version", "Linux version 6.8.0-45",
         "kernel_patch is absent: the kernel does not show its patch level"},
	{"first of a series", "6.12.0", NULL, NULL, "kernel_patch 0 (" RELEASE ")"},
	{"release candidate", "6.12.0-rc3", NULL, NULL, "kernel_patch 0 (" RELEASE ")"},
	{"unknown", "", NULL, NULL,
         "kernel_patch is absent: the kernel does not show its patch level"},
	{"no third number", "6.12-x", NULL, NULL, "kernel_patch is absent: "},
};

static void test_kernel(void **state)
{
	const struct kernel_row *row = *state;

	mem_set(&tmproot.host.release, mem_dup(row->release));
	if (row->path)
		tmproot_write(row->path, row->text);
	assert_part(measured(&source_versions), row->patch);
}

#define OS "/etc/os-release"

static const struct os_row {
	const char *name, *path, *text, *part;
} os_rows[] = {
	{"Bottlerocket", OS, "ID=bottlerocket\nVERSION_ID=1.26.1\n",
         "os bottlerocket (" OS ")\nbottlerocket 1.26 (" OS ")\n"},
	{"its other file", "/usr/lib/os-release", "ID=bottlerocket\nVERSION_ID=1.26.1\n",
         "bottlerocket 1.26 (/usr/lib/os-release)\n"},
	{"no version", OS, "ID=bottlerocket\n",
         "bottlerocket is absent: its release has no VERSION_ID\n"},
	{"another", OS, "ID=\"amzn\"\nVERSION_ID=\"2\"\n",
         "os amzn (" OS
         ")\nbottlerocket is absent: the node does not run Bottlerocket\n"},
	{"none", "/etc/other", "", "os is absent: "},
	{"variant", OS, "ID=bottlerocket\nVARIANT_ID=aws-k8s-1.31-nvidia\n",
         "kubelet true (" OS ")\nkubernetes 1.31 (" OS ")\n"},
	{"variant of VMware", OS, "VARIANT_ID=vmware-k8s-1.28\n",
         "kubernetes 1.28 (" OS ")\n"},
	{"variant without Kubernetes", OS, "ID=bottlerocket\nVARIANT_ID=aws-ecs-2\n",
         "kubelet false (" OS ")\nkubernetes is absent: the node has no kubelet\n"},
	{"AMI of EKS", "/etc/eks/kubelet-version.txt", "Kubernetes v1.29.3-eks-ae9a62a\n",
         "kubelet true (/etc/eks/kubelet-version.txt)\n"
         "kubernetes 1.29 (/etc/eks/kubelet-version.txt)\n"},
	{"another kubelet", "/var/lib/kubelet/config.yaml", "",
         "kubelet true (/var/lib/kubelet)\nkubernetes is absent: neither a variant"},
};

static void test_os(void **state)
{
	const struct os_row *row = *state;

	tmproot_write(row->path, row->text);
	assert_part(measured(&source_versions), row->part);
}

/* What names the version of the kubelet, or whether there is one, cannot be read. */
static void test_unread_kubelet(void **state)
{
	static const char *const paths[] = {OS, "/etc/eks/kubelet-version.txt",
	                                    "/var/lib/kubelet"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		_free_ char *kubelet =
			mem_format("kubelet is absent: open %s: ", paths[i]);
		_free_ char *version =
			mem_format("kubernetes is absent: open %s: ", paths[i]);

		tmproot_link(paths[i], strrchr(paths[i], '/') + 1);
		assert_part(measured(&source_versions), kubelet);
		assert_part(measured(&source_versions), version);
		tmproot_remove(paths[i]);
	}
}

/* A pod sees the socket of the API, but not the root of the host. */
static void test_api(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	const struct err none = {0};

	(void)state;
	tmproot.host.record = b;
	(void)recorded_put(
		&tmproot.host, "api", "os", 0, &none,
		node_copy(yaml("version_id: 1.50.0\nvariant_id: aws-k8s-1.33\n")));
	assert_part(measured(&source_versions),
	            "os bottlerocket (GET /os)\nbottlerocket 1.50 (GET /os)\n"
	            "kubelet true (GET /os)\nkubernetes 1.33 (GET /os)\n");
	tmproot.host.record = NULL;
}

/* What a bundle has of the interfaces that were asked. */
static void test_driver_of_bundle(void **state)
{
	char empty[] = "";
	_bundle_ struct bundle *b = bundle_new();
	struct host back = {.bundle = b, .release = empty};
	_net_driver_ struct net_driver first = {0}, again = {0};
	struct err e = {0};

	(void)state;
	tmproot_write("/sys/class/net/eth0/device/uevent", "DRIVER=ena\n");
	tmproot_write("/sys/module/ena/version", "2.17.0g\n");
	tmproot.host.record = b;
	assert_int_equal(host_net_driver(&tmproot.host, "eth0", &first, &e), 0);
	tmproot.host.record = NULL;
	assert_int_equal(host_net_driver(&back, "eth0", &again, &e), 0);
	assert_string_equal(again.name, "ena");
	assert_string_equal(again.version, "2.17.0g");
}

static const struct driver_row {
	const char *name, *uevent, *version, *result;
} driver_rows[] = {
	{"ENA of Amazon", "DRIVER=ena\nPCI_ID=1D0F:EC20\n", "2.13.0g\n",
         "eth0: driver ena (ethtool -i eth0)\neth0: ena 2.13 (ethtool -i eth0)\n"
         "eth0: ena_patch 0 (ethtool -i eth0)\n"},
	{"ENA of the kernel", "PCI_CLASS=20000\nDRIVER=ena\n", NULL,
         "eth0: driver ena (ethtool -i eth0)\neth0: ena 0.0 (ethtool -i eth0)\n"
         "eth0: ena_patch 0 (ethtool -i eth0)\n"},
	{"another driver", "DRIVER=ixgbevf\n", NULL,
         "eth0: driver ixgbevf (ethtool -i eth0)\n"},
	{"without a driver", "PCI_CLASS=20000\n", NULL, "eth0: driver is absent: "},
	{"without a device", NULL, NULL, "eth0: driver virtual (ethtool -i eth0)\n"},
};

static void test_driver(void **state)
{
	const struct driver_row *row = *state;

	tmproot_dir("/sys/class/net/eth0");
	if (row->uevent)
		tmproot_write("/sys/class/net/eth0/device/uevent", row->uevent);
	if (row->version)
		tmproot_write("/sys/module/ena/version", row->version);
	assert_part(measured(&source_interfaces), row->result);
}

static void test_no_interfaces(void **state)
{
	(void)state;
	assert_part(measured(&source_interfaces), "driver is absent: ");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, kernel_rows, test_kernel);
	suite_rows(&s, os_rows, test_os);
	suite_rows(&s, driver_rows, test_driver);
	suite_test(&s, "unread kubelet", test_unread_kubelet);
	suite_test(&s, "release by the API", test_api);
	suite_test(&s, "driver of a bundle", test_driver_of_bundle);
	suite_test(&s, "no interfaces", test_no_interfaces);
	return suite_run(&s);
}
