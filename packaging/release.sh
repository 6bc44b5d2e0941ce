#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make all artefacts of a release, with their checksums, and verify them. `make release` runs it.
#
# usage: packaging/release.sh VERSION ARCH...          in the root of a clean checkout
#
# $B/release/hosttune-VERSION then has the tarball, for each ARCH the static program, its debug
# file, its licences and the Debian package, the container images of all, and SHA256SUMS.
# docs/release.md describes it. Exit status: 1 if the tree is not that of a release, or if an
# artefact is wrong; then the directory is not there.
set -eu

[ $# -ge 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
version=$1
shift
cd "$(dirname "$0")/.."
B=${B:-build}
MAKE=${MAKE:-make}

die() {
	echo "release: $*" >&2
	exit 1
}

# What is released is the commit: nothing else may be in what is built.
tree_is_clean() {
	git rev-parse -q --verify HEAD >/dev/null || die "not a Git checkout: clone the repository"
	changed=$(git status --porcelain)
	[ -z "$changed" ] || die "the tree has changes that are not committed:
$changed"
}

changelog_has_it() {
	grep -q "^## $version\( \|\$\)" CHANGELOG.md || die "CHANGELOG.md has no entry \"## $version\""
	tests/lint/version.sh >&2 || die "texts name another version: see above"
}

# A published version never changes.
tag_is_this() {
	tag=v$version
	git rev-parse -q --verify "refs/tags/$tag" >/dev/null || return 0
	[ "$(git rev-parse "$tag^{tree}")" = "$(git rev-parse 'HEAD^{tree}')" ] ||
		die "tag $tag has other content: give this release another VERSION in the Makefile"
	! grep -q "^## $version (unreleased)" CHANGELOG.md || die "tag $tag exists, but CHANGELOG.md says unreleased"
}

# build ARCH...: leave the artefacts in $out.
build() {
	epoch=$(git log -1 --format=%ct)
	"$MAKE" --no-print-directory B="$B" dist
	cp "$B/dist/hosttune-$version.tar.gz" "$out/"
	for arch; do
		"$MAKE" --no-print-directory B="$B" ARCH="$arch" static
		cp "$B/static/$arch/hosttune" "$out/hosttune-$version-$arch"
		cp "$B/static/$arch/hosttune.debug" "$out/hosttune-$version-$arch.debug"
		tar -C "$B/static/$arch" --transform "s,^licences,hosttune-$version-$arch-licences," --sort=name \
			--owner=0 --group=0 --numeric-owner --mtime="@$epoch" -c licences | gzip -n -9 \
			>"$out/hosttune-$version-$arch-licences.tar.gz"
		"$MAKE" --no-print-directory B="$B" ARCH="$arch" deb
		cp "$B/dist/hosttune_${version}_$arch.deb" "$out/"
	done
	"$MAKE" --no-print-directory B="$B" IMAGE_ARCHS="$*" image
	for name in oci.tar spdx.json; do
		cp "$B/image/hosttune.$name" "$out/hosttune-$version.$name"
	done
	cp "$B/image/provenance.json" "$out/hosttune-$version.provenance.json"
	cp "$B/image/digest" "$out/hosttune-$version.digest"
	for arch; do
		cp "$B/image/hosttune-$arch.docker.tar" "$out/hosttune-$version-$arch.docker.tar"
	done
	(cd "$out" && sha256sum -- * >SHA256SUMS)
}

# emulator ARCH: print the command that runs its programs on this machine, if there is one:
# nothing, this machine's qemu, or the pinned one of tests/arm64.
emulator() {
	case $1-$(uname -m) in
	amd64-x86_64 | arm64-aarch64) ;;
	arm64-x86_64)
		command -v qemu-aarch64-static || {
			B=$B tests/vm/fetch-arm64 emulator >&2 && echo "$B/vm/qemu-aarch64"
		}
		;;
	*) command -v qemu-x86_64-static ;;
	esac
}

