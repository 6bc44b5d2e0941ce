# SPDX-License-Identifier: Apache-2.0 OR MIT
# From the configuration that "runc spec" prints to that of the container of a DaemonSet, as
# the kubelet and containerd make it. $objects: the overlay; $capabilities: all of the
# kernel; $seccomp: those calls of a bootstrap container that containerd allows; $root: the
# image; $config: the directory of the config map.

# The calls that containerd's default profile allows only with a capability.
def privileged_calls: [
	"bpf", "chroot", "delete_module", "fanotify_init", "finit_module", "init_module",
	"lookup_dcookie", "mount", "mount_setattr", "move_mount", "name_to_handle_at",
	"open_by_handle_at", "open_tree", "perf_event_open", "pivot_root", "quotactl",
	"setdomainname", "sethostname", "setns", "syslog", "umount", "umount2", "unshare"
];
def bytes: capture("^(?<n>[0-9]+)Mi$").n | tonumber * 1048576;

($objects[0][] | select(.kind == "DaemonSet").spec.template.spec) as $pod
| $pod.containers[0] as $c
| $c.securityContext as $s
| .root = {path: $root, readonly: $s.readOnlyRootFilesystem}
| .process.terminal = false
| .process.args = ["/usr/bin/hosttune"] + [$c.args[] | gsub("[$][(]HOST_IP[)]"; "127.0.0.1")]
| .process.noNewPrivileges = ($s.allowPrivilegeEscalation == false)
| .linux.namespaces |= map(select((.type == "pid" and $pod.hostPID)
	or (.type == "network" and $pod.hostNetwork) or (.type == "ipc" and $pod.hostIPC) | not))
| .linux.resources.memory.limit = ($c.resources.limits.memory | bytes)
| if $s.privileged then
	.process.capabilities |= map_values($capabilities)
	| .linux.resources.devices = [{allow: true, access: "rwm"}]
	| del(.linux.maskedPaths, .linux.readonlyPaths, .linux.seccomp)
elif $s.capabilities.drop == ["ALL"] and $s.seccompProfile.type == "RuntimeDefault" then
	.process.capabilities |= map_values([($s.capabilities.add // [])[] | "CAP_" + .])
	| .linux.seccomp = ($seccomp[0].linux.seccomp | .syscalls[].names -= privileged_calls)
else
	error("pod.jq does not know these rights")
end
| .mounts += [$c.volumeMounts[] as $m
	| ($pod.volumes[] | select(.name == $m.name)) as $v
	| {
		destination: $m.mountPath,
		type: "bind",
		source: ($v.hostPath.path // $config),
		options: ["rbind", "rprivate", if $m.recursiveReadOnly then "rro" elif $m.readOnly then "ro" else "rw" end]
	}]
