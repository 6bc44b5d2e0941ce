#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check the container image: its layout, size and content, that its tools run, its SBOM and
# provenance, and, with make check-full, that two builds give the same digest.
#
# If it was not built (make image), it is skipped; make check-full builds it.
set -u
B=${B:-build}
MAKE=${MAKE:-make}
PACKED_MAX=4194304 # 4 MiB
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
image=$B/image

# shellcheck source=tests/tap.sh
. tests/tap.sh

blob() { echo "$image/oci/blobs/sha256/${1#sha256:}"; }

# Every blob has the digest that is its name, and nothing else is there.
digests_hold() { (cd "$image/oci/blobs/sha256" && sha256sum -- * | awk '$1 != $2 { print; bad = 1 } END { exit bad }'); }

# Every descriptor below the index has a blob of its size.
descriptors_hold() {
	for list in "$image/oci/index.json" "$image"/oci/blobs/sha256/*; do
		jq -r '.. | objects | select(.digest and .size) | "\(.digest) \(.size)"' "$list" 2>/dev/null
	done | sort -u >"$work/descriptors"
	# the index, and of each architecture its manifest, configuration and layer
	# shellcheck disable=SC2086 # a list of words
	set -- $archs
	[ "$(wc -l <"$work/descriptors")" = $((1 + 3 * $#)) ] || return
	while read -r digest size; do
		[ "$(wc -c <"$(blob "$digest")")" = "$size" ] || { echo "$digest" && return 1; }
	done <"$work/descriptors"
}

# same_layer DOCKER: the archive of docker save has the layer of the layout.
same_layer() {
	mkdir -p "$work/docker" && tar -C "$work/docker" -xf "$1" &&
		layer=$(jq -r '.[0].Layers[0]' "$work/docker/manifest.json") &&
		zcat "$(blob "$2")" | cmp - "$work/docker/$layer"
}

# only_files ROOT: no program but these; no shell, no setuid file, no link that leads nowhere.
only_files() {
	find "$1" -type f -perm /111 ! -name '*.so*' -printf '%f\n' | sort | xargs >"$work/programs"
	echo "hosttune mdadm mkfs.xfs" | diff - "$work/programs" || return
	[ ! "$(find "$1" -perm /6000)" ] && [ ! "$(find "$1" -xtype l)" ] && [ ! "$(find "$1" -name 'sh' -o -name 'bash' -o -name busybox)" ]
}

runner() {
	case $(uname -m)/$1 in
	x86_64/amd64 | aarch64/arm64) echo ;;
	*/arm64) command -v qemu-aarch64-static || readlink -e "$B/vm/qemu-aarch64" ;; # tests/vm/fetch-arm64
	*/amd64) command -v qemu-x86_64-static ;;
	esac
}

# inside ROOT RUNNER COMMAND...: run a program of the image with nothing but its files.
inside() (
	root=$1 runner=$2
	shift 2
	if [ "$runner" ]; then
		program=$1
		shift
		QEMU_LD_PREFIX=$root exec "$runner" "$root$program" "$@"
	fi
	exec unshare -r -R "$root" "$@"
)

has_output() {
	text=$1
	shift
	"$@" 2>&1 | grep -F -- "$text"
}

