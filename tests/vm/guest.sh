# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Functions for scripts that run in the test VM: tests/vm/run -- tests/NAME.sh
# They expect to be sourced in the checkout's root, where tests/vm/run starts
# its command:
#
#	#!/bin/sh
#	. tests/vm/guest.sh
#	drive=$(instance_store_drive AWS9 "$(drive_by_serial AWS00000000000000001)")
#	t_ok "the drive takes XFS" mkfs.xfs -q "$drive"
#	t_done
#
# Drives:      drive_by_serial, aws_drive, aws_drive_remove, instance_store_drive,
#              ebs_drive, drive_blank, sectors_written, power_cut
# The host:    bottlerocket_host, take_port, release_port, in_nfsd, trace_changes, changes_in
# Containers:  test_rootfs, bootstrap_container, host_container, capabilities
# Waiting:     until_ok
# Results:     t_ok, t_not, t_is, t_run, t_status, t_says, t_pass, t_fail, t_skip, t_done

guest_checkout=$PWD

# The directory of what is tested, for scripts that change theirs.
HOSTTUNE_B=${HOSTTUNE_B:-build}
case $HOSTTUNE_B in /*) ;; *) HOSTTUNE_B=$PWD/$HOSTTUNE_B ;; esac
export HOSTTUNE_B

# fail TEXT: end the script: the guest itself does not work.
fail() {
	echo "guest.sh: $*" >&2
	exit 125
}

[ -f "$guest_checkout/tests/vm/guest.sh" ] || fail "$guest_checkout: not the checkout: source this from its root"
[ -d /run/vm ] || fail "this is not the test VM: use tests/vm/run"

# busybox is static, and starts ten times as fast in the emulator as the ordinary program. It
# does not look for the type of a file system, and has no NFS.
mount() {
	case $* in
	*remount*) command mount "$@" ;;
	--bind* | --rbind* | --make-* | '-t tmpfs '* | '-t overlay '*) busybox mount "$@" ;;
	*) command mount "$@" ;;
	esac
}

# ---- drives ----

# drive_by_serial SERIAL
# Print the device of the NVMe drive with that serial, such as /dev/nvme0n1,
# once it exists. The kernel numbers drives in no fixed order.
drive_by_serial() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		for _serial in /sys/block/nvme*/device/serial; do
			_node=${_serial%/device/serial}
			_node=/dev/${_node##*/}
			if [ -b "$_node" ] && read -r _text <"$_serial" && [ "$_text" = "$1" ]; then
				echo "$_node"
				return
			fi
		done
		sleep 0.2
	done
	fail "serial $1: no such NVMe drive: see tests/vm/run -d"
}

# aws_drive MODEL SERIAL BACKING
# Make a drive with exactly this model and serial (20 characters at most) on
# the block device or regular file BACKING, and print its device. It is the
# kernel's own NVMe target, reached over TCP on the loopback. As with every
# target of that kind, sysfs also shows a hidden path device (nvme2c2n1).
aws_drive() (
	nqn=nqn.2014-08.org.hosttune:$2
	target=/sys/kernel/config/nvmet
	modprobe -a configfs nvmet-tcp nvme-tcp || fail "NVMe target: modules cannot be loaded"
	mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
	if ! [ -d "$target/ports/1" ]; then
		mkdir "$target/ports/1"
		cd "$target/ports/1" || exit
		echo tcp >addr_trtype
		echo ipv4 >addr_adrfam
		echo 127.0.0.1 >addr_traddr
		echo 4420 >addr_trsvcid
	fi
	case $3 in /*) backing=$3 ;; *) backing=$guest_checkout/$3 ;; esac
	mkdir "$target/subsystems/$nqn" || fail "drive $2: exists already"
	cd "$target/subsystems/$nqn" || exit
	echo 1 >attr_allow_any_host
	echo "$1" >attr_model
	echo "$2" >attr_serial 2>/dev/null
	read -r serial <attr_serial
	mkdir namespaces/1
	echo "$backing" >namespaces/1/device_path
	[ -b "$backing" ] || echo 1 >namespaces/1/buffered_io # tmpfs has no direct I/O
	echo 1 >namespaces/1/enable || fail "$backing: not usable as the backing of drive $2"
	ln -s "$target/subsystems/$nqn" "$target/ports/1/subsystems/$nqn"
	printf 'transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=%s,nr_io_queues=1' "$nqn" >/dev/nvme-fabrics ||
		fail "drive $2: cannot connect to its target: see dmesg"
	[ "$serial" = "$2" ] || show_serial "$nqn" "$2" # before Linux 5.13, serials are hexadecimal
	drive_by_serial "$2"
)

# show_serial NQN SERIAL: mount the serial over the files that have it in sysfs, until the
# drive is removed.
show_serial() {
	for subsystem in /sys/class/nvme-subsystem/*; do
		read -r name <"$subsystem/subsysnqn"
		[ "$name" = "$1" ] || continue
		printf '%-20s\n' "$2" >"/run/vm/serial-$2"
		for file in "$subsystem/serial" "$subsystem"/nvme*/serial; do
			[ ! -e "$file" ] || mount --bind "/run/vm/serial-$2" "$file"
		done
	done
}

