#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The API's init and bind, as a bootstrap command or Karpenter runs them: before the
# bootstrap container, after it, or not at all. The end state is the same. Also directories
# that only the API can bind.
#
# usage: tests/vm/run -d 2 -s 320M -t 600 -- tests/vm/ephemeral.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
stub=$B/api-stub
rootfs=/run/rootfs
work=$(mktemp -d /run/work.XXXXXX)
dirs='/var/lib/containerd /var/lib/kubelet /var/log/pods'

# Run the container with $work/$1.yaml as its user data; more words are its arguments.
run() {
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/$1.yaml" /local/bootstrap-containers/hosttune/user-data
	shift
	t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune "$@"
}

# api KIT SCRIPT [OPTION...]: (re)start the API with that core kit.
api() {
	api_stop
	kit=$1 script=$2
	shift 2
	"$stub" --daemonize --pid-file "$work/pid" --log "$work/log" --kit "$kit" --disk "$link" \
		--on-storage "$PWD/tests/vm/api-storage $script" "$@" /run/api.sock || fail "api-stub does not start"
}

api_stop() {
	[ -e "$work/pid" ] || return 0
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
	rm -f "$work/log"
}

post() {
	curl -s -m 60 -o "$work/answer" -w '%{http_code}' -X POST -H 'Content-Type: application/json' \
		--unix-socket /run/api.sock -d "$2" "http://localhost/actions/ephemeral-storage/$1"
}

# Do what the node's bootstrap command does.
by_api() {
	t_is "$1: the API's init" 204 "$(post init '{"filesystem":"Xfs"}')"
	t_is "$1: the API's bind" 204 \
		"$(post bind "{\"targets\":[$(echo "$dirs" | sed 's/[^ ]*/"&"/g; s/ /,/g')]}")"
}

# Print the state to compare: what is mounted where, with which flags, and that it works.
state() {
	for dir in $dirs; do
		flags=,$(findmnt -no VFS-OPTIONS "$dir"),
		case $flags in *,noatime,*) flags=noatime ;; esac
		echo "$dir $(findmnt -no SOURCE "$dir") $(findmnt -no FSTYPE "$dir") $flags"
		echo here >"$dir/probe"
		cat "/mnt/.ephemeral/.$(echo "$dir" | tr / _)/probe"
	done
	blkid -p -o value -s LABEL "$drive"
	findmnt -no SOURCE /mnt/.ephemeral
	grep -c "$(basename "$drive") " /proc/self/mountinfo
}

# Make it a new node: nothing mounted, the drive blank.
reset() {
	for dir in $dirs /mnt/.ephemeral; do
		while mountpoint -q "$dir"; do umount "$dir" || fail "$dir is busy"; done
	done
	blkdiscard -fz "$store" 2>/dev/null || fail "cannot empty the drive"
	blockdev --flushbufs "$drive"
}

prepare() {
	bottlerocket_host
	cp -r "$B/rootfs" $rootfs
	store=$(drive_by_serial AWS00000000000000001)
	drive=$(instance_store_drive AWS1111 "$store")
	mkdir -p /dev/disk/ephemeral
	link=/dev/disk/ephemeral/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1111
	ln -sfn "../../$(basename "$drive")" $link
	cat >"$work/main.yaml" <<-END
		version: 1
		storage:
		  - name: data
		    label: ephemeral
		    mount: /mnt/.ephemeral
		    options: [noatime]
		    bind: [$(echo "$dirs" | sed 's/ /, /g')]
		persist: false
	END
}

none() {
	api 13.1 new
	run main
	t_status "alone: exit" 0
	state >"$work/alone"
	t_is "alone: the API binds /var/log/pods, and nothing else" \
		"POST init POST bind" "$(sed -n 's/\(POST\) .*ephemeral-storage\/\([a-z]*\).*/\1 \2/p' "$work/log" | xargs)"
	t_not "the container's prefix does not reach the host" grep -q 'bottlerocket/rootfs/dev' /proc/1/mountinfo
	run main
	t_status "alone, again: exit" 0
	t_says "alone, again: nothing to do" "applied: all 6 in sync"
	state >"$work/again"
	t_ok "alone, again: the same" diff "$work/alone" "$work/again"
}

before() {
	for kit in ${HOSTTUNE_FULL:+10.8} 13.1; do
		reset
		api "$kit" new
		by_api "API before ($kit)"
		run main
		t_status "API before ($kit): exit" 0
		t_says "API before ($kit): nothing to do" "applied: all 6 in sync"
		state >"$work/state"
		t_ok "API before ($kit): the same" diff "$work/alone" "$work/state"
	done
}

