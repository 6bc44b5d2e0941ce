#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# `make release`: what it refuses; with make check-full also a whole release from a clean clone:
# of both architectures, or of this machine's if the other's compiler is absent.
#
# usage: [HOSTTUNE_FULL=1] tests/release.sh
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-release-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
. tests/tap.sh
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
clone=$work/clone
git clone -q . "$clone"
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost

release() { (cd "$clone" && env -u B packaging/release.sh "$version" "$@"); }

# refuses TEXT: it ends with 1 and this text, and makes nothing.
refuses() {
	status=0
	release amd64 >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	[ $status = 1 ] && grep -qF -e "$1" "$work/out" && ! ls "$clone"/build/release/* >/dev/null 2>&1
}
commit() { git -C "$clone" commit -q -a --allow-empty -m "$1"; }
back() { git -C "$clone" reset -q --hard "$start" && git -C "$clone" clean -q -f; }

released=$(git -C "$clone" rev-parse HEAD)
start=$released
echo >>"$clone/README.md"
check "a change that is not committed" refuses "not committed"
back
echo >"$clone/lib/base/new.c"
check "a file that is not committed" refuses "lib/base/new.c"
back
sed -i "s/^## $version/## 0.0.0/" "$clone/CHANGELOG.md"
commit "no entry"
check "no entry in CHANGELOG.md" refuses "no entry \"## $version\""
back
sed -i "s/\"hosttune $version\"/\"hosttune 9.9.9\"/" "$clone/packaging/hosttune.8"
commit "another version"
check "a manual page of another version" refuses 'is of version "9.9.9"'
back
sed -i "s/^## $version.*/## $version (unreleased)/" "$clone/CHANGELOG.md"
commit "unreleased"
start=$(git -C "$clone" rev-parse HEAD)
git -C "$clone" tag -f "v$version" >/dev/null
echo >>"$clone/README.md"
commit "later"
check "a tag with other content" refuses "tag v$version has other content"
back
check "a tag, and unreleased in CHANGELOG.md" refuses "says unreleased"
git -C "$clone" tag -d "v$version" >/dev/null
git -C "$clone" reset -q --hard "$released"

# Print the architectures that this machine has a compiler for.
architectures() {
	own=$(dpkg --print-architecture)
	for arch in amd64:x86_64 arm64:aarch64; do
		if [ "${arch%:*}" = "$own" ] || command -v "${arch#*:}-linux-gnu-gcc" >/dev/null; then
			echo "${arch%:*}"
		fi
	done
}

# Print the files of a release of these architectures.
files() {
	for end in .tar.gz .oci.tar .digest .spdx.json .provenance.json; do
		echo "hosttune-$version$end"
	done
	for arch; do
		echo "hosttune_${version}_$arch.deb"
		for end in '' .debug -licences.tar.gz .docker.tar; do
			echo "hosttune-$version-$arch$end"
		done
	done
}

if [ "${HOSTTUNE_FULL:-}" ]; then
	archs=$(architectures | xargs)
	# shellcheck disable=SC2086 # a list of words
	check "a release of $archs is made and verified" release $archs
	# shellcheck disable=SC2086 # a list of words
	files $archs | sort >"$work/expected"
	cut -d ' ' -f 3 "$clone/build/release/hosttune-$version/SHA256SUMS" | sort >"$work/made"
	check "it has these files, each with a checksum" diff "$work/expected" "$work/made"
	check "it has nothing else" test "$(find "$clone/build/release/hosttune-$version" -type f | wc -l)" = \
		$(($(wc -l <"$work/expected") + 1))
fi
summary
