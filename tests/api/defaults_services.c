/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The services and configuration files of variant aws-k8s-1.31. */
#include "defaults.h"
#include "util.h"

#define FILES_MAX 10

static const struct {
	const char *name;
	const char *command; /* NULL: nothing to restart */
	const char *files[FILES_MAX];
} services[] = {
	{"autoscaling-warm-pool", NULL, {"warm-pool-wait-toml"}},
	{"aws", NULL, {"aws-config", "aws-credentials"}},
	{"bootconfig", "/usr/bin/prairiedog generate-boot-config", {"prairiedog-toml"}},
	{"bootstrap-commands", NULL, {"bootstrap-commands-toml"}},
	{"bootstrap-containers",
         "/usr/bin/bootstrap-containers create-containers",
         {"host-ctr-toml", "bootstrap-containers-toml"}},
	{"cfsignal", "/bin/systemctl try-restart cfsignal.service", {"cfsignal-toml"}},
	{"containerd",
         "/bin/systemctl try-restart containerd.service",
         {"containerd-config-toml", "proxy-env"}},
	{"dns", "netdog write-resolv-conf", {"netdog-toml"}},
	{"host-containerd",
         "/bin/systemctl try-restart host-containerd.service",
         {"proxy-env"}},
	{"host-containers",
         "/usr/bin/host-containers",
         {"host-ctr-toml", "host-containers-toml"}},
	{"hostname", "/bin/systemctl try-restart set-hostname.service", {"hostname"}},
	{"hosts", NULL, {"hosts"}},
	{"kernel-modules",
         "/usr/bin/systemctl try-restart systemd-modules-load",
         {"modprobe-conf", "modules-load"}},
	{"kubernetes",
         "/usr/bin/systemctl try-restart kubelet.service",
         {"kubelet-env", "kubelet-config", "kubelet-kubeconfig",
          "kubelet-bootstrap-kubeconfig", "kubelet-exec-start-conf", "kubernetes-ca-crt",
          "proxy-env", "kubelet-server-crt", "kubelet-server-key",
          "credential-provider-config-yaml"}},
	{"lockdown", "/usr/bin/corndog lockdown", {"corndog-toml"}},
	{"log4j-hotpatch-enabled",
         "systemctl restart deprecation-warning@log4j-hotpatch-enabled.timer",
         {"log4j-hotpatch-enabled-log-message"}},
	{"metricdog",
         "/bin/systemctl try-restart metricdog.service",
         {"metricdog-toml", "proxy-env"}},
	{"motd", NULL, {"motd"}},
	{"ntp", "/bin/systemctl try-reload-or-restart chronyd.service", {"chrony-conf"}},
	{"oci-defaults", NULL, {"oci-defaults"}},
	{"oci-hooks", NULL, {"oci-hooks"}},
	{"pki", "/usr/bin/certdog", {"certdog-toml"}},
	{"pod-infra-container-image",
         "systemctl restart deprecation-warning@pod-infra-container-image.timer",
         {"pod-infra-container-image-log-message"}},
	{"static-pods", "/usr/bin/static-pods", {"static-pods-toml"}},
	{"sysctl", "/usr/bin/corndog sysctl", {"corndog-toml"}},
	{"thar-be-updates", NULL, {"thar-be-updates-toml"}},
	{"updog", NULL, {"updog-toml"}},
};

#define TEMPLATES "/usr/share/templates/"

