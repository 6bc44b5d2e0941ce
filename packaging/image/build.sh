#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make the container image, without a builder, a registry or a daemon.
#
# usage: packaging/image/build.sh STATIC OUT VERSION ARCH...
#
# STATIC is the directory of make static. OUT gets
#   oci/                     an OCI image layout: an index with a manifest for each ARCH
#   hosttune.oci.tar         the same as an archive, for ctr, podman, skopeo
#   hosttune-ARCH.docker.tar the image of one architecture, for docker load
#   root-ARCH/               its files
#   hosttune.spdx.json       SBOM, SPDX 2.3
#   provenance.json          what it was built from: an in-toto statement with SLSA's predicate
#   digest                   of the index, as a registry names it
# and nothing that depends on the day, the directory or the user: all times are
# SOURCE_DATE_EPOCH, by default that of the commit.
set -eu

[ $# -ge 4 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
static=$1 out=$2 version=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
name=hosttune:$version

commit=$(git -C "$top" rev-parse HEAD 2>/dev/null) || commit=unknown
[ -z "$(git -C "$top" status --porcelain --untracked-files=no 2>/dev/null)" ] || commit=$commit-modified
: "${SOURCE_DATE_EPOCH:=$(git -C "$top" log -1 --format=%ct 2>/dev/null || echo 0)}"
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)

mkdir -p "$out"
work=$(mktemp -d "$out/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
blobs=$work/oci/blobs/sha256
mkdir -p "$blobs"

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# store FILE: move it to the blobs, and print its digest.
store() {
	digest=$(sum "$1")
	mv "$1" "$blobs/$digest"
	echo "$digest"
}

# descriptor TYPE DIGEST: as JSON.
descriptor() {
	jq -cn --arg type "application/vnd.oci.image.$1" --arg digest "sha256:$2" --argjson size "$(wc -c <"$blobs/$2")" \
		'{mediaType: $type, digest: $digest, size: $size}'
}

# make_json FILTER [OPTION...]: run a file of filters with the common variables.
make_json() {
	filter=$1
	shift
	jq -S -n -L "$here" -f "$here/$filter" --arg created "$created" --arg version "$version" --arg commit "$commit" \
		--slurpfile sources "$work/sources.json" --slurpfile licences "$work/licences.json" \
		--slurpfile runtimes "$work/runtimes.json" "$@"
}

# pack DIR FILE...: print an archive in which nothing depends on this machine.
pack() (
	cd "$1"
	shift
	tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c "$@"
)

# licences ARCH...: as JSON, the licences of each package, of what the image has of it.
licences() {
	for arch; do
		"$here/licence-names.sh" "$static" "$arch" >>"$work/licences" || return
	done
	sort -u "$work/licences" | jq -R 'split(" ")' | jq -s 'group_by(.[0]) | map({(.[0][0]): map(.[1])}) | add'
}

# runtimes ARCH...: as JSON, the package of the compiler's run-time library, which is linked in, too.
runtimes() {
	for arch; do
		package=$(dpkg-query -S "$("$static/$arch/cc" -print-libgcc-file-name)")
		dpkg-query -W -f '${Package} ${Version}\n' "${package%%:*}" |
			jq -R --arg arch "$arch" 'split(" ") | {arch: $arch, package: .[0], version: .[1]}'
	done | jq -s .
}

# one_image ARCH: its blobs, its docker archive, and its line of the index.
one_image() {
	"$here/root.sh" "$static" "$1" "$work/root-$1"
	pack "$work/root-$1" . >"$work/layer.tar"
	diff_id=$(sum "$work/layer.tar")
	make_json config.jq --arg arch "$1" --arg diff "sha256:$diff_id" -c >"$work/config.json"
	gzip -9 -n <"$work/layer.tar" >"$work/layer.gz"
	config=$(store "$work/config.json")
	layer=$(store "$work/layer.gz")
	jq -cnS --argjson config "$(descriptor config.v1+json "$config")" \
		--argjson layer "$(descriptor layer.v1.tar+gzip "$layer")" \
		'{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
		config: $config, layers: [$layer]}' >"$work/manifest.json"
	manifest=$(store "$work/manifest.json")
	descriptor manifest.v1+json "$manifest" |
		jq -c --arg arch "$1" '. + {platform: {architecture: $arch, os: "linux"}}' >>"$work/manifests"

	docker=$work/docker
	mkdir "$docker"
	cp "$blobs/$config" "$docker/$config.json"
	mv "$work/layer.tar" "$docker/$diff_id.tar"
	jq -cn --arg config "$config.json" --arg name "$name" --arg layer "$diff_id.tar" \
		'[{Config: $config, RepoTags: [$name], Layers: [$layer]}]' >"$docker/manifest.json"
	chmod 644 "$docker"/*
	pack "$docker" manifest.json "$config.json" "$diff_id.tar" >"$work/hosttune-$1.docker.tar"
	rm -r "$docker"
}

# The packages that the images have parts of: linked into hosttune, or beside it.
for list in static/sources image/tools; do
	jq -R --arg list "${list#*/}" 'select(startswith("#") | not) | split(" ") | {list: $list, path: .[0], sum: .[1]}' \
		"$top/packaging/$list"
done | jq -s --arg archs "$*" 'map(select((.path | capture("_(?<arch>[a-z0-9]+)[.]deb$").arch) as $arch
	| $archs | split(" ") | index($arch)), select(.path | endswith(".dsc")))' >"$work/sources.json"
for list in static/sources image/tools; do
	"$here/../static/fetch.sh" "$static/sources" "$top/packaging/$list"
done
licences "$@" >"$work/licences.json"
runtimes "$@" >"$work/runtimes.json"

for arch; do
	one_image "$arch"
done

make_json index.jq --slurpfile manifests "$work/manifests" -c >"$work/index.json"
index=$(store "$work/index.json")
# shellcheck disable=SC2016 # variables of jq
descriptor index.v1+json "$index" | jq -cS --arg name "$name" --arg version "$version" \
	'{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [. + {annotations:
	{"io.containerd.image.name": "docker.io/library/\($name)", "org.opencontainers.image.ref.name": $version}}]}' >"$work/oci/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
find "$work/oci" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
pack "$work/oci" blobs index.json oci-layout >"$work/hosttune.oci.tar"

make_json sbom.jq --arg index "$index" >"$work/hosttune.spdx.json"
make_json provenance.jq --arg index "$index" --slurpfile manifests "$work/manifests" --arg epoch "$SOURCE_DATE_EPOCH" \
	--arg tools "$(for arch; do "$static/$arch/cc" --version | head -n 1; done; ld.lld --version; gzip --version | head -n 1)" \
	>"$work/provenance.json"
echo "sha256:$index" >"$work/digest"

for made in oci hosttune.oci.tar hosttune.spdx.json provenance.json digest; do
	rm -rf "${out:?}/$made"
	mv "$work/$made" "$out/"
done
for arch; do
	rm -rf "$out/root-$arch"
	mv "$work/root-$arch" "$work/hosttune-$arch.docker.tar" "$out/"
done
cat "$out/digest"
