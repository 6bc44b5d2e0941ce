#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh: compare the cost of hosttune with programs that do the same or nothing, and its
# cost for each key of a large profile with that of a small one. No absolute time fails; a
# ratio above RATIO_MAX does. ROUNDS=n sets the number of runs of each.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}" "${ROUNDS:=200}"
SYSTEMD_SYSCTL=/lib/systemd/systemd-sysctl
WANTED=30
SMALL=1000 LARGE=10000 # keys of profiles; more than 1 MiB of text is not read
RATIO_MAX=1.3

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

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
	out=$1 source=$2
	shift 2
	# shellcheck disable=SC2086 # CC may contain options
	$CC -std=gnu11 -D_GNU_SOURCE -O2 "$@" -o "$work/$out" "tests/bench/$source.c"
}

# Write the first $WANTED keys of this kernel to the files of each program, with their
# current values: all are in sync, and a peer's writes change nothing.
generate() {
	printf 'version: 1\nname: bench\nsysctl:\n' >"$work/profile.yaml"
	: >"$work/sysctl.conf"
	: >"$work/paths"
	n=0
	for key in $KEYS; do
		path=/proc/sys/$(echo "$key" | tr . /)
		[ "$n" -lt "$WANTED" ] || break
		[ "$(find "$path" -perm -200 -readable 2>/dev/null)" ] || continue
		value=$(cat "$path")
		n=$((n + 1))
		echo "$path" >>"$work/paths"
		echo "$key = $value" >>"$work/sysctl.conf"
		echo "  $key: $value" | sed '/[0-9]\t/{s/\t/, /g;s/: \(.*\)/: [\1]/;}' \
			>>"$work/profile.yaml"
	done
}