# aws_drive_remove SERIAL
# Remove a drive that aws_drive made, like pulling it out; its backing stays.
aws_drive_remove() (
	for controller in /sys/class/nvme-subsystem/*/nvme*/subsysnqn; do
		read -r nqn <"$controller"
		[ "$nqn" != "nqn.2014-08.org.hosttune:$1" ] || echo 1 >"${controller%/subsysnqn}/delete_controller"
	done
	cd /sys/kernel/config/nvmet || exit
	nqn=nqn.2014-08.org.hosttune:$1
	rm "ports/1/subsystems/$nqn"
	echo 0 >"subsystems/$nqn/namespaces/1/enable"
	rmdir "subsystems/$nqn/namespaces/1" "subsystems/$nqn"
)

# instance_store_drive SERIAL BACKING, ebs_drive SERIAL BACKING
# The two kinds of drives that EC2 has, see aws_drive.
instance_store_drive() {
	aws_drive 'Amazon EC2 NVMe Instance Storage' "$@"
}
ebs_drive() {
	aws_drive 'Amazon Elastic Block Store' "$@"
}

# sectors_written DEVICE
# Print the number of sectors written to or discarded on a block device since
# boot: "was never touched" without reading it (the guest reads some 30 MB/s).
# Linux 6.1 does not count on the drives of aws_drive: ask for their backing.
sectors_written() {
	awk '{ print $7 + $14 }' "/sys/class/block/$(basename "$1")/stat"
}

# drive_blank DEVICE
# Make a drive all zeros, and wait until nobody holds it: the kernel releases the members of
# an array a moment after it was stopped.
drive_blank() {
	blkdiscard -fz "$1" 2>/dev/null
	_tries=0
	until blkdiscard "$1" 2>/run/vm/blank; do
		_tries=$((_tries + 1))
		[ $_tries -lt 50 ] || fail "$1: $(cat /run/vm/blank)"
		sleep 0.1
	done
	cmp -s -n 1048576 "$1" /dev/zero || fail "$1: is not blank again"
}

# power_cut [STATUS]
# Switch the guest off on the spot, without writing back anything. tests/vm/run
# exits with STATUS (default 0). Its drives keep what had reached them.
power_cut() {
	echo "${1-0}" >/run/vm/status
	echo b >/proc/sysrq-trigger
	sleep 60
}

# ---- the host ----