static const struct {
	const char *name;
	const char *path;
	const char *template; /* NULL: called as the file */
	const char *mode;
} files[] = {
	{"aws-config", "/root/.aws/config", NULL, NULL},
	{"aws-credentials", "/root/.aws/credentials", NULL, NULL},
	{"bootstrap-commands-toml", "/etc/bootstrap-commands/bootstrap-commands.toml",
         NULL, NULL},
	{"bootstrap-containers-toml",
         "/etc/bootstrap-containers/bootstrap-containers.toml", NULL, NULL},
	{"certdog-toml", "/etc/certdog.toml", NULL, NULL},
	{"cfsignal-toml", "/etc/cfsignal.toml", NULL, NULL},
	{"chrony-conf", "/etc/chrony.conf", NULL, NULL},
	{"containerd-config-toml", "/etc/containerd/config.toml",
         "containerd-config-toml_k8s_containerd_sock", NULL},
	{"corndog-toml", "/etc/corndog.toml", NULL, NULL},
	{"credential-provider-config-yaml",
         "/etc/kubernetes/kubelet/credential-provider-config.yaml", NULL, "0600"},
	{"host-containers-toml", "/etc/host-containers/host-containers.toml", NULL, NULL},
	{"host-ctr-toml", "/etc/host-containers/host-ctr.toml", NULL, NULL},
	{"hostname", "/etc/network/hostname.env", "hostname-env", NULL},
	{"hosts", "/etc/hosts", NULL, NULL},
	{"kubelet-bootstrap-kubeconfig", "/etc/kubernetes/kubelet/bootstrap-kubeconfig",
         NULL, "0600"},
	{"kubelet-config", "/etc/kubernetes/kubelet/config", NULL, "0600"},
	{"kubelet-env", "/etc/kubernetes/kubelet/env", NULL, NULL},
	{"kubelet-exec-start-conf",
         "/etc/systemd/system/kubelet.service.d/exec-start.conf", NULL, "0644"},
	{"kubelet-kubeconfig", "/etc/kubernetes/kubelet/kubeconfig", NULL, "0600"},
	{"kubelet-server-crt", "/etc/kubernetes/pki/kubelet-server.crt", NULL, NULL},
	{"kubelet-server-key", "/etc/kubernetes/pki/private/kubelet-server.key", NULL,
         NULL},
	{"kubernetes-ca-crt", "/etc/kubernetes/pki/ca.crt", NULL, "0600"},
	{"log4j-hotpatch-enabled-log-message",
         "/etc/deprecated-settings/log4j-hotpatch-enabled", "log4j-hotpatch-enabled",
         NULL},
	{"metricdog-toml", "/etc/metricdog.toml", NULL, NULL},
	{"modprobe-conf", "/etc/modprobe.d/modprobe.conf", NULL, NULL},
	{"modules-load", "/etc/modules-load.d/modules-load.conf", NULL, NULL},
	{"motd", "/etc/motd", NULL, NULL},
	{"netdog-toml", "/etc/netdog.toml", NULL, NULL},
	{"oci-defaults", "/etc/containerd/cri-base.json", "containerd-cri-base-json",
         NULL},
	{"oci-hooks", "/etc/shimpei/shimpei-hooks.json", "oci-default-hooks-json", NULL},
	{"pod-infra-container-image-log-message",
         "/etc/deprecated-settings/pod-infra-container-image",
         "pod-infra-container-image", NULL},
	{"prairiedog-toml", "/etc/prairiedog.toml", NULL, NULL},
	{"proxy-env", "/etc/network/proxy.env", NULL, NULL},
	{"static-pods-toml", "/etc/kubernetes/static-pods-manifest.toml", NULL, NULL},
	{"thar-be-updates-toml", "/etc/thar-be-updates.toml", NULL, NULL},
	{"updog-toml", "/etc/updog.toml", NULL, NULL},
	{"warm-pool-wait-toml", "/etc/warm-pool-wait.toml", NULL, NULL},
};

json_t *default_services(void)
{
	json_t *all = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		json_t *names = json_array(), *commands = json_array();

		for (size_t j = 0; j < FILES_MAX && services[i].files[j]; j++)
			json_array_append_new(names, json_string(services[i].files[j]));
		if (services[i].command)
			json_array_append_new(commands, json_string(services[i].command));
		json_object_set_new(all, services[i].name,
		                    json_pack("{s:o,s:o}", "configuration-files", names,
		                              "restart-commands", commands));
	}
	return all;
}

json_t *default_configuration_files(void)
{
	json_t *all = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *template =
			files[i].template ? files[i].template : files[i].name;
		json_t *file = json_pack("{s:s,s:s+}", "path", files[i].path,
		                         "template-path", TEMPLATES, template);

		if (files[i].mode)
			json_object_set_new(file, "mode", json_string(files[i].mode));
		json_object_set_new(all, files[i].name, file);
	}
	return all;
}