# runs_as ARCH PROGRAM: it prints this version. Of another machine: if there is an emulator.
runs_as() {
	if ! run=$(emulator "$1"); then
		echo "release: not run, for lack of an emulator of $1: $2" >&2
		return
	fi
	said=$($run "$2" --version) || die "$2: does not run"
	[ "$said" = "hosttune $version" ] || die "$2: prints \"$said\""
}

build_id() {
	LC_ALL=C readelf -n "$1" | sed -n 's/.*Build ID: //p'
}

verify() {
	(cd "$out" && sha256sum --quiet -c SHA256SUMS) || die "SHA256SUMS does not match"
	mkdir "$work/tree"
	tar -xzf "$out/hosttune-$version.tar.gz" -C "$work/tree"
	tree=$work/tree/hosttune-$version
	[ "$(cd "$tree" && find . -type f -o -type l | wc -l)" = "$(git ls-files | wc -l)" ] || die "the tarball lacks files"
	"$MAKE" -s --no-print-directory -C "$tree" -j "$(nproc)" B=build build/hosttune
	[ "$("$tree/build/hosttune" --version)" = "hosttune $version" ] || die "the tarball builds another version"
	for arch; do
		tar -tzf "$out/hosttune-$version-$arch-licences.tar.gz" | grep -q '/LICENSE-MIT$' || die "$arch: the licences are missing"
		program=$out/hosttune-$version-$arch
		package=$out/hosttune_${version}_$arch.deb
		runs_as "$arch" "$program"
		[ "$(build_id "$program")" = "$(build_id "$program.debug")" ] || die "$program.debug: is of another build"
		[ "$(dpkg-deb -f "$package" Version Architecture | xargs)" = "Version: $version Architecture: $arch" ] ||
			die "$package: is of another version or architecture"
		dpkg-deb -x "$package" "$work/$arch"
		# of another machine, its libraries are missing here
		[ "$arch" != "$(dpkg --print-architecture)" ] || runs_as "$arch" "$work/$arch/usr/bin/hosttune"
	done
	verify_images "$@"
}

# has_program ARCHIVE NAME ARCH: a layer, or an archive for docker load, has the static program.
has_program() {
	tar -xOf "$1" "$2" | tar "-x${4-}Of" - ./usr/bin/hosttune | cmp - "$out/hosttune-$version-$3" ||
		die "$1: has another program of $3"
}

# The digest is that of the index, which leads to a layer with the program of each architecture.
verify_images() {
	oci=$out/hosttune-$version.oci.tar
	digest=$(sed 's/^sha256://' "$out/hosttune-$version.digest")
	[ "$(blob "$digest" | sha256sum | cut -d ' ' -f 1)" = "$digest" ] || die "$oci: has no index with the digest of the build"
	for arch; do
		manifest=$(blob "$digest" | jq -r --arg arch "$arch" '.manifests[] | select(.platform.architecture == $arch).digest')
		layer=$(blob "${manifest#sha256:}" | jq -r '.layers[0].digest')
		has_program "$oci" "blobs/sha256/${layer#sha256:}" "$arch" z
		archive=$out/hosttune-$version-$arch.docker.tar
		has_program "$archive" "$(tar -xOf "$archive" manifest.json | jq -r '.[0].Layers[0]')" "$arch"
	done
	for file in spdx provenance; do
		grep -q "$digest" "$out/hosttune-$version.$file.json" || die "hosttune-$version.$file.json: is of another image"
	done
}

blob() {
	tar -xOf "$oci" "blobs/sha256/$1"
}

tree_is_clean
changelog_has_it
tag_is_this
mkdir -p "$B/release"
final=$B/release/hosttune-$version
work=$(mktemp -d "$(readlink -f "$B/release")/.work.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
out=$work/out
mkdir "$out"
build "$@"
verify "$@"
rm -rf --one-file-system "$final"
mv "$out" "$final"
cat "$final/SHA256SUMS"
echo "release: hosttune $version is in $final"