# bottlerocket_host
# Give the guest the layout of a Bottlerocket host: the data partition /local
# (here in memory), shared binds of it at /mnt, /opt and /var, a read-only
# /etc, the release file, and everything else that a bootstrap container sees.
# The guest loses this machine's /mnt, /opt and /var. XFS is loaded, because
# Bottlerocket has it built in. Call it once.
bottlerocket_host() {
	mkdir -p /local /run/checkout
	mount --bind "$guest_checkout" /run/checkout
	mount -t tmpfs -o nosuid,nodev,noatime local /local
	mount --make-private /local
	for _dir in mnt opt var; do
		mkdir -p "/local/$_dir" "/$_dir"
		mount --rbind "/local/$_dir" "/$_dir"
		mount --make-rshared "/$_dir"
	done
	if ! [ -e "$guest_checkout/tests/vm/guest.sh" ]; then
		mkdir -p "$guest_checkout"
		mount --bind /run/checkout "$guest_checkout"
		cd "$guest_checkout" || fail "$guest_checkout: cannot go back to it"
	fi
	ln -s /run /var/run
	mkdir -p /var/lib/bottlerocket /var/lib/containerd /var/lib/kubelet /var/log/pods /var/log/support /var/tmp
	mkdir -p /usr/share/bottlerocket /usr/src/kernels
	mkdir -m 700 /local/bootstrap-containers /local/host-containers
	mount -t debugfs debugfs /sys/kernel/debug
	modprobe xfs

	case $(uname -r) in
	5.10.*) _variant=aws-ecs-1 ;;
	6.1.*) _variant=aws-k8s-1.32 ;;
	*) _variant=aws-k8s-1.33 ;;
	esac
	cat >/usr/lib/os-release <<-END
		NAME=Bottlerocket
		ID=bottlerocket
		VERSION="1.50.0 ($_variant)"
		PRETTY_NAME="Bottlerocket OS 1.50.0 ($_variant)"
		VARIANT_ID=$_variant
		VERSION_ID=1.50.0
		BUILD_ID=00000000
	END
	ln -sf ../usr/lib/os-release /etc/os-release
	echo '{"Content":[]}' >/usr/share/bottlerocket/application-inventory.json
	printf '#!/bin/sh\necho "apiclient: the test VM has none" >&2\nexit 1\n' >/usr/bin/apiclient
	chmod 755 /usr/bin/apiclient
	for _file in hosts resolv.conf; do
		[ -e /etc/$_file ] || : >/etc/$_file
	done
	mount --bind /etc /etc
	mount -o remount,bind,ro /etc
}

# take_port PORT, release_port: listen on the port, so that the start of an NFS server
# fails in its last step.
take_port() {
	busybox nc -l -p "$1" >/dev/null 2>&1 &
	_taken=$!
	until_ok taken "$1"
}
taken() { [ "$(ss -Hltn "sport = :$1")" ]; }
release_port() {
	kill "$_taken"
}

# in_nfsd COMMAND: run it where nfsd's file system is mounted for it alone.
in_nfsd() {
	unshare -m sh -c 'busybox mount -t nfsd nfsd /proc/fs/nfsd 2>/dev/null; '"$1"
}

# trace_changes TRACE COMMAND...
# Run the command, and leave a trace of what changes_in looks at; other calls are not stopped.
trace_changes() {
	_trace=$1
	shift
	strace -f -qq --seccomp-bpf -e trace=%file,ioctl,fchmod,fsmount,move_mount -o "$_trace" "$@"
}

# changes_in TRACE
# Print the lines of an strace of hosttune that change something: files opened for writing,
# mounts, tools run. It reads the state of nfsd through a mount that only its child sees.
changes_in() {
	grep -E 'O_WRONLY|O_RDWR|O_CREAT|mount\(|umount|mkdir|mknod|unlink|rename|chmod|execve|BLK(DISCARD|ZEROOUT|SECDISCARD|ROSET|RASET)|SETFLAGS' "$1" |
		grep -vE '^[0-9]+ +execve\(".*/hosttune"|/dev/null|"run/hosttune/lock"|O_PATH|mount\(("nfsd"|NULL, "/", NULL, MS_REC\|MS_PRIVATE)|mkdirat\(.*EEXIST'
}

# ---- containers ----

# test_rootfs DIR BINARY...
# Make DIR a minimal root file system with these programs in /usr/bin and the
# shared libraries they need. A BINARY is a path or the name of a command.
test_rootfs() (
	root=$1
	shift
	mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/tmp" || exit
	for dir in bin lib lib64; do
		ln -sfn "usr/$dir" "$root/$dir"
	done
	ln -sfn bin "$root/usr/sbin"
	ln -sfn usr/bin "$root/sbin"
	for binary; do
		path=$(command -v "$binary") || fail "$binary: no such program for the root file system $root"
		cp -L "$path" "$root/usr/bin/"
		/lib64/ld-linux-x86-64.so.2 --list "$path" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
			mkdir -p "$root$(dirname "$library")"
			cp -L "$library" "$root$library"
		done
	done
)

