#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The image of make image in docker and podman, and pushed to a registry by skopeo as the README
# says; from there docker, podman and containerd pull it. containerd's own import: container.sh.
#
# usage: tests/vm/run -m 3G -t 900 -- tests/vm/engines.sh VERSION
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
version=$1
image=$B/image
oci=$image/oci
digest=$(cat "$image/digest")
work=$(mktemp -d /run/work.XXXXXX)
registry=127.0.0.1:5000
cat >"$work/profile.yaml" <<-END
	version: 1
	sysctl:
	  vm.swappiness: 7
END

# The engines store on a disk: overlayfs cannot stand on the guest's root, which is one itself.
prepare() {
	modprobe -a xfs overlay
	disk=$(drive_by_serial AWS00000000000000001)
	mkfs.xfs -q "$disk" || fail "no disk for the engines"
	mount "$disk" /srv
	mkdir -p /srv/docker /srv/podman /srv/registry
	ip link set lo up
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup /sys/fs/cgroup
	export CONTAINERS_STORAGE_CONF="$work/storage.conf"
	printf '[storage]\ndriver = "overlay"\nrunroot = "/run/podman"\ngraphroot = "/srv/podman"\n' >"$work/storage.conf"
}

dockerd_starts() {
	dockerd --data-root /srv/docker --bridge none --iptables=false --ip6tables=false >"$work/dockerd.log" 2>&1 &
	until_ok docker version || fail "dockerd does not start: $(tail -n 5 "$work/dockerd.log")"
}

# podman's default asks systemd for cgroups
podman() { command podman --cgroup-manager cgroupfs "$@"; }

# tries ENGINE IMAGE [OPTION...]: what each engine must be able to do with it.
tries() {
	engine=$1 name=$2
	shift 2
	t_is "$engine: version" "hosttune $version" "$("$engine" run --rm --network host "$@" "$name" --version 2>&1)"
	echo 60 >/proc/sys/vm/swappiness
	t_run "$engine" run --rm --network host "$@" -v /:/.bottlerocket/rootfs:ro -v "$work/profile.yaml:/profile.yaml:ro" \
		"$name" audit --no-api /profile.yaml
	t_status "$engine: without privileges: audit reports drift" 1
	t_says "$engine: of the host" 60
	t_run "$engine" run --rm --network host --pid host --privileged "$@" -v /:/.bottlerocket/rootfs:rslave \
		-v "$work/profile.yaml:/profile.yaml:ro" "$name" apply --no-api /profile.yaml
	t_status "$engine: privileged: apply" 0
	t_is "$engine: the host's sysctl" 7 "$(cat /proc/sys/vm/swappiness)"
	t_run "$engine" run --rm --network host "$@" -v /:/.bottlerocket/rootfs:ro -v "$work/profile.yaml:/profile.yaml:ro" \
		"$name" audit --no-api /profile.yaml
	t_status "$engine: then the audit is clean" 0
	t_not "$engine: there is no shell" "$engine" run --rm --network host "$@" --entrypoint /bin/sh "$name" -c true
}

docker_loads() {
	t_ok "docker load: arm64" docker load -i "$image/hosttune-arm64.docker.tar"
	t_is "docker: its architecture" arm64 "$(docker image inspect -f '{{.Architecture}}' "hosttune:$version")"
	t_ok "docker load: amd64" docker load -i "$image/hosttune-amd64.docker.tar"
	t_is "docker: architecture and version" "amd64 $version" "$(docker image inspect \
		-f '{{.Architecture}} {{index .Config.Labels "org.opencontainers.image.version"}}' "hosttune:$version")"
	tries docker "hosttune:$version"
}

podman_loads() {
	t_ok "podman load: the archive for docker" podman load -i "$image/hosttune-amd64.docker.tar"
	tries podman "localhost/hosttune:$version"
	podman rmi -a -f >/dev/null 2>&1
	t_ok "podman load: the OCI archive" podman load -i "$image/hosttune.oci.tar"
	t_is "podman: version, from the OCI archive" "hosttune $version" \
		"$(podman run --rm --network host "$(podman images -q | head -n 1)" --version 2>&1)"
	podman rmi -a -f >/dev/null 2>&1
}

# served TAG: the digest that the registry answers.
served() {
	curl -s -I -H 'Accept: application/vnd.oci.image.index.v1+json' "http://$registry/v2/hosttune/manifests/$1" |
		tr -d '\r' | sed -n 's/^Docker-Content-Digest: //Ip'
}

pushed_and_pulled() {
	cat >"$work/registry.yml" <<-END
		version: 0.1
		log: {level: error}
		storage: {filesystem: {rootdirectory: /srv/registry}}
		http: {addr: $registry}
	END
	docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
	until_ok curl -s -f "http://$registry/v2/" || fail "the registry does not start: $(tail -n 3 "$work/registry.log")"
	t_ok "skopeo copy --all" skopeo copy --all --dest-tls-verify=false \
		"oci:$oci:$version" "docker://$registry/hosttune:$version"
	t_is "the registry has the digest of the build" "$digest" "$(served "$version")"
	for arch in amd64 arm64; do
		t_is "the registry has $arch" "$arch" "$(skopeo --override-arch $arch inspect \
			--tls-verify=false "docker://$registry/hosttune@$digest" | jq -r .Architecture)"
	done
	docker rmi -f "hosttune:$version" >/dev/null 2>&1
	t_ok "docker pull by digest" docker pull -q "$registry/hosttune@$digest"
	t_is "docker: what was pulled" "hosttune $version" \
		"$(docker run --rm --network host "$registry/hosttune@$digest" --version 2>&1)"
	t_ok "podman pull by digest" podman pull -q --tls-verify=false "$registry/hosttune@$digest"
	t_is "podman: what was pulled" "hosttune $version" \
		"$(podman run --rm --network host "$registry/hosttune@$digest" --version 2>&1)"
	address=/run/docker/containerd/containerd.sock
	t_ok "containerd pulls" ctr -a $address image pull --plain-http "$registry/hosttune:$version"
	t_is "containerd: the digest of the build" "$digest" \
		"$(ctr -a $address image ls | awk -v ref="$registry/hosttune:$version" '$1 == ref { print $3 }')"
}

prepare
dockerd_starts
docker_loads
podman_loads
pushed_and_pulled
t_done
