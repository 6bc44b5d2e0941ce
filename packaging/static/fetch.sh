#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fetch the packages of a list, verify their sums, and unpack them, with Debian's patches.
#
# usage: packaging/static/fetch.sh DIR [LIST]     (default: packaging/static/sources)
#
# Each package is then in DIR/NAME_VERSION, or DIR/NAME_VERSION_ARCH. Nothing is installed.
# Existing directories are not replaced. The files come from this machine's mirrors of
# Debian, and from debian-security beside each: a new system may not use that. A mirror drops a version some time after a newer one: set DEBIAN_MIRROR to
# directories with a pool/ of that time, separated by spaces.
set -eu

[ $# -eq 1 ] || [ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd -P)
list=${2:-$here/sources}
mkdir -p "$1"
dir=$(cd "$1" && pwd -P)

die() {
	echo "fetch.sh: $*" >&2
	exit 1
}

# Print this machine's mirrors of Debian and of its security updates.
mirrors() {
	# shellcheck disable=SC2016 # for apt-get
	apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Origin: Debian' 2>/dev/null |
		sort -u | sed 's/\/$//; p; s/\/debian$/&-security/; t; d' | awk '!seen[$0]++'
}

# download PATH SHA256: from the first mirror that has it, into this directory.
download() {
	for mirror in $mirrors; do
		for pool in pool pool/updates; do
			if /usr/lib/apt/apt-helper -qq -o APT::Sandbox::User=root download-file \
				"${mirror%/}/$pool/$1" "${1##*/}" "SHA256:$2" 2>>"$work/error"; then
				return
			fi
		done
	done
	die "$1: $(grep -v 'Download Failed' "$work/error" | tail -n 1) (see DEBIAN_MIRROR in packaging/static/fetch.sh)"
}

# unpack_source DSC: with the other files that it lists. Their sums are those of the .dsc;
# keys of signatures expire.
unpack_source() {
	awk '/^Checksums-Sha256:/ { on = 1; next } /^[^ ]/ { on = 0 } on { print $3, $1 }' "${1##*/}" >list
	while read -r file sum; do
		case $file in
		*.asc) ;;
		*) download "${1%/*}/$file" "$sum" ;;
		esac
	done <list
	dpkg-source --no-check -x "${1##*/}" unpacked >log 2>&1 || die "$1: $(tail -n 3 log)"
}

# Print the lines of the packages that are not in DIR.
missing() {
	grep -v '^#' "$list" | while read -r path sum; do
		name=${path##*/}
		[ -d "$dir/${name%.*}" ] || echo "$path $sum"
	done
}

todo=$(missing)
[ "$todo" ] || exit 0
for tool in apt-get dpkg-source; do
	command -v $tool >/dev/null || die "$tool: command not found (run packaging/deps.sh static)"
done
work=$(mktemp -d "$dir/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mirrors=${DEBIAN_MIRROR:-$(mirrors)}
if [ -z "$mirrors" ]; then
	apt-get -qq update >&2
	mirrors=$(mirrors)
fi
[ "$mirrors" ] || die "no mirror of Debian among this machine's package sources"
echo "$todo" >"$work/todo"
while read -r path sum; do
	file=${path##*/}
	name=${file%.*}
	echo "fetch.sh: $name" >&2
	mkdir "$work/$name"
	cd "$work/$name"
	download "$path" "$sum"
	case $file in
	*.dsc) unpack_source "$path" ;;
	*.deb) dpkg -x "$file" unpacked ;;
	*) die "$file: neither a .dsc nor a .deb" ;;
	esac
	mv -T unpacked "$dir/$name" 2>/dev/null || [ -d "$dir/$name" ]
done <"$work/todo"