# bootstrap_container NAME ROOTFS COMMAND [ARG...]
# Run COMMAND in a container with what Bottlerocket's host-ctr gives the
# bootstrap container NAME; needs bottlerocket_host. Its stdout and stderr are
# the caller's, its exit status is the function's. It may write to ROOTFS, but
# nothing of that stays. It reads user data from /local/bootstrap-containers/NAME,
# and what it writes there stays. For runc it is boot.NAME.
#
# The container is described in container.json: mounts with flags and
# propagation, capabilities, namespaces, masked and read-only paths as in
# host-ctr of Bottlerocket 1.50 and containerd's defaults. Known differences:
# - No SELinux: Debian's kernel has no Bottlerocket policy.
# - The seccomp list is containerd's oldest for these capabilities (later ones
#   allow more: with CAP_SYS_ADMIN also the new mount calls), so that programs
#   must cope with EPERM; only clone3 gives ENOSYS, as the C library's threads
#   need it and every containerd in use handles it.
# - modprobe is busybox instead of kmod: static, as Bottlerocket's is.
# - Without an API server /run/api.sock is a file that refuses connections.
bootstrap_container() {
	run_container bootstrap boot. . "$@"
}

# host_container SUPERPOWERED NAME ROOTFS COMMAND [ARG...]
# The same for the host container NAME, with /local/host-containers/NAME;
# SUPERPOWERED is true or false, as in its setting. For runc it is NAME.
#
# A superpowered one has what a bootstrap container has (also the host's PID and
# network namespaces), but all capabilities, no seccomp, nothing masked, a
# writable /sys, and of the host's mounts only /mnt shared. A plain one has its
# own PID namespace, the default capabilities, and no access to the host's root.
host_container() {
	# shellcheck disable=SC2016 # a variable of jq
	_super='.process.capabilities.bounding = $capabilities
		| .process.noNewPrivileges = false
		| .linux |= del(.seccomp, .maskedPaths, .readonlyPaths)
		| .mounts |= map(select(.destination | startswith("/.bottlerocket/rootfs/var/") | not))
		| (.mounts[] | select(.type == "sysfs" or .type == "cgroup").options) -= ["ro"]'
	_plain='.process.capabilities.bounding -= ["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SYS_MODULE",
			"CAP_AUDIT_CONTROL"]
		| .linux.namespaces += [{type: "pid"}]
		| del(.linux.rootfsPropagation)
		| .mounts |= map(select(.destination
			| test("^(/.bottlerocket/rootfs|/lib/modules|/usr/src|/sys/(firmware|kernel)|/usr/local/sbin)") | not))'
	case $1 in true) _differs=$_super ;; *) _differs=$_plain ;; esac
	shift
	run_container host "" "$_differs" "$@"
}

# capabilities: print all that the kernel has, as a JSON list. Not by jq, which takes a third of
# a second here.
capabilities() {
	setpriv --list-caps |
		awk '{ printf "%s\"CAP_%s\"", (NR > 1 ? ", " : "["), toupper($0) } END { print "]" }'
}

# run_container KIND PREFIX DIFFERS NAME ROOTFS COMMAND [ARG...]: for the two above;
# DIFFERS is a jq filter that changes container.json.
run_container() (
	kind=$1
	prefix=$2
	differs=$3
	name=$4
	rootfs=$5
	shift 5
	mkdir -p "/local/$kind-containers/$name"
	[ -e /run/api.sock ] || : >/run/api.sock
	bundle=$(mktemp -d "/run/$kind.XXXXXX") || exit 125
	trap 'umount "$bundle/rootfs" && rm -rf "$bundle"' EXIT
	mkdir "$bundle/upper" "$bundle/work" "$bundle/rootfs"
	mount -t overlay -o "lowerdir=$rootfs,upperdir=$bundle/upper,workdir=$bundle/work" overlay "$bundle/rootfs" ||
		fail "$rootfs: cannot be the root of $kind container $name"
	# host-ctr skips the storage directories that the host does not have.
	absent=$(for dir in /var/lib/containerd /var/lib/docker /var/lib/kubelet; do [ -e $dir ] || echo $dir; done)
	jq --arg kind "$kind" --arg name "$name" --arg absent "$absent" --argjson capabilities "$(capabilities)" --args '
		walk(if type == "string" then sub("KIND"; $kind) | sub("NAME"; $name) else . end)
		| .process.args = $ARGS.positional
		| '"$differs"'
		| .process.capabilities |= (.effective = .bounding | .permitted = .bounding)
		| .mounts |= map(select(.source as $dir | $absent | split("\n") | index($dir) | not))
	' -- "$@" <"$guest_checkout/tests/vm/container.json" >"$bundle/config.json" ||
		fail "tests/vm/container.json: cannot be filled in for $kind container $name"
	runc run --bundle "$bundle" "$prefix$name" </dev/null
)

