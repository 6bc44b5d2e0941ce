#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# peers.sh DIR: fetch what the bench compares hosttune with, and this machine may lack: goss, built
# from its Go module, Debian's package of TuneD with what it needs, unpacked and not installed, and,
# as root, Debian systems as images for the same job. What cannot be fetched is reported, and the
# bench skips it.
set -eu
dir=$(mkdir -p "$1" && cd "$1" && pwd)
GOSS=github.com/goss-org/goss GOSS_VERSION=v0.4.9

# A module that needs it: "go install" asks the proxy for more than that.
fetch_goss() {
	command -v go >/dev/null || { echo "peers: goss: no go" && return; }
	work=$(mktemp -d)
	(
		cd "$work"
		export GOPATH="$work/go" GOFLAGS=-modcacherw
		go mod init bench
		go mod edit -require="$GOSS@$GOSS_VERSION"
		go build -mod=mod -o "$dir/goss" "$GOSS/cmd/goss"
	) >"$dir/goss.log" 2>&1 || echo "peers: goss: $(tail -n 1 "$dir/goss.log")"
	rm -rf "$work"
}

fetch_tuned() {
	work=$(mktemp -d)
	(
		cd "$work"
		# what is missing here, too
		for package in tuned $(apt-get -qq -s --no-install-recommends install tuned | sed -n 's/^Inst \(python3-[^ ]*\).*/\1/p'); do
			apt-get -qq download "$package"
		done
		for file in *.deb; do dpkg -x "$file" "$work/root"; done
		# where / has links
		for name in bin lib sbin; do
			[ ! -d "root/$name" ] || { cp -a "root/$name/." "root/usr/$name/" && rm -r "root/$name"; }
		done
		rm -rf "$dir/tuned"
		mv root "$dir/tuned"
		dpkg-deb -f tuned_*.deb Version >"$dir/tuned.version"
	) >"$dir/tuned.log" 2>&1 || echo "peers: TuneD: $(tail -n 1 "$dir/tuned.log")"
	rm -rf "$work"
}

# fetch_image NAME PACKAGES: a minimal Debian 12 with them, as an image would have it.
fetch_image() {
	root=$dir/image-$1
	rm -rf --one-file-system "$root"
	# shellcheck disable=SC2086 # a list
	if ! { debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian &&
		DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y --no-install-recommends install $2; } >"$root.log" 2>&1; then
		echo "peers: $root: $(tail -n 1 "$root.log")"
		return
	fi
	rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
		"$root"/var/log/bootstrap.log
	: >"$root.done"
}

[ -x "$dir/goss" ] || fetch_goss
[ -e "$dir/tuned.version" ] || fetch_tuned
if [ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null; then
	[ -e "$dir/image-hosttune.done" ] || fetch_image hosttune \
		'xfsprogs mdadm kmod libarchive13 libblkid1 libcurl4 libjansson4 libkmod2 libmnl0 libmount1 libyaml-0-2'
	[ -e "$dir/image-tuned.done" ] || fetch_image tuned 'xfsprogs tuned'
	[ -e "$dir/image-script.done" ] || fetch_image script 'xfsprogs curl jq'
fi
