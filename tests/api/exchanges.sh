#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run the table tests/api/exchanges: what hosttune requests from the API, and how it
# handles the answers.
#
# usage: tests/api/exchanges.sh [PART-OF-A-NAME]      (default: all)
#
# A row begins with "== NAME". These lines may follow:
#   have JSON        the settings (default: {})
#   stub OPTION ARG  an option of the stub; "none": no stub and no socket
#   live PATH TEXT   a file below /proc/sys of the host (default: vm/swappiness 60)
#   file PATH TEXT   another file of the host
#   want YAML        a line of the profile, after "version: 1"
#   run COMMAND ARG  the command of hosttune (default: audit)
#   exit N           default: 0
#   asks WORDS       all requests, abbreviated; default: not checked
#   says TEXT        the output contains TEXT, apart from its lines;  hides TEXT: it does not
#   left PATH TEXT   content of that file below /proc/sys after the run
#   kept JQ TEXT     result of JQ on the stored settings after the run
#   pending TEXT     the open transactions after the run
#   weak KEY         after the run, this setting is one that an OS update drops;  strong KEY
# "#" begins a comment. Each row has its own host and stub, and rows run in parallel. No
# run may use more than 16 MiB of memory.
set -u
LC_ALL=C
export LC_ALL

B=$(cd "${B:-build}" && pwd) || exit 2
here=$(cd "$(dirname "$0")" && pwd)
peak_kib=24576 # of which 9 MiB are shared libraries
grep -q __asan_init "$B/hosttune" && peak_kib=
[ -x /usr/bin/time ] || peak_kib=

in_short() {
	sed -E 's/ [0-9]+ [0-9]+$//
		s/^PATCH .*tx=hosttune-[A-Za-z0-9]{16}$/PATCH/
		s/^POST .tx.commit_and_apply.tx=hosttune-[A-Za-z0-9]{16}$/COMMIT/
		s/^DELETE .tx.tx=hosttune-[A-Za-z0-9]{16}$/DELETE/
		s/^GET .tx.tx=hosttune-[A-Za-z0-9]{16}$/LOOK/
		s/^GET .tx.list$/LIST/; s/^GET .settings$/GET/; s/^GET .os$/OS/
		s/^GET .metadata.affected-services.keys=.*/SERVICES/' "$1" 2>/dev/null | xargs
}

# In the directory of a row: create the host and the profile, and start the stub.
prepare() {
	mkdir -p root/proc/sys/vm root/proc/sys/kernel
	echo 60 >root/proc/sys/vm/swappiness
	echo 6.12.0 >root/proc/sys/kernel/osrelease
	: >root/proc/modules
	echo 'version: 1' >profile.yaml
	echo '{}' >have.json
	none=
	set --
	while read -r key rest; do
		case $key in
		have) printf '%s\n' "$rest" >have.json ;;
		live | file)
			path=${rest%% *}
			[ "$key" = file ] || path=proc/sys/$path
			mkdir -p "root/$(dirname "$path")"
			printf '%b\n' "${rest#* }" >"root/$path"
			;;
		want) printf '%s\n' "$rest" >>profile.yaml ;;
		stub)
			[ "$rest" != none ] || none=1
			set -- "$@" "${rest%% *}"
			[ "$rest" = "${rest%% *}" ] || set -- "$@" "${rest#* }"
			;;
		esac
	done <spec
	[ -z "$none" ] || return 0
	(cd root && "$B/api-stub" --daemonize --pid-file ../pid --log ../log --save ../kept.json \
		--settings ../have.json "$@" ../sock) || echo "the stub does not start"
}

act() {
	args=$(sed -n 's/^run  *//p' spec)
	set -- timeout 60 "$B/hosttune" --root root --api-socket sock
	[ -z "$peak_kib" ] || set -- /usr/bin/time -q -f %M -o peak "$@"
	# shellcheck disable=SC2086 # words
	"$@" ${args:-audit} profile.yaml </dev/null >out 2>&1
	status=$?
	cp log asked 2>/dev/null
}

# Whether the setting is weak: the server makes no strong setting weak.
strength() {
	body=$(jq -c --arg key "${1#settings.}" '($key / ".") as $path | . as $all |
		null | setpath($path; $all | getpath($path))' kept.json)
	ask='curl -s -m 20 --unix-socket sock -o probe -w %{http_code}'
	$ask -X PATCH -H 'Content-Type: application/json' -d "$body" \
		'http://localhost/settings?tx=probe&strength=weak' >code
	case $(cat code)$($ask -X POST 'http://localhost/tx/commit?tx=probe') in
	204200) echo weak ;;
	204500) grep -q 'from strong to weak' probe && echo strong ;;
	*) cat code probe ;;
	esac
}

same() {
	[ "$2" = "$3" ] || printf '%s: expected: %s\n%s: got:      %s\n' "$1" "$2" "$1" "$3"
}

# Print each difference from the row.
compare() {
	same exit "$(sed -n 's/^exit  *//p' spec | grep . || echo 0)" "$status"
	while read -r key rest; do
		value=${rest#* }
		case $key in
		asks) same asks "$rest" "$(in_short asked)" ;;
		says) tr -s ' \n' ' ' <out | grep -qF -- "$rest" || echo "not printed: $rest" ;;
		hides) ! tr -s ' \n' ' ' <out | grep -qF -- "$rest" || echo "printed: $rest" ;;
		left) same "left ${rest%% *}" "$value" "$(cat "root/proc/sys/${rest%% *}")" ;;
		kept) same "kept ${rest%% *}" "$value" "$(jq -Src "${rest%% *}" kept.json 2>&1)" ;;
		weak | strong) same "the strength of $rest" "$key" "$(strength "$rest")" ;;
		pending) same pending "$rest" "$(curl -s -m 20 --unix-socket sock http://localhost/tx/list)" ;;
		have | stub | live | file | want | run | exit | '') ;;
		*) echo "unknown key: $key" ;;
		esac
	done <spec
	[ ! -s peak ] || [ "$(cat peak)" -le $peak_kib ] || echo "memory: $(cat peak) KiB"
}

one() {
	cd "$1" || exit
	prepare
	act
	compare >differs 2>&1
	[ ! -e pid ] || kill "$(cat pid)"
	if [ -s differs ]; then
		echo "not ok $(basename "$1" | sed "s,^0*,,") - $(cat name)"
		sed 's/^/# /' differs out
	else
		echo "ok $(basename "$1" | sed 's/^0*//') - $(cat name)"
	fi >result
}

if [ "${1:-}" = --one ]; then
	one "$2"
	exit
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-exchanges-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
awk -v work="$work" -v part="${1:-}" '
	/^== / {
		name = substr($0, 4)
		skip = part != "" && index(name, part) == 0
		if (skip) next
		dir = sprintf("%s/%03d", work, ++n)
		system("mkdir " dir)
		print name >(dir "/name")
		close(dir "/name")
		next
	}
	/^#/ || /^$/ || skip { next }
	{ print >(dir "/spec") }' "$here/exchanges"
find "$work" -mindepth 1 -maxdepth 1 | sort | B=$B xargs -P 16 -n 1 "$0" --one
cat "$work"/*/result
passed=$(cat "$work"/*/result | grep -c '^ok ')
failed=$(cat "$work"/*/result | grep -c '^not ok ')
echo "1..$((passed + failed))"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