one_architecture() {
	manifest=$(jq -r --arg arch "$1" '.manifests[] | select(.platform.architecture == $arch and .platform.os == "linux").digest' \
		"$(blob "$index")")
	layer=$(jq -r '.layers[0].digest' "$(blob "$manifest")")
	config=$(blob "$(jq -r .config.digest "$(blob "$manifest")")")
	packed=$(jq '[.config.size, .layers[].size] | add' "$(blob "$manifest")")
	root=$image/root-$1
	check "$1: $packed bytes compressed, at most $PACKED_MAX" test "$packed" -le "$PACKED_MAX"
	check "$1: the layer has the sum that the configuration names" test \
		"$(zcat "$(blob "$layer")" | sha256sum | cut -d ' ' -f 1)" = "$(jq -r '.rootfs.diff_ids[0]' "$config" | cut -d : -f 2)"
	# shellcheck disable=SC2016 # variables of jq
	check "$1: the architecture, the entry point, and labels" jq -e --arg arch "$1" '.architecture == $arch and .os == "linux"
		and .config.Entrypoint == ["/usr/bin/hosttune"] and (.config.Labels | .["org.opencontainers.image.version"]
		and .["org.opencontainers.image.revision"] and .["org.opencontainers.image.licenses"])' "$config"
	check "$1: the archive for docker load has the same layer" same_layer "$image/hosttune-$1.docker.tar" "$layer"
	check "$1: hosttune, mkfs.xfs, mdadm, and no shell" only_files "$root"
	check "$1: hosttune is the static program" cmp "$root/usr/bin/hosttune" "$B/static/$1/hosttune"
	for name in LICENSE-MIT musl xfsprogs mdadm libc6 GPL-2 LGPL-2.1; do
		check "$1: licence: $name" test -s "$root/usr/share/doc/hosttune/$name"
	done
	if ! run=$(runner "$1"); then
		echo "ok - $1: its programs run # SKIP nothing here runs $1 programs (package qemu-user-static)"
	elif [ ! "$run" ] && ! unshare -r -R "$root" /usr/bin/hosttune --version >/dev/null 2>&1; then
		echo "ok - $1: its programs run # SKIP no user namespace here"
	else
		check "$1: hosttune runs" has_output "hosttune $version" inside "$root" "$run" /usr/bin/hosttune --version
		check "$1: mkfs.xfs runs with its libraries" has_output 'mkfs.xfs version' inside "$root" "$run" /usr/sbin/mkfs.xfs -V
		check "$1: mdadm runs with its libraries" has_output 'mdadm - v' inside "$root" "$run" /usr/sbin/mdadm --version
	fi
}

# The packages of the SBOM are those of both lists that are of its architectures, each with its sum.
sbom_lists_all() {
	grep -h -E "^[^#].*(\.dsc|_($(echo "$archs" | tr ' ' '|'))\.deb) " packaging/static/sources packaging/image/tools | cut -d ' ' -f 2 | sort >"$work/sums"
	jq -r '.packages[] | select(.sourceInfo // "" | startswith("Debian")).checksums[0].checksumValue' \
		"$image/hosttune.spdx.json" | sort | diff "$work/sums" -
}

# What SPDX 2.3 requires: fields and their form, licences that SPDX names, unique identifiers,
# relations between elements that exist, and that the document leads to each package.
sbom_is_valid() {
	jq -e '
	def id: test("^SPDXRef-[A-Za-z0-9.-]+$");
	def licence: . == "NOASSERTION" or (gsub("[()]"; "") | [splits(" (AND|OR) ")] - ["Apache-2.0", "MIT",
		"ISC", "Zlib", "curl", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "GPL-2.0-only", "GPL-2.0-or-later",
		"LGPL-2.1-only", "LGPL-2.1-or-later", "GPL-3.0-or-later WITH GCC-exception-3.1"] == []);
	def reached($from): ($from + [.relationships[] | select([.spdxElementId] - $from == []).relatedSpdxElement]
		| unique) as $more | if $more == $from then $from else reached($more) end;
	([.packages[].SPDXID] + [.SPDXID]) as $ids
	| .spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT" and (.name | length > 0)
	and (.documentNamespace | test("^https://[^#]+$"))
	and (.creationInfo.created | test("^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$"))
	and ([.creationInfo.creators[] | test("^(Tool|Person|Organization): .")] | length > 0 and all)
	and ([.packages[] | (.SPDXID | id) and (.name | length > 0) and (.versionInfo | length > 0)
		and (.downloadLocation | length > 0) and .filesAnalyzed == false and (.copyrightText | length > 0)
		and (.licenseConcluded | licence) and (.licenseDeclared | licence and . != "NOASSERTION")
		and ([.checksums[]? | .algorithm == "SHA256" and (.checksumValue | test("^[0-9a-f]{64}$"))] | all)
		and ([.externalRefs[]? | .referenceCategory == "PACKAGE-MANAGER" and .referenceType == "purl"
			and (.referenceLocator | test("^pkg:deb/debian/[a-z0-9.+-]+@[^?]+[?]arch=[a-z0-9]+$"))] | all)] | all)
	and ($ids | length == (unique | length))
	and ([.relationships[] | .spdxElementId, .relatedSpdxElement] - $ids == [])
	and ([.relationships[].relationshipType] - ["DESCRIBES", "CONTAINS", "STATIC_LINK"] == [])
	and ([.relationships[] | select(.relationshipType == "DESCRIBES")] | length == 1)
	and (reached(["SPDXRef-DOCUMENT"]) == ($ids | sort))' "$image/hosttune.spdx.json"
}

