#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The commands of "Try it" in README.md, on Debian systems on which nothing else is installed.
#
# usage: tests/readme.sh [--image] [SUITE...]       (default: bookworm trixie)
#
# The commands are those of README.md, run in a root that debootstrap made, as they are: with
# the packages that they install themselves. `make check` and `make image` are not run: they take
# long, and have their own suites; here the packages that they need must exist. With --image, the
# image is made, and not pushed. Each root is made once, in $B/vm; what a run adds to it is removed.
# A suite whose archive cannot be reached is skipped.
set -u
. tests/fresh.sh
. tests/tap.sh
fresh_begin readme
image=
[ "${1:-}" != --image ] || { image=1 && shift; }
[ $# -gt 0 ] || set -- bookworm trixie

# enter SUITE: mount a fresh copy of the root, with the committed tree in /hosttune.
enter() {
	system=$(fresh_install "base-$1" plain fresh_debootstrap "$1") || return
	fresh_files
	mkdir -p "$upper/hosttune" "$upper/etc"
	git ls-files -z | tar -c --null -T - | tar -x -C "$upper/hosttune" || return
	cp /etc/resolv.conf "$upper/etc/resolv.conf"
	fresh_mount "$system" && mount -t sysfs -o ro sysfs "$root/sys" && mount -t tmpfs tmpfs "$root/tmp"
}

# inside COMMAND: run a line of sh in it, with an empty environment.
inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb chroot "$root" sh -c "cd /hosttune && $1"
}

# Print the commands of "Try it", one a line: those of its blocks, without comments.
commands() {
	sed -n '/^## Try it/,/^## Why/p' README.md | awk '/^```/ { block = !block; next } block' |
		sed 's/ *#.*//; s/^\$ //'
}

# packages WHAT: those that packaging/deps.sh installs for it exist, and fit together.
packages() {
	inside "apt-get -qq -s --no-install-recommends install $(inside "packaging/deps.sh --list $1" | xargs)" >/dev/null
}

# audits COMMAND: it ran, and the node differs or does not.
audits() {
	inside "$1"
	case $? in
	0 | 1) return 0 ;;
	esac
	return 1
}

# demo COMMAND: it applies the profile in the VM, and the drive of others stays as it is.
demo() {
	inside "$1" >"$work/demo" 2>&1 || {
		tail -n 40 "$work/demo"
		return 1
	}
	sed -n '/^=== After/,$p' "$work/demo"
	grep -q '^byte-identical' "$work/demo" && grep -q '^/mnt/data.*xfs.*noatime' "$work/demo"
}

commands >"$work/commands"
for part in '&& make$' ' audit ' 'make demo$' 'make check$' ' && make image && skopeo copy '; do
	check "README.md has a command \"$part\"" grep -q -e "$part" "$work/commands"
done
for suite; do
	if ! enter "$suite" >"$work/log" 2>&1; then
		skip "$suite" "no system: see $B/vm/base-$suite.log"
		continue
	fi
	while read -r command <&3; do
		case $command in
		*' audit '*) check "$suite: $command" audits "$command" ;;
		*'make demo') check "$suite: $command" demo "$command" ;;
		*'make check') check "$suite: packages of $command" packages check ;;
		*' diagnose'* | *' baseline '*) continue ;; # they look at this machine's drives
		*'make image '*)
			check "$suite: packages of $command" packages image
			[ ! "$image" ] || check "$suite: ${command% && skopeo *}" inside "${command% && skopeo *}"
			;;
		*) check "$suite: $command" inside "$command" ;;
		esac
	done 3<"$work/commands"
	check "$suite: the build has no warning" inside 'make -s clean && make -j2 WERROR=1'
done
summary
