# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# Sections of the bench that compare programs on this machine; bench.sh sources it.
: "${work:?}" "${static:?}" "${ordinary:?}" "${goss:?}"

# Values that can be written back without a change.
KEYS='fs.aio-max-nr fs.file-max fs.inotify.max_queued_events fs.inotify.max_user_instances
	fs.inotify.max_user_watches fs.nr_open fs.pipe-max-size fs.protected_hardlinks
	fs.protected_symlinks fs.suid_dumpable kernel.panic kernel.panic_on_oops
	kernel.pid_max kernel.printk kernel.threads-max net.core.netdev_budget
	net.core.netdev_max_backlog net.core.optmem_max net.core.rmem_default
	net.core.rmem_max net.core.somaxconn net.core.wmem_default net.core.wmem_max
	net.ipv4.ip_local_port_range net.ipv4.tcp_fin_timeout
	net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes
	net.ipv4.tcp_keepalive_time net.ipv4.tcp_max_syn_backlog
	net.ipv4.tcp_mtu_probing net.ipv4.tcp_rmem net.ipv4.tcp_sack
	net.ipv4.tcp_slow_start_after_idle net.ipv4.tcp_syncookies
	net.ipv4.tcp_timestamps net.ipv4.tcp_tw_reuse net.ipv4.tcp_window_scaling
	net.ipv4.tcp_wmem vm.dirty_background_ratio vm.dirty_expire_centisecs
	vm.dirty_ratio vm.dirty_writeback_centisecs vm.max_map_count vm.page-cluster
	vm.swappiness vm.vfs_cache_pressure'
WANTED=30

# Write the first $WANTED keys of this kernel to the files of each program, with their current
# values: all are in sync, and a peer's writes change nothing.
live_keys() {
	printf 'version: 1\nsysctl:\n' >"$work/live.yaml"
	echo kernel-param: >"$work/goss.yaml"
	printf '[main]\nsummary=bench\n[sysctl]\n' >"$work/tuned.conf"
	: >"$work/sysctl.conf"
	: >"$work/live.paths"
	n=0
	for key in $KEYS; do
		path=/proc/sys/$(echo "$key" | tr . /)
		[ "$n" -lt "$WANTED" ] || break
		[ "$(find "$path" -perm -200 -readable 2>/dev/null)" ] || continue
		value=$(cat "$path")
		n=$((n + 1))
		echo "$path" >>"$work/live.paths"
		echo "$key = $value" | tee -a "$work/sysctl.conf" >>"$work/tuned.conf"
		printf '  %s: {value: "%s"}\n' "$key" "$(echo "$value" | sed 's/\t/\\t/g')" >>"$work/goss.yaml"
		echo "  $key: $value" | sed '/[0-9]\t/{s/\t/, /g;s/: \(.*\)/: [\1]/;}' >>"$work/live.yaml"
	done
}

bench_start() {
	section start "a program that does nothing, and --version of others"
	contest 1 "empty program, static" "$work/floor" \
		-- "empty program, dynamic" "$work/floor-dynamic" \
		-- "hosttune, static" "$static" --version -- "hosttune, ordinary" "$ordinary" --version \
		-- "bash -c :" bash -c : -- curl curl --version -- goss "$goss" help -- "python3 -c pass" /usr/bin/python3 -c pass
}

bench_audit() {
	section audit "$WANTED sysctls of this machine that are in sync; sysctl -p and TuneD write them again"
	set -- "open, read, close" "$work/floor" -@ "$work/live.paths" \
		-- "hosttune, static" "$static" --no-api audit "$work/live.yaml" \
		-- "hosttune, ordinary" "$ordinary" --no-api audit "$work/live.yaml"
	if [ "$(id -u)" = 0 ]; then
		set -- "$@" -- "sysctl -p" sysctl -p "$work/sysctl.conf" \
			-- systemd-sysctl /lib/systemd/systemd-sysctl "$work/sysctl.conf"
	else
		skip "sysctl -p, systemd-sysctl" "they open the keys for writing, which needs root"
	fi
	contest "$n" "$@" -- goss "$goss" -g "$work/goss.yaml" validate
	ROUNDS=$((ROUNDS / 10 + 1)) contest "$n" "open, read, close" "$work/floor" -@ "$work/live.paths" \
		-- "TuneD, one shot" "$work/tuned"
}

bench_tree() {
	section tree "the audit of a captured tree in which all sysctls are in sync"
	for keys in 30 300 3000; do
		tree $keys
		with_builds $keys "open, read, close" "$work/floor" -@ "$work/$keys.paths" \
			-- --no-api --root "$work/$keys" audit "$work/$keys.yaml"
	done
}

# Each program has its own tree: what one wrote, the next one would find in sync.
bench_apply() {
	section apply "all sysctls of a captured tree differ; with reading back, the final observation, and a journal"
	for keys in 30 300 3000; do
		tree $keys "floor$keys"
		set -- "write, read" "$work/floor" -w 1 -@ "$work/floor$keys.paths" --or "$work/floor" -w 0 -@ "$work/floor$keys.paths"
		for build in static ordinary; do
			case $build in static) program=$static ;; *) program=$ordinary ;; esac
			own=$build$keys
			tree $keys "$own"
			at="--no-api --root $work/$own --state-dir $work/$own.state"
			# shellcheck disable=SC2086 # a list of words
			set -- "$@" -- "hosttune, $build" "$program" apply $at "$work/$own.other.yaml" \
				--or "$program" apply $at "$work/$own.yaml"
		done
		contest $keys "$@"
	done
}

bench_validate() {
	section validate "parse and check a profile"
	for keys in 30 300 3000; do
		tree $keys
		with_builds $keys "read the file" "$work/floor" "$work/$keys.yaml" -- validate "$work/$keys.yaml"
	done
}

bench_plan() {
	section plan "a profile of many sysctls that the kernel does not have"
	for keys in 1000 10000; do
		{
			printf 'version: 1\nsysctl:\n'
			seq -f '  bench.key%.0f: {value: 1, optional: true}' 1 "$keys"
		} >"$work/plan$keys.yaml"
		mkdir -p "$work/none/proc/sys"
		ROUNDS=$((ROUNDS / 10 + 1)) with_builds "$keys" "read the file" "$work/floor" "$work/plan$keys.yaml" \
			-- --no-api --root "$work/none" audit "$work/plan$keys.yaml"
	done
}
