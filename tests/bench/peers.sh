#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# peers.sh DIR: fetch what the bench compares hosttune with, and this machine may lack: goss, built
# from its Go module, and Debian's package of TuneD with what it needs, unpacked and not installed.
# What cannot be fetched is reported, and the bench skips it.
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

[ -x "$dir/goss" ] || fetch_goss
[ -e "$dir/tuned.version" ] || fetch_tuned