# The licence of a package is that of debian/copyright: with another one there, it is another
# one, and one that SPDX has no name for ends the build.
licences_derived() {
	arch=${archs%% *}
	mkdir -p "$work/derived/sources"
	ln -sf "$(realpath "$B/static/$arch")" "$work/derived/"
	ln -sf "$(realpath "$B/static/sources")"/* "$work/derived/sources/"
	zlib=$(echo "$work"/derived/sources/zlib_*)
	rm "$zlib"
	mkdir -p "$zlib/debian"
	for licence in Zlib ISC Unknown-1; do
		sed "s/^License: Zlib/License: $licence/" "$B"/static/sources/zlib_*/debian/copyright >"$zlib/debian/copyright"
		packaging/image/licence-names.sh "$work/derived" "$arch" >"$work/names-$licence" 2>"$work/err" || cat "$work/err"
	done
	jq -r '.packages[] | select(.name == "zlib").licenseDeclared' "$image/hosttune.spdx.json" | grep -qx Zlib &&
		grep -qx 'zlib Zlib' "$work/names-Zlib" && grep -qx 'zlib ISC' "$work/names-ISC" &&
		! [ -s "$work/names-Unknown-1" ] && grep -q 'zlib: .*: licence "Unknown-1": unknown' "$work/err"
}

# From the same programs, in another directory and 400 days later.
reproducible() {
	if ! command -v faketime >/dev/null; then
		echo "ok - two builds, the same digest # SKIP faketime: command not found"
		return
	fi
	mkdir "$work/static"
	for part in "$B/static"/*; do
		ln -s "$(realpath "$part")" "$work/static/"
	done
	# shellcheck disable=SC2086 # a list of words
	check "another build" env NO_FAKE_STAT=1 faketime -f +400d packaging/image/build.sh "$work/static" "$work/again" "$version" $archs
	check "two builds, the same digest" cmp "$image/digest" "$work/again/digest"
	check "two builds, the same bytes" diff -r --no-dereference "$image" "$work/again"
}

if [ "${HOSTTUNE_FULL:-}" ]; then
	B=$B tests/vm/fetch-arm64 emulator >&2
	packaging/deps.sh static && "$MAKE" --no-print-directory B="$B" image || echo "not ok - make image"
elif [ -e "$image/digest" ]; then
	archs=$(jq -r '.manifests[].platform.architecture' "$(blob "$(cat "$image/digest")")" | xargs)
	"$MAKE" --no-print-directory B="$B" IMAGE_ARCHS="$archs" image || echo "not ok - make image"
fi
if [ ! -e "$image/digest" ]; then
	echo "ok - the image # SKIP not built (make image; make check-full does)"
	exit
fi

index=$(cat "$image/digest")
archs=$(jq -r '.manifests[].platform.architecture' "$(blob "$index")" | xargs)
version=$(jq -r '.annotations["org.opencontainers.image.version"]' "$(blob "$index")")
check "the layout's index names the digest" test "$index" = "$(jq -r '.manifests[0].digest' "$image/oci/index.json")"
check "each blob has its digest as its name" digests_hold
check "each descriptor has a blob of its size" descriptors_hold
for arch in $archs; do
	one_architecture "$arch"
done
check "the SBOM lists all packages" sbom_lists_all
check "the SBOM is valid SPDX 2.3" sbom_is_valid
check "its licences are those of debian/copyright" licences_derived
# shellcheck disable=SC2016 # variables of jq
check "the provenance names the digests" jq -e --arg index "${index#sha256:}" '.subject[0].digest.sha256 == $index
	and (.predicate.buildDefinition.resolvedDependencies | length > 20)' "$image/provenance.json"
check "no path of this directory" sh -c "! grep -r -l '$PWD' '$image'"
[ -z "${HOSTTUNE_FULL:-}" ] || reproducible