# Print a table: contest "NAME" COMMAND... -- "NAME" COMMAND... ; ratios are to the first
# command. A command that fails here is reported and skipped.
contest() {
	: >"$work/names"
	words='' # arguments of pair, quoted for sh
	while [ $# -gt 0 ]; do
		name=$1 command=" '$(command -v "$2" || echo "$2")'" # pair searches no PATH
		shift 2
		while [ $# -gt 0 ] && [ "$1" != -- ]; do
			command="$command '$1'"
			shift
		done
		[ $# -eq 0 ] || shift
		if eval "$command" >"$work/output" 2>&1; then
			echo "$name" >>"$work/names"
			words="$words${words:+ --}$command"
		else
			echo "skipped: $name: $(tail -n 1 "$work/output")"
		fi
	done
	eval "'$work/pair' '$ROUNDS' $words" >"$work/numbers"
	printf '%-36s %9s %9s %15s %8s\n' what median_ms cpu_ms ratio_to_floor rss_kib
	paste -d ' ' "$work/numbers" "$work/names" | while read -r wall cpu ratio rss name; do
		printf '%-36s %9s %9s %15s %8s\n' "$name" "$wall" "$cpu" "$ratio" "$rss"
	done
}

# debian NAME PACKAGE...: print a row of the table of sizes. Nothing is downloaded.
debian() {
	name=$1
	shift
	: >"$work/status" # as if nothing was installed
	apt-get -qq --print-uris --no-install-recommends -o Dir::State::status="$work/status" install "$@" 2>&1 |
		awk -v name="$name" '$3 ~ /^[0-9]+$/ { bytes += $3; n++ }
			END { if (n) printf "%-36s %9d %9d\n", name, bytes, n; else print "skipped: " name ": " $0 }'
}

# Write profiles with one, $SMALL and $LARGE keys or names, and a root where all keys are in
# sync.
generate_large() {
	mkdir -p "$work/root/proc/sys/bench"
	i=0
	while [ "$i" -lt "$LARGE" ]; do
		i=$((i + 1))
		echo 1 >"$work/root/proc/sys/bench/key$i"
		case $i in 1 | "$SMALL" | "$LARGE")
			{
				printf 'version: 1\nname: bench\nsysctl:\n'
				seq -f '  bench.key%.0f: 1' 1 "$i"
			} >"$work/keys$i.yaml"
			{
				printf 'version: 1\nmodules:\n'
				seq -f '  - module%.0f' 1 "$i"
			} >"$work/names$i.yaml" ;;
		esac
	done
}

# linear NAME ARG...: print time and memory of `hosttune ARG...` for each key. "%" in an ARG
# stands for the number of keys. The cost of a profile with one key is subtracted.
linear() {
	name=$1
	shift
	words=''
	for keys in 1 "$SMALL" "$LARGE"; do
		words="$words${words:+ --} '$hosttune' $(printf "'%s' " "$@" | sed "s|%|$keys|g")"
	done
	eval "'$work/pair' '$((ROUNDS / 10 + 1))' $words" >"$work/numbers"
	awk -v name="$name" -v small="$SMALL" -v large="$LARGE" -v max="$RATIO_MAX" '
	{ cpu[NR] = $2; rss[NR] = $4 }
	END {
		us[2] = (cpu[2] - cpu[1]) * 1000 / (small - 1)
		us[3] = (cpu[3] - cpu[1]) * 1000 / (large - 1)
		bytes[2] = (rss[2] - rss[1]) * 1024 / (small - 1)
		bytes[3] = (rss[3] - rss[1]) * 1024 / (large - 1)
		time = us[3] / us[2]
		memory = bytes[3] / bytes[2]
		bad = time > max || memory > max
		printf "%-36s %9.2f %9.2f %9.2f %8.0f %8.0f %9.2f%s\n", name, us[2], us[3], time,
			bytes[2], bytes[3], memory, bad ? "  MORE THAN " max : ""
		exit bad
	}' "$work/numbers" || failed=1
}

build pair pair -static
build floor floor -static
build floor-dynamic floor
hosttune=$(realpath -e "$B/hosttune") || exit 1

static=$PWD/$B/static/$(dpkg --print-architecture)/hosttune # skipped if it is not built

echo "start-up ($ROUNDS runs of each in turn)"
contest "empty program, static (floor)" "$work/floor" \
	-- "empty program, dynamic" "$work/floor-dynamic" \
	-- "hosttune --version" "$hosttune" --version \
	-- "hosttune --version, make static" "$static" --version \
	-- "bash -c :" bash -c : \
	-- "curl --version" curl --version \
	-- "python3 -c pass" python3 -c pass \
	-- "tuned-adm --version" tuned-adm --version

echo
echo "what a node pulls: compressed bytes, and packages of Debian with all that they need"
printf '%-36s %9s %9s\n' what bytes packages
image=$B/image/oci/blobs/sha256
if [ -d "$image" ]; then
	printf '%-36s %9s %9s\n' "make image" "$(find "$image" -size +200k -printf '%s\n' | sort -n | tail -n 1)" -
else
	echo "skipped: make image: not built"
fi
debian "hosttune's libraries, mkfs.xfs, mdadm" libarchive13 libblkid1 libcurl4 libjansson4 libkmod2 libmnl0 \
	libmount1 libyaml-0-2 mdadm xfsprogs
debian "bash, curl, coreutils" bash coreutils curl
debian "python3 and TuneD" tuned

generate
echo
echo "audit of $n sysctls that are in sync"
set -- "hosttune audit" "$hosttune" --no-api audit "$work/profile.yaml"
for peer in sysctl $SYSTEMD_SYSCTL; do
	if ! path=$(command -v "$peer"); then
		echo "skipped: $peer: not installed"
	elif [ "$(id -u)" != 0 ]; then
		echo "skipped: $peer: it opens the keys for writing, which needs root"
	elif [ "$peer" = sysctl ]; then
		set -- "$@" -- "sysctl -p (writes)" "$path" -p "$work/sysctl.conf"
	else
		set -- "$@" -- "systemd-sysctl (reads, compares)" "$path" "$work/sysctl.conf"
	fi
done
# shellcheck disable=SC2046 # a list of paths without spaces
contest "open, read, close (floor)" "$work/floor" $(cat "$work/paths") -- "$@"

echo
echo "audit of what a capture of this machine finds, here and from a bundle"
"$hosttune" capture >"$work/now.yaml" 2>/dev/null
"$hosttune" collect "$work/node.tar.zst" >/dev/null
"$hosttune" collect "$work/node" >/dev/null
contest "hosttune audit" "$hosttune" audit "$work/now.yaml" \
	-- "--bundle FILE.tar.zst" "$hosttune" audit --bundle "$work/node.tar.zst" "$work/now.yaml" \
	-- "--bundle DIRECTORY" "$hosttune" audit --bundle "$work/node" "$work/now.yaml"

generate_large
failed=0
echo
echo "for each key: processor time in us and peak memory in bytes, of $SMALL and $LARGE keys"
printf '%-36s %9s %9s %9s %8s %8s %9s\n' what "us $SMALL" "us $LARGE" ratio "B $SMALL" "B $LARGE" ratio
set -- --no-api --root "$work/root"
many=$work/keys%.yaml names=$work/names%.yaml
linear "parse and check (validate)" validate "$many"
linear "plan (audit of a root)" "$@" audit "$many"
linear "plan, as JSON" "$@" -o json audit "$many"
linear "show" "$@" show "$many"
linear "merge (show of it twice)" "$@" show "$many" "$many"
linear "merge of names (modules)" "$@" show "$names" "$names"
linear "capture" "$@" capture "$many"
[ "$failed" = 0 ] || echo "ratio above $RATIO_MAX: cost for each of $LARGE keys to that for each of $SMALL"
exit "$failed"
