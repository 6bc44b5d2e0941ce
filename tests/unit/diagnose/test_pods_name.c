/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Names of pods and containers, and of what is none. */
#include "base/macro.h"
#include "diagnose/pods/name.h"
#include "pods.h"
#include "test.h"
#include "tmproot.h"

static void test_names(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	pods_spec(ID,
	          "{\"annotations\": {\"io.kubernetes.cri.sandbox-namespace\": \"a\", "
	          "\"io.kubernetes.cri.sandbox-name\": \"b\", "
	          "\"io.kubernetes.cri.container-name\": \"c\"}, \"mounts\": []}");
	(void)pods_problems();
	assert_string_equal(pods_run.measures.list[0].subject,
	                    "pod a/b, container c, volume pv at /data");
	assert_string_equal(pods_run.measures.list[6].subject, "pod a/b, volume pv");
}

static void test_names_of_logs(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	tmproot_dir("/var/log/pods");
	tmproot_write("/var/log/pods/x_y_z/0.log", "");
	tmproot_write("/var/log/pods/a_b_c_" UID "/0.log", "");
	tmproot_write("/var/log/pods/a_B_" UID "/0.log", "");
	tmproot_write("/var/log/pods/kube-system_web-0_" UID "/0.log", "");
	(void)pods_problems();
	assert_string_equal(pods_run.measures.list[0].text, "kube-system/web-0");
}

/* Links that kubelet makes name the container, too; they need not lead anywhere. */
static void test_names_of_links(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	tmproot_link("/var/log/containers/a_b_c-d-" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_X-" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_c-" ID, "/nowhere");
	tmproot_link("/var/log/containers/a.log", "/nowhere");
	(void)pods_problems();
	assert_string_equal(pods_run.measures.list[0].subject,
	                    "pod b/a, container c-d, volume pv at /data");
}

static void test_names_that_are_none(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	pods_spec(ID,
	          "{\"annotations\": {\"io.kubernetes.cri.sandbox-namespace\": \"a\\n\", "
	          "\"io.kubernetes.cri.sandbox-name\": \"\\u001b[31m\"}}");
	(void)pods_problems();
	assert_string_equal(
		pods_run.measures.list[0].subject,
		"pod a\\n/\\x1b[31m, container 0123456789ab, volume pv at /data");
}

/* Two pods that claim one UID: the same answer, whichever was found first. */
static void test_names_of_one_uid(void **state)
{
	static const char *const names[] = {"c", "a", "b", "e", "d"};

	(void)state;
	for (size_t first = 0; first < ARRAY_SIZE(names); first++) {
		_pod_names_ struct pod_names n = {0};

		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			pod_names_add(&n, UID, "x",
			              names[(first + i) % ARRAY_SIZE(names)], NULL);
		assert_string_equal(pod_names_find(&n, UID)->pod, "x/a");
		assert_null(pod_names_find(&n, "u"));
	}
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(pods_setup, pods_teardown);
	suite_test(&s, "names", test_names);
	suite_test(&s, "names of logs", test_names_of_logs);
	suite_test(&s, "names of links", test_names_of_links);
	suite_test(&s, "names that are none", test_names_that_are_none);
	suite_test(&s, "names of one UID", test_names_of_one_uid);
	return suite_run(&s);
}