after() {
	for kit in 10.8 ${HOSTTUNE_FULL:+11.0}; do
		reset
		api "$kit" new
		run main
		t_status "API after ($kit): exit" 0
		by_api "API after ($kit)"
		state >"$work/state"
		t_ok "API after ($kit): the same" diff "$work/alone" "$work/state"
		run main audit
		t_status "API after ($kit): audit" 0
	done
}

# Core kit before 10.8 binds only to what it has mounted itself, with relatime.
old() {
	reset
	api 3.1 old
	run main
	t_status "old API: /var/log/pods is not available" 3
	t_says "old API: reason" "cannot bind to a file system that is already mounted"
	t_not "old API: the binds are rolled back" findmnt -n /var/lib/kubelet
	dirs='/var/lib/containerd /var/lib/kubelet'
	sed 's|, /var/log/pods||' "$work/main.yaml" >"$work/shared.yaml"
	run shared
	t_status "old API: directories that a container reaches can be bound" 0
	state >"$work/shared"
	reset
	api 3.1 old
	by_api "old API, before"
	run shared
	t_status "old API, before: noatime does not reach the host" 3
	t_says "old API, before: reason" "a container cannot change the flags of the host's mount"
	sed '/options/d' "$work/shared.yaml" >"$work/plain.yaml"
	run plain
	t_status "old API, before: options that are not configured are no drift" 0
	sed 's/ noatime$/ relatime/' "$work/shared" >"$work/want"
	state | sed 's/,rw.*relatime.*,$/relatime/' >"$work/state"
	t_ok "old API, before: the rest is the same" diff "$work/want" "$work/state"
}

refused() {
	reset
	api 13.1 new
	dirs='/var/lib/containerd /var/lib/kubelet /var/log/pods'
	sed 's|/var/log/pods|/var/log/other|' "$work/main.yaml" >"$work/other.yaml"
	written=$(sectors_written "$store")
	run other
	t_status "a directory that the API does not bind is refused" 5
	t_says "the reason is reported" "the Bottlerocket API does not bind /var/log/other either"
	sed 's|/mnt/.ephemeral|/mnt/data|' "$work/main.yaml" >"$work/elsewhere.yaml"
	run elsewhere
	t_status "a directory that a container does not reach is refused" 5
	t_says "the remedy is reported" "set \`mount: /mnt/.ephemeral\`"
	rm $link
	run main
	t_status "a drive that the API does not count as ephemeral is refused" 5
	t_says "the reason is reported" "does not count $drive as ephemeral storage"
	ln -sfn "../../$(basename "$drive")" $link
	echo full >/var/lib/kubelet/file
	run main
	t_status "a directory that is not empty is refused" 5
	t_is "all refusals come before the drive is written to" "$written" "$(sectors_written "$store")"
	sed 's|persist|    move: true\n&|' "$work/main.yaml" >"$work/move.yaml"
	run move
	t_status "its content is moved" 0
	t_is "the content is on the drive" full "$(cat /mnt/.ephemeral/._var_lib_kubelet/file /var/lib/kubelet/file | uniq)"
	umount /var/lib/kubelet
	t_is "the original stays below the bind" full "$(cat /var/lib/kubelet/file)"
}

# The API makes the bind, and its answer is lost or is an error: the copy is in use.
unanswered() {
	reset
	dirs=/var/log/pods
	sed 's|bind: .*|bind: [/var/log/pods]\n    move: true|' "$work/main.yaml" >"$work/pods.yaml"
	mkdir -p /var/log/pods/pod
	echo log >/var/log/pods/pod/0.log
	api 13.1 new --fault "POST /actions/ephemeral-storage/bind=close"
	run pods
	t_status "the answer is lost, and the bind is made" 0
	t_is "the content is there" log "$(cat /var/log/pods/pod/0.log /mnt/.ephemeral/._var_log_pods/pod/0.log | uniq)"

	reset
	api 13.1 new --fault "POST /actions/ephemeral-storage/bind=reset"
	run pods
	t_status "the connection fails before the bind" 3
	t_says "the copy stays" "/mnt/.ephemeral/._var_log_pods stays: the API may still bind it"
	api 13.1 new
	run pods
	t_status "the next run binds it" 0
	t_is "the content is there" log "$(cat /var/log/pods/pod/0.log)"

	reset
	api 13.1 'new unshared'
	run pods
	t_status "the bind is made, and the answer is an error" 3
	t_says "the copy is not removed" "/mnt/.ephemeral/._var_log_pods is not removed: it is mounted at /var/log/pods"
	t_is "the content is there" log "$(cat /var/log/pods/pod/0.log)"
}

prepare
none
before
after
old
refused
unanswered
t_done
