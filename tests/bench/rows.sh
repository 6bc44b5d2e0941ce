# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# What the sections of the bench share; source it. $out is where the results go:
#
#	$out/rows     a line for each measured program, fields with tabs: section, size, program,
#	              wall ms, CPU ms, ratio of CPU to the first program, its quartiles, peak KiB,
#	              system calls ("-": not counted)
#	$out/skipped  what was not measured, and why
#	$out/note     section and what it measures
: "${out:?}" "${work:?}" "${ROUNDS:?}" "${static:?}" "${ordinary:?}"

TAB=$(printf '\t')

# section NAME TEXT: begin a section.
section() {
	name=$1
	printf '%s\t%s\n' "$1" "$2" >>"$out/note"
	printf '\n%s: %s\n' "$1" "$2"
	printf '%8s  %-36s %9s %9s %7s %15s %7s %7s\n' size program wall_ms cpu_ms ratio quartiles KiB calls
}

# skip WHAT WHY: not measured.
skip() {
	printf '%s\t%s\t%s\n' "$name" "$1" "$2" >>"$out/skipped"
	printf '%8s  %s: %s\n' skipped "$1" "$2"
}

# calls COMMAND...: print how many system calls it makes, with its children.
calls() {
	if command -v strace >/dev/null && strace -f -qq -o "$work/trace" "$@" >/dev/null 2>&1 </dev/null || [ -s "$work/trace" ]; then
		grep -vc -e ' <unfinished ...>$' -e ' +++ ' -e ' --- ' "$work/trace"
	else
		echo -
	fi
	rm -f "$work/trace"
}

# contest SIZE "NAME" COMMAND... -- "NAME" COMMAND...: measure programs in turn; ratios are to the
# first. One that is missing or fails is skipped. EXIT_MAX, ROUNDS: see pair.c.
contest() {
	size=$1 words=''
	shift
	: >"$work/names"
	while [ $# -gt 0 ]; do
		what=$1 command=" '$(command -v "$2" || echo "$2")'" # pair searches no PATH
		shift 2
		while [ $# -gt 0 ] && [ "$1" != -- ]; do
			command="$command '$1'"
			shift
		done
		[ $# -eq 0 ] || shift
		once=${command%%" '--or'"*}
		# counted is the one that finds what the other has left, as in each measured round
		if eval "$once" >"$work/output" 2>&1 || [ $? -le "${EXIT_MAX:-0}" ]; then
			printf '%s\t%s\n' "$(eval "calls ${command##*" '--or'"}")" "$what" >>"$work/names"
			words="$words${words:+ --}$command"
		else
			skip "$what" "$(tail -n 1 "$work/output")"
		fi
	done
	eval "EXIT_MAX=${EXIT_MAX:-0} '$work/pair' '$ROUNDS' $words" >"$work/numbers" || return 1
	paste "$work/numbers" "$work/names" | while IFS="$TAB" read -r numbers count what; do
		echo "$numbers" | {
			read -r wall cpu ratio rss low high
			printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n" "$name" "$size" "$what" "$wall" "$cpu" \
				"$ratio" "$low" "$high" "$rss" "$count" >>"$out/rows"
			printf '%8s  %-36s %9s %9s %7s %15s %7s %7s\n' "$size" "$what" "$wall" "$cpu" "$ratio" \
				"$low to $high" "$rss" "$count"
		}
	done
}

# with_builds SIZE FLOOR... -- ARG...: the floor against both builds of hosttune with ARG...
with_builds() {
	size=$1 floor=''
	shift
	while [ "$1" != -- ]; do
		floor="$floor '$1'"
		shift
	done
	shift
	arguments=$(printf " '%s'" "$@")
	eval "contest '$size' $floor -- 'hosttune, static' '$static' $arguments -- 'hosttune, ordinary' '$ordinary' $arguments"
}

# tree KEYS [NAME]: a captured root, and a profile, with so many sysctls, of interfaces; NAME.yaml
# has 0 for each, NAME.other.yaml has 1, NAME.paths names the files. NAME is KEYS by default.
tree() {
	base=$work/${2:-$1}
	[ ! -e "$base.yaml" ] || return 0
	mkdir -p "$base/proc/sys/net/ipv4/conf"
	awk -v n="$1" -v root="$base" -v base="$base" '
	BEGIN {
		keys = split("accept_local accept_redirects arp_accept arp_announce arp_filter arp_ignore arp_notify " \
			"bootp_relay drop_gratuitous_arp forwarding log_martians promote_secondaries proxy_arp " \
			"proxy_arp_pvlan route_localnet tag secure_redirects send_redirects shared_media src_valid_mark", key)
		printf "version: 1\npersist: false\nsysctl:\n" >(base ".yaml")
		printf "version: 1\npersist: false\nsysctl:\n" >(base ".other.yaml")
		for (i = 0; i < n; i++) {
			dir = "net/ipv4/conf/eth" int(i / keys)
			path = root "/proc/sys/" dir
			if (i % keys == 0)
				system("mkdir " path)
			path = path "/" key[i % keys + 1]
			print path >(base ".paths")
			print "0" >path
			close(path)
			gsub("/", ".", dir)
			printf "  %s.%s: 0\n", dir, key[i % keys + 1] >(base ".yaml")
			printf "  %s.%s: 1\n", dir, key[i % keys + 1] >(base ".other.yaml")
		}
	}'
}
