/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/rendered.h"

#include "base/macro.h"

#include <stdbool.h>
#include <string.h>

/*
 * Templates of bottlerocket-core-kit 3.1.1, below packages/. "{{{x}}}" is not escaped at
 * all, and "{{x}}" not for TOML or YAML: a backslash stays, and a double quote becomes
 * "&quot;". Types that the model checks more strictly (base64, quantities) are not
 * listed.
 */
static const struct {
	const char *path[3]; /* and everything below */
	const char *what;
} rendered[] = {
	/* os/corndog-toml: no sysctl is set, and lockdown is not either */
	{{"kernel", "sysctl"}, "all sysctls of the node"},
	/*
         * os/prairiedog-toml: prairiedog fails at boot, and settings-applier with it,
         * which preconfigured.target requires: the node does not come up (recorded)
         */
	{{"boot", "kernel"}, "the next boot of the node"},
	{{"boot", "init"}, "the next boot of the node"},
	/* containerd/containerd-config-toml_*, os/host-ctr-toml */
	{{"container-registry"}, "the configuration of containerd"},
	/* os/host-containers-toml, os/bootstrap-containers-toml */
	{{"host-containers"}, "all host containers of the node"},
	{{"bootstrap-containers"}, "all bootstrap containers of the node"},
	/* kubernetes-*: credential-provider-config-yaml, kubelet-kubeconfig */
	{{"kubernetes", "credential-providers"},
         "the credential providers of the kubelet"},
	{{"kubernetes", "api-server"}, "the configuration of the kubelet"},
	{{"kubernetes", "cluster-name"}, "the configuration of the kubelet"},
	{{"kubernetes", "bootstrap-token"}, "the configuration of the kubelet"},
	{{"aws", "region"}, "the configuration of the kubelet"},
	{{"aws", "profile"}, "the credential providers of the kubelet"},
	/* ecs-agent/ecs-base-conf */
	{{"ecs"}, "the configuration of the ECS agent"},
	/* os: updog-toml, thar-be-updates-toml, metricdog-toml, cfsignal-toml */
	{{"updates"}, "updates of the node"},
	{{"network", "https-proxy"}, "updates of the node"},
	{{"metrics"}, "the metrics of the node"},
	{{"cloudformation"}, "the signal to CloudFormation"},
};

static bool is_below(const char *const *prefix, size_t max, char *const *path)
{
	for (size_t i = 0; i < max && prefix[i]; i++)
		if (!path[i] || strcmp(prefix[i], path[i]) != 0)
			return false;
	return true;
}

const char *rendered_fault(char *const *path, const char *text)
{
	if (!text[strcspn(text, RENDERED_BREAKS)])
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rendered); i++)
		if (is_below(rendered[i].path, ARRAY_SIZE(rendered[i].path), path))
			return rendered[i].what;
	return NULL;
}