# ---- waiting ----

SOON=${HOSTTUNE_SOON:-400} # tenths of a second: the guest is emulated

# until_ok COMMAND [ARG...]: wait until it succeeds; fail after $SOON.
until_ok() {
	_n=0
	until "$@" >/dev/null 2>&1; do
		_n=$((_n + 1))
		[ "$_n" -lt "$SOON" ] || return 1
		sleep 0.1
	done
}

# ---- results ----

t_passed=0 t_failed=0 t_skipped=0
t_out=/run/vm/out

# t_ok NAME COMMAND [ARG...]: passes if COMMAND succeeds.
t_ok() {
	_name=$1
	shift
	if _output=$("$@" 2>&1); then
		t_pass "$_name"
	else
		t_fail "$_name" "status $? from: $*" "$_output"
	fi
}

# t_not NAME COMMAND [ARG...]: passes if COMMAND fails.
t_not() {
	_name=$1
	shift
	if _output=$("$@" 2>&1); then
		t_fail "$_name" "succeeded: $*" "$_output"
	else
		t_pass "$_name"
	fi
}

# t_is NAME EXPECTED ACTUAL: passes if the two texts are equal.
t_is() {
	if [ "$2" = "$3" ]; then
		t_pass "$1"
	else
		t_fail "$1" "expected: $2" "actual:   $3"
	fi
}

# t_run COMMAND [ARG...]: run it, set $status to its exit status, and write its output to
# the file $t_out.
t_run() {
	status=0
	"$@" >"$t_out" 2>&1 || status=$?
}

# t_status NAME EXPECTED: passes if the last t_run ended with this exit status.
t_status() {
	if [ "$2" = "$status" ]; then
		t_pass "$1"
	else
		t_fail "$1" "expected exit status $2, not $status:" "$(cat "$t_out")"
	fi
}

# t_flat FILE: print it as one line, since reports for people break lines.
t_flat() {
	tr -s ' \n' ' ' <"$1"
}

# t_says NAME TEXT: passes if TEXT is in the output of the last t_run, apart from its lines.
t_says() {
	if t_flat "$t_out" | grep -qF -- "$2"; then
		t_pass "$1"
	else
		t_fail "$1" "not found: $2" "$(cat "$t_out")"
	fi
}

# t_pass NAME, t_fail NAME [LINE...], t_skip NAME REASON: report a result.
t_pass() {
	t_passed=$((t_passed + 1))
	echo "ok $((t_passed + t_failed + t_skipped)) - $1"
}
t_fail() {
	t_failed=$((t_failed + 1))
	echo "not ok $((t_passed + t_failed + t_skipped)) - $1"
	shift
	printf '%s\n' "$@" | sed 's/^/# /'
}
t_skip() {
	t_skipped=$((t_skipped + 1))
	echo "ok $((t_passed + t_failed + t_skipped)) - $1 # SKIP $2"
}

# t_done: print the plan and the summary; exit 1 if anything failed, with what the kernel said of
# its devices.
t_done() {
	[ "$t_failed" = 0 ] || dmesg | grep -iE 'nvme|timeout|stuck|I/O error' | tail -n 30 | sed 's/^/# kernel: /'
	echo "1..$((t_passed + t_failed + t_skipped))"
	echo "$t_passed passed, $t_failed failed, $t_skipped skipped"
	[ "$t_failed" = 0 ]
	exit
}
