#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# deps.sh WHAT... : install the missing Debian packages for WHAT; quick and silent if
# none is missing. WHAT is one or more of
#
#   build  make                the program
#   check  make check, bench   all tests, analysis and the virtual machines
#   demo   make demo           the demonstration in a virtual machine
#   deb    make deb            the Debian package
#   static make static         the static program, for both architectures
#   image  make image          the container image, and skopeo to push it
#   engines make check-full    docker, podman and a registry, which run the image in the VM
#   arm64  tests/run.sh arm64  guests of arm64, of make check-full
#
# deps.sh --list WHAT... prints the packages, one a line, and installs nothing.
#
# It starts and enables no service, and removes no package.
set -eu

# The guest runs on this machine's files, so its programs are installed here.
VM='attr bcache-tools btrfs-progs busybox-static containerd cpio cryptsetup-bin curl e2fsprogs ethtool
	fdisk iproute2 iputils-ping jq kmod lvm2 mdadm nfs-kernel-server
	nvme-cli procps qemu-system-x86 rpcbind runc strace util-linux xfsprogs xz-utils zstd'
BUILD='gcc libarchive-dev libblkid-dev libc6-dev libcurl4-openssl-dev libjansson-dev libkmod-dev
	libmnl-dev libmount-dev libyaml-dev make pkg-config zlib1g-dev'
# The unit tests and the stub of the Bottlerocket API.
TESTS='libcmocka-dev libhttp-parser-dev'
# The run-time libraries of Debian's clang: 14 in Debian 12. Other versions of clang-format
# format differently, so that make fmt-check needs Debian 12.
clang=14
grep -qs '^VERSION_ID="13"' /etc/os-release && clang=19
CHECK="bzip2 chromium clang clang-format clang-tidy cppcheck curl dpkg-dev faketime fish git groff-base jq libclang-rt-$clang-dev libxml2-utils lld
	llvm-$clang mandoc patch
	prometheus python3-jsonschema python3-pyhcl python3-yaml shellcheck strace systemd time tmux valgrind zsh"

# Compilers of both architectures, and what unpacks source packages.
STATIC='binutils bzip2 dpkg-dev gcc jq libc6-dev lld make patch xz-utils'
case $(uname -m) in
aarch64) STATIC="$STATIC gcc-x86-64-linux-gnu linux-libc-dev-amd64-cross" ;;
*) STATIC="$STATIC gcc-aarch64-linux-gnu linux-libc-dev-arm64-cross" ;;
esac

# Another package of kubectl, or a newer kustomize, is as good: Debian's conflicts with it.
command -v kubectl >/dev/null || command -v kustomize >/dev/null || CHECK="$CHECK kubernetes-client"

say() {
	echo "packaging/deps.sh: $*" >&2
}

packages_for() {
	case $1 in
	build) echo "$BUILD" ;;
	check) echo "$BUILD $TESTS $CHECK $VM" ;;
	demo) echo "$BUILD $TESTS $VM" ;;
	static) echo "$STATIC" ;;
	image) echo "$STATIC skopeo" ;; # skopeo: to push it
	engines) echo 'containerd docker.io docker-registry iptables jq podman runc skopeo' ;;
	arm64) echo 'busybox-static cpio kmod qemu-system-arm xz-utils' ;;
	deb) echo "$BUILD $TESTS debhelper debootstrap dpkg-dev lintian" ;;
	*)
		say "\"$1\": unknown (build, check, demo, deb, static, image, engines or arm64)"
		return 2
		;;
	esac
}

# Print those of the packages $@ that are not installed.
missing() {
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		awk -v all="$*" '
			$1 == "installed" { have[$2] = 1 }
			END {
				n = split(all, name, " ")
				for (i = 1; i <= n; i++)
					if (!have[name[i]]++)
						print name[i]
			}'
}

# Maintainer scripts print a lot: show it only if something fails.
apt() {
	DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -y \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1
}

# Fetch the package lists if there are none, or if they are too old.
fetch_and_install() {
	set -- install --no-install-recommends --no-remove "$@"
	if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 && apt "$@"; then
		return
	fi
	if apt update && apt "$@"; then
		return
	fi
	cat "$log" >&2
	return 1
}

# --- no service may start ------------------------------------------------------------
#
# nfs-kernel-server, rpcbind and mdadm bring services that Debian starts on installation
# and at each boot. Tests need only their programs, and nothing must start to listen on a
# developer's machine. Every package runs policy-rc.d before it starts a service: during
# the installation, it forbids that (101). Afterwards, newly enabled units are disabled.

POLICY=/usr/sbin/policy-rc.d
KEPT=$POLICY.before-hosttune
MARK='# hosttune packaging/deps.sh is running: it removes this file when it ends'

# Restore the original file, also after an earlier run that was killed.
policy_restore() {
	if grep -qsxF "$MARK" $POLICY; then
		rm -f $POLICY
	fi
	if [ -e $KEPT ] || [ -L $KEPT ]; then
		mv -f $KEPT $POLICY
	fi
}

policy_deny() {
	if [ -e $POLICY ] || [ -L $POLICY ]; then
		mv $POLICY $KEPT
	fi
	printf '#!/bin/sh\n%s\nexit 101\n' "$MARK" >$POLICY.new
	chmod 755 $POLICY.new
	mv $POLICY.new $POLICY
}

# Print the enabled units; nothing if systemd is not installed. It need not run: systemctl
# reads the files.
enabled_units() {
	if command -v systemctl >/dev/null; then
		systemctl --root=/ list-unit-files --state=enabled --no-legend --plain | awk '{ print $1 }'
	fi
}

# Disable the units that are enabled now and not in the list $1. An empty list means that
# systemd was not installed before (an image under construction): then disable nothing.
disable_new() {
	[ "$1" ] || return 0
	enabled_units | while read -r unit; do
		printf '%s\n' "$1" | grep -qxF -e "$unit" || systemctl --root=/ --quiet disable "$unit"
	done
}

install_without_services() {
	before=$(enabled_units)
	log=$(mktemp)
	trap 'policy_restore; rm -f "$log"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	policy_restore
	policy_deny
	result=0
	fetch_and_install "$@" || result=$?
	disable_new "$before"
	return $result
}

# -------------------------------------------------------------------------------------

list=
[ "${1:-}" != --list ] || { list=1 && shift; }
[ $# -gt 0 ] || { say "usage: deps.sh [--list] build|check|demo|deb|static|image|engines|arm64..." && exit 2; }
packages=$(for what; do packages_for "$what" || exit; done)
what=$*
# shellcheck disable=SC2086 # a list of words
set -- $packages

if [ "$list" ]; then
	printf '%s\n' "$@"
	exit
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	say "this system is not Debian: install the equivalent of these packages:" "$@"
	exit 1
fi
todo=$(missing "$@")
[ "$todo" ] || exit 0
# shellcheck disable=SC2086 # a list of words
set -- $todo
if [ "$(id -u)" != 0 ]; then
	say "not installed:" "$@"
	say "run: sudo $0 $what"
	exit 1
fi
say "installing" "$@"
install_without_services "$@"
